import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8); // RFC 1122, section 3.2.1.3
LOOPBACK.addAddress('::1', 'ipv6'); // RFC 4291, section 2.5.3
/** Names that always resolve to this machine (RFC 6761, section 6.3). */
const LOCAL_NAME = /^(?:.+\.)?localhost\.?$/i;

/** Whether a host, an address or name as written in a URL, can only be the machine itself. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  return version === 0 ? LOCAL_NAME.test(address) : LOOPBACK.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
