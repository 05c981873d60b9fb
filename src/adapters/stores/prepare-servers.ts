// Makes the collections and indexes that servers need before they are used.
import { Logger } from '@nestjs/common';
import { ConfigurationError } from '../../platform/config.js';
import type { DocumentStore } from '../../platform/documents/index.js';
import { inTime, type ReadModelStore, ReadModelsUnavailable } from '../../event-store/index.js';
import type { RateLimitStore } from '../../platform/http/index.js';
import { users } from '../../identity/index.js';
import { accountSnapshots } from '../../ledger/index.js';
import { type Metrics } from '../../platform/index.js';
import { PROJECTIONS } from '../../operations/index.js';
import { storeBehind } from '../../seals/index.js';
import { DuplicateValues } from '../mongodb/index-errors.js';
import { SqliteDocumentStore } from '../sqlite/sqlite-document-store.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';

export interface Servers {
  readonly readModels: ReadModelStore;
  readonly limits: RateLimitStore;
  readonly documents: DocumentStore;
}

/** Why an index can't be made, and what to do about it. */
export const indexFault = (error: unknown): string =>
  error instanceof DuplicateValues
    ? `${error.message}. New duplicates are refused all the same. Remove the ones that exist with "tokenhub user remove-duplicate <user id>"`
    : String(error);

/**
 * The migration step of servers: makes the collections and indexes that are missing, and returns them as `collection.index`. Any number of
 * processes may do it at the same time. Files need no such step.
 * @throws ReadModelsUnavailable, or ConfigurationError for a fault that a person must mend, such as another index in the way
 */
export async function prepareServers(servers: Servers): Promise<string[]> {
  if (onFiles(servers)) return [];
  const { limits, documents } = servers;
  const readModels = storeBehind(servers.readModels);
  const { MongoDocumentStore, MongoRateLimitStore, MongoReadModelStore } = await import('../mongodb/index.js');
  const views = [...PROJECTIONS.map(({ view }) => view), accountSnapshots.view];
  const made: string[] = [];
  await named('READ_MODEL_URL', async () => {
    if (readModels instanceof MongoReadModelStore) made.push(...(await readModels.ensureViews(views)));
    if (limits instanceof MongoRateLimitStore) made.push(...(await limits.ensureIndexes()));
  });
  await named('PEOPLE_URL', async () => {
    if (documents instanceof MongoDocumentStore) made.push(...(await documents.prepare(users)));
  });
  return made;
}

const onFiles = ({ readModels, documents }: Servers): boolean =>
  storeBehind(readModels) instanceof SqliteReadModelStore && documents instanceof SqliteDocumentStore;

async function named(variable: string, prepare: () => Promise<void>): Promise<void> {
  try {
    await prepare();
  } catch (error) {
    if (error instanceof ReadModelsUnavailable) throw error;
    const { message } = error instanceof DuplicateValues ? new Error(indexFault(error)) : (error as Error);
    throw new ConfigurationError(`${variable}: ${message}`, { cause: error });
  }
}

/** How long a start waits for indexes. One over much data may take hours, and no answer depends on it. */
const PREPARED_WITHIN_MS = 30_000;

/**
 * A gateway also starts without its read models; missing indexes are then made at the first use. It starts with duplicate users, too:
 * it logs them, and refuses registrations with an address that is taken.
 */
async function prepareIfThere(servers: Servers): Promise<void> {
  const log = new Logger('read models');
  const late = new Error(`making indexes takes more than ${PREPARED_WITHIN_MS / 1_000} s, and goes on`);
  const work = prepareServers(servers);
  try {
    await inTime(work, PREPARED_WITHIN_MS, (reject) => reject(late));
  } catch (error) {
    if (error === late) void logFailure(work, log);
    else if ((error as Error).cause instanceof DuplicateValues) return log.error((error as Error).message);
    else if (!(error instanceof ReadModelsUnavailable)) throw error;
    log.warn(`${(error as Error).message}; calls go on without them`);
  }
}

/** Logs the failure of work that goes on after the gateway has started. */
async function logFailure(work: Promise<unknown>, log: Logger): Promise<void> {
  await work.catch((error: unknown) => log.error((error as Error).message));
}

/** The preparation of a gateway, before it listens. */
export async function prepareGateway(
  readModels: ReadModelStore,
  limits: RateLimitStore,
  documents: DocumentStore,
  { waits }: Metrics,
): Promise<void> {
  if (onFiles({ readModels, limits, documents })) return;
  const { MongoRateLimitStore, MongoReadModelStore } = await import('../mongodb/index.js');
  if (limits instanceof MongoRateLimitStore) waits.set('rateLimits', limits.circuit);
  const behind = storeBehind(readModels);
  if (behind instanceof MongoReadModelStore) waits.set('snapshots', behind.circuit);
  await prepareIfThere({ readModels, limits, documents });
}
