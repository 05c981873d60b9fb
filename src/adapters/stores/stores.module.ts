import { type DynamicModule, Global, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { Clock, SystemClock } from '../../kernel/index.js';
import { ServerClock } from '../../ledger/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { DocumentStore } from '../../platform/documents/index.js';
import { RateLimitStore } from '../../platform/http/index.js';
import { Catalogue } from '../../pricing/index.js';
import {
  AuthenticatedEventStore,
  AuthenticatedReadModelStore,
  CHECKPOINT_PLACES,
  LEDGER_KEYS,
  type LedgerKeys,
} from '../../seals/index.js';
import { openCheckpointPlaces } from '../checkpoints/open-places.js';
import { configuredCatalogue } from '../configuration/model-config.js';
import { openLedgerKeys } from './ledger-key-files.js';
import {
  type Mongo,
  openDocuments,
  openEventStore,
  openMongo,
  openRateLimits,
  openReadModels,
  openServerClock,
} from './open-stores.js';

const MONGODB = Symbol('MongoDB');
/** The event store without the key of the ledger. */
const STORED = Symbol('stored events');

/** What a gateway and the command line stand on: the configuration, the catalogue, the clock and the stores. */
@Global()
@Module({})
export class StoresModule implements OnApplicationShutdown {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly documents: DocumentStore,
  ) {}

  static with(config: Config): DynamicModule {
    const inject = [CONFIG, MONGODB];
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: Clock, useClass: SystemClock },
      { provide: Catalogue, useFactory: configuredCatalogue, inject: [CONFIG] },
      { provide: STORED, useFactory: openLedger, inject: [CONFIG] },
      { provide: LEDGER_KEYS, useFactory: keysOf, inject: [CONFIG, STORED] },
      { provide: CHECKPOINT_PLACES, useFactory: openCheckpointPlaces, inject: [CONFIG] },
      { provide: EventStore, useFactory: authenticated, inject: [STORED, LEDGER_KEYS] },
      { provide: MONGODB, useFactory: openMongo, inject: [CONFIG] },
      { provide: ReadModelStore, useFactory: openAuthenticReadModels, inject: [...inject, LEDGER_KEYS] },
      { provide: DocumentStore, useFactory: openDocuments, inject },
      { provide: RateLimitStore, useFactory: openRateLimits, inject },
      { provide: ServerClock, useFactory: openServerClock, inject: [MONGODB] },
    ];
    const stores = [EventStore, ReadModelStore, DocumentStore, RateLimitStore];
    const exports = [CONFIG, Clock, Catalogue, ...stores, ServerClock, LEDGER_KEYS, CHECKPOINT_PLACES];
    return { module: StoresModule, providers, exports };
  }

  /** After the server and all workers have stopped. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
    await this.documents.close();
    await this.readModels.close();
  }
}

function openLedger({ EVENT_STORE_URL: url }: Config): Promise<EventStore> {
  const log = new Logger('event store');
  return openEventStore(url, (error) => log.warn({ outage: 'event store', msg: String(error) }));
}

/** @throws ConfigurationError, and closes the store then: nobody else does */
async function keysOf(config: Config, store: EventStore): Promise<LedgerKeys | undefined> {
  try {
    return await openLedgerKeys(config, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

const authenticated = (store: EventStore, keys: LedgerKeys | undefined): EventStore =>
  keys === undefined ? store : new AuthenticatedEventStore(store, keys);

async function openAuthenticReadModels(
  config: Config,
  mongo: Mongo,
  keys: LedgerKeys | undefined,
): Promise<ReadModelStore> {
  const readModels = await openReadModels(config, mongo);
  return keys === undefined ? readModels : new AuthenticatedReadModelStore(readModels, keys);
}
