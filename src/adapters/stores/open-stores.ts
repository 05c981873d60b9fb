// Opens the stores that the configuration names, and loads only their clients.
import { Logger } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { NoServerClock, ServerClock } from '../../ledger/index.js';
import { type Config, ConfigurationError, fileOf, isEmbedded, peopleUrl } from '../../platform/config.js';
import { DocumentStore } from '../../platform/documents/index.js';
import { RateLimitStore } from '../../platform/http/index.js';
import { MemoryRateLimitStore } from '../memory/memory-rate-limit-store.js';
import type { CircuitSettings } from '../mongodb/circuit.js';
import type { MongoConnection } from '../mongodb/index.js';
import { acquireGatewayLock, type GatewayLock } from '../sqlite/gateway-lock.js';
import { SqliteDocumentStore } from '../sqlite/sqlite-document-store.js';
import { SqliteEventStore } from '../sqlite/sqlite-event-store.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';
import { indexFault } from './prepare-servers.js';
import { openEventStoreDb } from './store-check.js';

/** A store that can't be opened is for the person at the terminal to mend. @throws ConfigurationError */
async function usable<T>(open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/**
 * Opens the event store that a URL names; a file is created if need be. `onTrouble` hears of faults that the store mends by itself.
 * @throws ConfigurationError
 */
export const openEventStore = (
  url: string,
  onTrouble: (error: unknown) => void,
  variable = 'EVENT_STORE_URL',
): Promise<EventStore> =>
  isEmbedded({ EVENT_STORE_URL: url })
    ? usable(() => SqliteEventStore.open(fileOf(url)))
    : openEventStoreDb(variable, url, onTrouble);

/** Makes this process the only one that may run on a ledger in a file, which must exist. @throws ConfigurationError */
export const lockLedger = (url: string): Promise<GatewayLock | undefined> =>
  usable(() => (isEmbedded({ EVENT_STORE_URL: url }) ? acquireGatewayLock(fileOf(url)) : undefined));

const mongodb = () => import('../mongodb/index.js');

/** The one connection to MongoDB; undefined where everything is in files or in memory. */
export type Mongo = MongoConnection | undefined;

/** @throws ConfigurationError */
export const openMongo = ({ READ_MODEL_URL: url }: Config): Promise<Mongo> =>
  usable(async () => (url.startsWith('sqlite:') ? undefined : new (await mongodb()).MongoConnection(url)));

/** @throws ConfigurationError */
export const openReadModels = ({ READ_MODEL_URL: url }: Config, mongo: Mongo): Promise<ReadModelStore> =>
  usable<ReadModelStore>(async () => {
    if (mongo === undefined) return SqliteReadModelStore.open(fileOf(url));
    const { MongoReadModelStore } = await mongodb();
    return new MongoReadModelStore(mongo, circuitLog('read models', 'accounts are read', 'without snapshots'));
  });

/** Shares the connection of the read models where they are in the same database. @throws ConfigurationError */
export function openDocuments(config: Config, mongo: Mongo): Promise<DocumentStore> {
  const url = peopleUrl(config);
  const log = new Logger('people');
  const onTrouble = (error: unknown): void => log.error({ outage: 'people', msg: indexFault(error) });
  return usable<DocumentStore>(async () => {
    if (url.startsWith('sqlite:')) return SqliteDocumentStore.open(fileOf(url));
    const { MongoDocumentStore } = await mongodb();
    return mongo !== undefined && url === config.READ_MODEL_URL
      ? new MongoDocumentStore(mongo, { onTrouble })
      : MongoDocumentStore.open(url, { onTrouble });
  });
}

export async function openRateLimits(
  { RATE_LIMIT_TIMEOUT_MS: timeoutMs }: Config,
  mongo: Mongo,
): Promise<RateLimitStore> {
  if (mongo === undefined) return new MemoryRateLimitStore();
  const { MongoRateLimitStore } = await mongodb();
  const log = circuitLog('rate limits', 'calls are counted', 'by this gateway alone');
  return new MongoRateLimitStore(mongo, { timeoutMs, ...log });
}

export const openServerClock = async (mongo: Mongo): Promise<ServerClock> =>
  mongo === undefined ? new NoServerClock() : new (await mongodb()).MongoServerClock(mongo);

/** Logs that something is done differently while MongoDB is down or late, and as usual after that. */
function circuitLog(part: string, what: string, otherwise: string): Pick<CircuitSettings, 'onChange' | 'onLate'> {
  const log = new Logger(part);
  return {
    onChange: (reason) =>
      log.warn(
        reason === undefined
          ? { outage: `${part} again`, msg: `${what} as usual again` }
          : { outage: part, msg: `${what} ${otherwise}: ${String(reason)}` },
      ),
    onLate: (late, of, reason) =>
      log.warn({
        outage: `${part} late`,
        msg: `MongoDB is sometimes late: ${late} of the last ${of} times, ${what} ${otherwise}: ${String(reason)}`,
      }),
  };
}
