// The settings of a key that people give: checked whole, every fault named, and the address list in the form sockets use.
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { type KeySettings, keySettings } from '../ledger/index.js';

const schema = z.strictObject(keySettings);

/** Every fault of the settings, as sentences; none when they can be used. */
export function checkSettings(settings: KeySettings): string[] {
  const result = schema.safeParse(settings);
  const shape = result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`);
  const addresses = (settings.allowedIps ?? []).filter((entry) => !isAddressRange(entry));
  return [...shape, ...addresses.map((entry) => `allowedIps: "${entry}" is neither an IP address nor a CIDR range.`)];
}

function isAddressRange(entry: string): boolean {
  try {
    addTo(new BlockList(), entry);
    return true;
  } catch {
    return false;
  }
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', prefix, ...more] = entry.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (prefix === undefined) return list.addAddress(address, family);
  if (!/^\d{1,3}$/.test(prefix) || more.length > 0) throw new RangeError(`"${prefix}" is not a prefix length`);
  list.addSubnet(address, Number(prefix), family);
}

const lists = new WeakMap<KeySettings, BlockList>();

/** Whether a key may be used from an address. */
export function isAddressAllowed(settings: KeySettings, address: string): boolean {
  if (settings.allowedIps === undefined) return true;
  let list = lists.get(settings);
  if (list === undefined) {
    list = new BlockList();
    for (const entry of settings.allowedIps) addTo(list, entry);
    lists.set(settings, list);
  }
  // A dual-stack socket reports IPv4 peers as ::ffff:a.b.c.d.
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}
