import type { Config } from '../../platform/config.js';

/** From now on, what this process fetches leaves through the proxy, if there is one. Without one, nothing is loaded for it. */
export async function fetchThroughProxy(config: Pick<Config, 'HTTPS_PROXY' | 'NO_PROXY'>): Promise<void> {
  if (config.HTTPS_PROXY !== undefined) (await import('./outgoing-agent.js')).fetchByOutgoingAgent(config);
}
