// The way out of a network that only a proxy may leave (HTTPS_PROXY): a connection to an `https:` address is a tunnel through it (RFC 9110, section
// 9.3.6), so the proxy learns the host and no more. Addresses with `http:` are on this machine or beside it, and are reached directly.
import { Agent, buildConnector, EnvHttpProxyAgent, errors, Pool, setGlobalDispatcher } from 'undici';
import type { Config } from '../../platform/config.js';
import { sharedLookup } from './shared-lookup.js';

type Connector = buildConnector.connector;
type Settings = Pick<Config, 'HTTPS_PROXY' | 'NO_PROXY'>;

interface Options extends Omit<Agent.Options, 'factory' | 'connect'> {
  /** Longest wait for a connection; through a proxy, each for the way to it, for the tunnel and for what is at its end. */
  readonly connectTimeout: number;
}

const FETCH_CONNECTS_WITHIN_MS = 10_000;

/** From now on, what this process fetches leaves by such an agent. */
export const fetchByOutgoingAgent = (settings: Settings): void =>
  setGlobalDispatcher(outgoingAgent(settings, { connectTimeout: FETCH_CONNECTS_WITHIN_MS }));

/** What sends requests, through the proxy if there is one. @param refine Changes how each of its connections is opened. */
export function outgoingAgent(
  { HTTPS_PROXY, NO_PROXY = '' }: Settings,
  options: Options,
  refine = (connect: Connector): Connector => connect,
): Agent | EnvHttpProxyAgent {
  const { connectTimeout } = options;
  const direct = refine(buildConnector({ timeout: connectTimeout, lookup: sharedLookup }));
  if (HTTPS_PROXY === undefined) return new Agent({ ...options, connect: direct });
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: '',
    httpsProxy: HTTPS_PROXY,
    noProxy: NO_PROXY,
    clientFactory: (proxy, way) => new Pool(proxy, { ...way, headersTimeout: connectTimeout }),
    factory: (origin, { connect, ...way }: Pool.Options) =>
      new Pool(origin, { ...way, connect: typeof connect === 'function' ? refine(tunnel(connect)) : direct }),
  });
}

/** A proxy that does not open a tunnel in time has opened no connection. */
const tunnel =
  (connect: Connector): Connector =>
  (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error === null) return callback(null, socket);
      callback(
        error instanceof errors.HeadersTimeoutError ? new errors.ConnectTimeoutError(error.message) : error,
        null,
      );
    });
