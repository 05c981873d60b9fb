import { causesOf, type Finding, missingFile } from '../faults/store-fault.js';
import { type Endpoint, tlsFault } from '../faults/tls-fault.js';

const DEFAULT_PORT = 2113;
/** Statuses of gRPC: https://grpc.io/docs/guides/status-codes/ */
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;
/** The client's own types for both of them, and for an append without the right to it. */
const ACCESS_DENIED = 'access-denied';

/** A file that the connection string names and that can't be read; the client does not say which one. */
export const eventStoreDbFile = (url: string): Finding | undefined => missingFile(partsOf(url).files);

/** Why an EventStoreDB can't be used, given the error of a trial. */
export async function eventStoreDbFault(url: string, error: unknown): Promise<Finding> {
  const { endpoints, user, tls, caFile } = partsOf(url);
  const known = eventStoreDbFile(url) ?? accessFault(error, user, tls);
  if (known !== undefined) return known;
  return (await tlsFault(endpoints, { tls, caFile, option: 'tls' })) ?? away(endpoints, error);
}

function accessFault(error: unknown, user: string | undefined, tls: boolean): Finding | undefined {
  const statuses = causesOf(error).map((cause) => cause as { code?: unknown; type?: unknown });
  if (statuses.some(({ code }) => code === UNAUTHENTICATED))
    return {
      cause: 'the event store does not know this user by this password',
      remedy: 'Correct them; special characters must be percent-encoded.',
      passes: false,
    };
  if (!statuses.some(({ code, type }) => code === PERMISSION_DENIED || type === ACCESS_DENIED)) return undefined;
  const denied = 'read the log ($all) and append to streams';
  if (user !== undefined && !tls)
    return {
      cause: `the event store lets only users it knows ${denied}, and with tls=false the client names it none`,
      remedy: 'Use TLS.',
      passes: false,
    };
  return {
    cause:
      user === undefined
        ? `the event store lets only users it knows ${denied}, and the connection string names none`
        : `the event store does not let this user ${denied}`,
    remedy: 'docs/operating.md, "A user for the event store", says how to make one who may.',
    passes: false,
  };
}

function away(endpoints: readonly Endpoint[], error: unknown): Finding {
  const hosts = endpoints.map(({ host, port }) => `${host}:${port}`).join(', ');
  const innermost = causesOf(error).find(({ message }) => message !== '');
  const reason = innermost?.message.replace(/^the event store can't be reached: /, '') ?? String(error);
  return {
    cause: `no event store can be used at ${hosts} (${reason})`,
    remedy: 'Start it, or correct the address.',
    passes: true,
  };
}

interface Parts {
  readonly endpoints: readonly Endpoint[];
  readonly user: string | undefined;
  readonly tls: boolean;
  readonly caFile: string | undefined;
  readonly files: readonly string[];
}

const FILES = ['tlscafile', 'usercertfile', 'userkeyfile'];

/** What of a connection string is needed here. */
function partsOf(url: string): Parts {
  const [, user, hosts = '', query = ''] =
    /^esdb(?:\+discover)?:\/\/(?:([^:]+):[^@]+@)?([^/?]*)\/?\??(.*)$/.exec(url.trim()) ?? [];
  const options = new Map(
    query.split(/[?&]/).map((option) => {
      const [name = '', value = ''] = option.split('=');
      return [name.trim().toLowerCase().replaceAll(/[_-]/g, ''), decodeURIComponent(value.trim())] as const;
    }),
  );
  const endpoints = hosts.split(',').map((each) => {
    const [, host = each, port] = /^(.*?)(?::(\d+))?$/.exec(each) ?? [];
    return { host, port: port === undefined ? DEFAULT_PORT : Number(port) };
  });
  const tls = options.get('tls') !== 'false';
  const files = tls ? FILES.flatMap((name) => options.get(name) ?? []) : [];
  return { endpoints, user, tls, caFile: options.get('tlscafile'), files };
}
