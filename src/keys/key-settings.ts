// Checks the settings that people give a key, names every fault, and matches addresses against its list.
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { type KeyChange, type KeySettings, keySettings } from '../ledger/index.js';
import type { Catalogue } from '../pricing/index.js';

const schema = z.strictObject(keySettings).partial();
const BUDGETS = ['budgetDaily', 'budgetWeekly', 'budgetMonthly', 'budgetTotal'] as const;

/** Every fault of new settings, as sentences. Existing settings are not checked: they may have become invalid since. */
export function checkSettings(given: KeyChange, catalogue: Catalogue, now: number): string[] {
  const entries = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  const result = schema.safeParse(Object.fromEntries(entries));
  const shape = result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`);
  const negative = BUDGETS.filter((budget) => given[budget]?.startsWith?.('-'));
  const addresses = (given.allowedIps ?? []).filter((entry) => !isAddressRange(entry));
  const models = (given.allowedModels ?? []).filter((name) => catalogue.find(name) === undefined);
  const isOver = typeof given.expiresAt === 'string' && Date.parse(given.expiresAt) <= now;
  return [
    ...shape,
    ...negative.map((budget) => `${budget}: must not be negative.`),
    ...addresses.map((entry) => `allowedIps: "${entry}" is neither an IP address nor a CIDR range.`),
    ...models.map(
      (name) => `There is no model "${name}" that it could be allowed; GET /v1/models lists those there are.`,
    ),
    ...(isOver ? [`Its expiry, ${given.expiresAt}, is over already.`] : []),
  ];
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

/** Whether a key may be used from an IP address. */
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
