// Finds out by a connection of its own what is wrong with TLS to a server. The errors of clients differ, and some of them say nothing.
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
  /** The PEM file of the certificate authority that the connection string names, if any. */
  readonly caFile?: string | undefined;
  /** How to turn TLS on and off in the connection string. */
  readonly option: string;
}

const TRIAL_MS = 2_000;

type Trial = 'nobody' | 'silent' | 'plain' | 'trusted' | { readonly untrusted: string };

/** Undefined when TLS is not the fault, and when no server answers. */
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
      cause: `the connection string asks for TLS, but the server at ${where} does not speak it`,
      remedy: `Turn TLS on at the server or, in a network that nobody else can reach, turn it off here (${option}=false).`,
      passes: false,
    };
  if (!tls)
    return {
      cause: `the server at ${where} speaks TLS, but the connection string does not ask for it`,
      remedy: `Add ${option}=true.`,
      passes: false,
    };
  if (trial === 'trusted') return undefined;
  const authority = caFile === undefined ? "this system's own authorities" : `the authority of ${caFile}`;
  return {
    cause: `the certificate of the server at ${where} is not accepted by ${authority} (${trial.untrusted})`,
    remedy:
      'Name the file of the authority that signed it, address the server by a name in the certificate, or renew it.',
    passes: false,
  };
}

/** A proxy whose server is not there yet may accept the connection and stay silent: that is no fault of TLS. */
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
      rejectUnauthorized: false, // the check is what we are here to report
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
