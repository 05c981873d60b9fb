import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import type { Config } from '../../platform/config.js';

/**
 * How long one address of a host is tried before the next one. Node gives an address up after 250 ms, and with the last one the connection: then no
 * host with an IPv6 address can be reached from a network without IPv6 that is far away, or loses the first packet, which is sent again after
 * a second (ccxt/ccxt#30316; RFC 6298, section 2.1).
 */
const ONE_ADDRESS_MS = 1_500;

/**
 * From now on, what this process fetches leaves through the proxy, if there is one, and its connections are given time. Without a proxy, nothing is
 * loaded for it.
 */
export async function prepareOutgoing(config: Pick<Config, 'HTTPS_PROXY' | 'NO_PROXY'>): Promise<void> {
  setDefaultAutoSelectFamilyAttemptTimeout(ONE_ADDRESS_MS);
  if (config.HTTPS_PROXY !== undefined) (await import('./outgoing-agent.js')).fetchByOutgoingAgent(config);
}
