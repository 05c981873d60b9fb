import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

export interface StandInUser {
  readonly password: string;
  /** May read the log of all streams, `$all`. */
  readonly readsAll: boolean;
  /** May append to streams, and read one. */
  readonly usesStreams: boolean;
}

const NOBODY: StandInUser = { password: '', readsAll: false, usesStreams: false };
const ANYBODY: StandInUser = { password: '', readsAll: true, usesStreams: true };

/** Who may do what. As long as there are none, nobody is asked who calls: as a server that is `--insecure`. */
export class Users extends Map<string, StandInUser> {
  /** Who calls; undefined when that is somebody by a wrong password. */
  of(metadata: Metadata): StandInUser | undefined {
    if (this.size === 0) return ANYBODY;
    const [header] = metadata.get('authorization');
    if (header === undefined) return NOBODY;
    const [name = '', password] = Buffer.from(String(header).replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    const user = this.get(name);
    return user?.password === password ? user : undefined;
  }
}

/** Seen on a real 23.10: for a wrong password. */
export const unauthenticated = (): Partial<ServiceError> => ({
  code: status.UNAUTHENTICATED,
  details: 'Received HTTP status code 401',
});

/** Seen on a real 23.10: where no user was named. RpcExceptions.AccessDenied of EventStore/EventStore. */
export function accessDenied(): Partial<ServiceError> {
  const metadata = new Metadata();
  metadata.set('exception', 'access-denied');
  return { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata };
}
