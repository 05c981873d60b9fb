// What is wrong with TLS between us and a server, found out by trying: what clients say of it differs, and some say nothing.
import { readFileSync } from 'node:fs';
import { connect, isIP } from 'node:net';
import { connect as secure } from 'node:tls';
import type { Finding } from './store-fault.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface TlsTrial {
  /** Whether the connection string asks for TLS. */
  readonly tls: boolean;
  /** The authority that the connection string names, if any: a file in PEM. */
  readonly caFile?: string | undefined;
  /** How to turn TLS on and off in the connection string. */
  readonly option: string;
}

const TRIAL_MS = 2_000;

type Trial = 'nobody' | 'silent' | 'plain' | 'trusted' | { readonly untrusted: string };

/** Undefined where TLS is not what is wrong: also where nobody is there to say. */
export async function tlsFault(endpoints: readonly Endpoint[], settings: TlsTrial): Promise<Finding | undefined> {
  const trials = await Promise.all(
    endpoints.map(async (endpoint) => ({ endpoint, trial: await tried(endpoint, settings) })),
  );
  const right = settings.tls ? 'trusted' : 'plain';
  if (trials.some(({ trial }) => trial === right)) return undefined;
  for (const { endpoint, trial } of trials) {
    const finding = findingOf(`${endpoint.host}:${endpoint.port}`, trial, settings);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function findingOf(where: string, trial: Trial, { tls, caFile, option }: TlsTrial): Finding | undefined {
  if (trial === 'nobody' || trial === 'silent') return undefined;
  if (trial === 'plain')
    return {
      cause: `the connection string asks for TLS, and the server at ${where} does not speak it`,
      remedy: `Turn TLS on at the server, or off here (${option}=false) in a network that nobody else can reach.`,
      passes: false,
    };
  if (!tls)
    return {
      cause: `the server at ${where} speaks TLS, and the connection string does not`,
      remedy: `Add ${option}=true.`,
      passes: false,
    };
  if (trial === 'trusted') return undefined;
  const authority = caFile === undefined ? "this system's own authorities" : `the authority of ${caFile}`;
  return {
    cause: `the certificate of the server at ${where} is not accepted by ${authority} (${trial.untrusted})`,
    remedy: 'Name the file of the authority that signed it, call the server by a name that is in it, or renew it.',
    passes: false,
  };
}

/** Who accepts a connection may be a proxy whose server is not there yet: it says nothing, and that is no finding. */
async function tried(endpoint: Endpoint, { caFile }: TlsTrial): Promise<Trial> {
  if (!(await isThere(endpoint))) return 'nobody';
  const { host, port } = endpoint;
  const name = host.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = secure({
      host: name,
      port,
      ...(isIP(name) === 0 && { servername: name }),
      ...(caFile !== undefined && { ca: readFileSync(caFile) }),
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false, // it is only asked who it is
      timeout: TRIAL_MS,
    });
    const end = (trial: Trial): void => {
      socket.destroy();
      resolve(trial);
    };
    socket.on('secureConnect', () => {
      const { authorized, authorizationError: error } = socket;
      const code = (error as NodeJS.ErrnoException | undefined)?.code;
      end(authorized ? 'trusted' : { untrusted: code ?? String(error) });
    });
    socket.on('timeout', () => end('silent'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      end(code?.startsWith('ERR_SSL') || code === 'EPROTO' ? 'plain' : 'silent'),
    );
    socket.on('close', () => end('silent'));
  });
}

const isThere = ({ host, port }: Endpoint): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port, timeout: TRIAL_MS });
    const end = (there: boolean): void => {
      socket.destroy();
      resolve(there);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
