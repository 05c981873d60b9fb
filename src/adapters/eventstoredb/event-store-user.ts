// A user of an EventStoreDB who may append to streams, read them and read the log, and nothing else: made by an administrator, once.
// Users and default rights: "User authorization" in docs/server/security of EventStore/EventStore. The log is the stream `$all`, and its rights
// are its metadata (LegacyStreamPermissionAssertion.cs there). All by gRPC, as the HTTP API of streams is off by default and deprecated.
import { BACKWARDS, END, EventStoreDBClient, jsonEvent, NO_STREAM, StreamNotFoundError } from '@eventstore/db-client';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb.js';
import users from '@eventstore/db-client/generated/users_pb.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { checkConnectionString } from './connection-string.js';
import { contain } from './containment.js';

const ADMINS = '$admins';
const EVERYBODY = '$all';
const LOG_METADATA = '$$$all';
const SETTINGS = '$settings';
const OF_ADMINS = { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS };
const DEADLINE_MS = 10_000;
/** How the client's error names a user that is there. */
const IS_THERE = 'user-conflict';

type Call = (client: UsersClient, metadata: never, options: never, done: (error: Error | null) => void) => unknown;

interface Internals {
  execute(
    service: typeof UsersClient,
    name: string,
    action: (client: UsersClient) => Promise<unknown>,
  ): Promise<unknown>;
  callArguments(options: object): [metadata: never, options: never];
}

/**
 * Makes the user, or gives one that is there this password; then rights. What others have set is kept. Returns what was done.
 * @throws Error when the server refuses it, above all who signs in by `adminUrl` is no administrator.
 */
export async function grantUser(adminUrl: string, login: string, password: string): Promise<readonly string[]> {
  checkConnectionString(adminUrl);
  const client = EventStoreDBClient.connectionString(adminUrl);
  const release = contain(client, () => undefined);
  try {
    const done = [await ensureUser(client, login, password)];
    if (await change(client, LOG_METADATA, '$metadata', (metadata) => readingLog(metadata, login)))
      done.push(`${login} may read the log`);
    if (await change(client, SETTINGS, 'update-default-acl', (settings) => usingStreams(settings, login)))
      done.push(`${login} may append to streams and read them`);
    return done;
  } finally {
    await release();
  }
}

async function ensureUser(client: EventStoreDBClient, login: string, password: string): Promise<string> {
  const made = new users.CreateReq.Options().setLoginName(login).setFullName('token-hub').setPassword(password);
  try {
    await call(client, 'create', (service, ...rest) => service.create(new users.CreateReq().setOptions(made), ...rest));
    return `${login} was made`;
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  const reset = new users.ResetPasswordReq.Options().setLoginName(login).setNewPassword(password);
  const request = new users.ResetPasswordReq().setOptions(reset);
  await call(client, 'resetPassword', (service, ...rest) => service.resetPassword(request, ...rest));
  return `${login} was there, and has this password now`;
}

function isConflict(error: unknown): boolean {
  const { type, metadata } = error as { type?: unknown; metadata?: { getMap(): Record<string, unknown> } };
  return type === IS_THERE || metadata?.getMap()['exception'] === IS_THERE;
}

async function call(client: EventStoreDBClient, name: string, start: Call): Promise<void> {
  const internals = client as unknown as Internals;
  const [metadata, options] = internals.callArguments({ requiresLeader: true, deadline: DEADLINE_MS });
  await internals.execute(UsersClient, name, (service) => {
    return new Promise<void>((resolve, reject) => {
      start(service, metadata, options, (error) => (error === null ? resolve() : reject(error)));
    });
  });
}

/** Writes what a stream's newest event is to be, unless it is that. Whether it did. */
async function change(
  client: EventStoreDBClient,
  stream: string,
  type: string,
  next: (now: JsonObject) => JsonObject,
): Promise<boolean> {
  const [now, revision] = await newest(client, stream);
  const data = next(now);
  if (JSON.stringify(data) === JSON.stringify(now)) return false;
  const options = { expectedRevision: revision ?? NO_STREAM, deadline: DEADLINE_MS } as const;
  await client.appendToStream(stream, jsonEvent({ type, data }), options);
  return true;
}

async function newest(client: EventStoreDBClient, stream: string): Promise<[JsonObject, bigint | undefined]> {
  let found: [JsonObject, bigint | undefined] = [{}, undefined];
  try {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
    // To its end: a read that is broken off keeps the client from closing.
    for await (const { event } of client.readStream(stream, options))
      if (event !== undefined) found = [isJsonObject(event.data) ? event.data : {}, event.revision];
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return found;
}

/** Administrators may always. */
const readingLog = (metadata: JsonObject, login: string): JsonObject => {
  const acl = objectIn(metadata, '$acl');
  return { ...metadata, $acl: { ...acl, $r: withRole(acl['$r'] ?? ADMINS, login) } };
};

/**
 * Where nothing is set, anybody who is known may delete streams and set how long their events are kept, which is too much: from then on only
 * administrators may. Where something is set, that is whoever's wish it was.
 */
function usingStreams(settings: JsonObject, login: string): JsonObject {
  const acl = '$userStreamAcl' in settings ? objectIn(settings, '$userStreamAcl') : OF_ADMINS;
  const $userStreamAcl = { ...acl, $r: withRole(acl['$r'], login), $w: withRole(acl['$w'], login) };
  return { $systemStreamAcl: OF_ADMINS, ...settings, $userStreamAcl };
}

/** A role, several, or none: https://docs.kurrent.io/server/v24.10/security/user-authorization.html */
function withRole(roles: JsonValue | undefined, role: string): JsonValue {
  const all = [roles ?? EVERYBODY].flat().map(String);
  return all.includes(role) || all.includes(EVERYBODY) ? (roles ?? EVERYBODY) : [...all, role];
}

const objectIn = (parent: JsonObject, name: string): JsonObject => {
  const value = parent[name];
  return isJsonObject(value) ? value : {};
};
