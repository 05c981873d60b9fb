import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { EventLog } from './event-log.js';

type Action = 'read' | 'write';

/** What the server grants where nothing is set: `$userStreamAcl` and `$systemStreamAcl` of "User authorization" in its docs. */
const everything = (role: string) => ({ $r: role, $w: role, $mr: role, $mw: role });
const DEFAULTS = { $userStreamAcl: everything('$all'), $systemStreamAcl: everything('$admins') };

interface StandInUser {
  readonly password: string;
  readonly admin?: boolean;
}

/** Somebody who calls, or nobody. */
export type Caller = { readonly name: string } | 'nobody';

/**
 * Who may do what, as LegacyStreamPermissionAssertion.cs of EventStore/EventStore has it: by the metadata of the stream (`$$$all` for the log),
 * else by `$settings`, else by default; administrators may all. As long as there are no users, nobody is asked who calls: as a server that
 * is `--insecure`.
 */
export class Users extends Map<string, StandInUser> {
  constructor(private readonly log: EventLog) {
    super();
  }

  /** Undefined for somebody by a wrong password. */
  of(metadata: Metadata): Caller | undefined {
    const [header] = metadata.get('authorization');
    if (this.size === 0 || header === undefined) return 'nobody';
    const [name = '', password] = Buffer.from(String(header).replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    return this.get(name)?.password === password ? { name } : undefined;
  }

  may(caller: Caller, action: Action, of: string): boolean {
    if (this.size === 0) return true;
    if (caller === 'nobody') return false; // streams are for those it knows, by default since 23.10
    if (this.isAdmin(caller)) return true;
    const settings = { ...DEFAULTS, ...this.#newest('$settings') };
    const isMetadata = of.startsWith('$$');
    const stream = isMetadata ? of.slice(2) : of;
    const { $acl } = this.#newest(`$$${stream}`) as { $acl?: Record<string, unknown> };
    const fallback = stream.startsWith('$') ? settings.$systemStreamAcl : settings.$userStreamAcl;
    const key = action === 'read' ? (isMetadata ? '$mr' : '$r') : isMetadata ? '$mw' : '$w';
    const roles = [$acl?.[key] ?? fallback[key]].flat();
    return roles.includes('$all') || roles.includes(caller.name);
  }

  isAdmin(caller: Caller | undefined): boolean {
    if (this.size === 0) return true;
    return typeof caller === 'object' && this.get(caller.name)?.admin === true;
  }

  #newest(stream: string): Record<string, unknown> {
    const event = this.log.readStream(stream)?.at(-1);
    return event === undefined ? {} : (JSON.parse(new TextDecoder().decode(event.data)) as Record<string, unknown>);
  }
}

/** Seen on a real 23.10: for a wrong password. */
export const unauthenticated = (): Partial<ServiceError> => ({
  code: status.UNAUTHENTICATED,
  details: 'Received HTTP status code 401',
});

/** Seen on a real 23.10: where no user was named. RpcExceptions.AccessDenied of EventStore/EventStore. */
export const accessDenied = (): Partial<ServiceError> =>
  refusal(status.PERMISSION_DENIED, 'Access Denied', 'access-denied');

/** RpcExceptions.LoginConflict there. */
export function loginConflict(name: string): Partial<ServiceError> {
  const error = refusal(status.FAILED_PRECONDITION, 'Conflict.', 'user-conflict');
  error.metadata?.set('login-name', name);
  return error;
}

function refusal(code: status, details: string, exception: string): Partial<ServiceError> {
  const metadata = new Metadata();
  metadata.set('exception', exception);
  return { code, details, metadata };
}
