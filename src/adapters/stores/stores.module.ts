import { type DynamicModule, Global, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { Clock, SystemClock } from '../../kernel/index.js';
import { ServerClock } from '../../ledger/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { DocumentStore } from '../../platform/documents/index.js';
import { RateLimitStore } from '../../platform/http/index.js';
import { Catalogue } from '../../pricing/index.js';
import { configuredCatalogue } from '../configuration/model-config.js';
import {
  openDocuments,
  openEventStore,
  openMongo,
  openRateLimits,
  openReadModels,
  openServerClock,
} from './open-stores.js';

const MONGODB = Symbol('MongoDB');

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
      { provide: EventStore, useFactory: openLedger, inject: [CONFIG] },
      { provide: MONGODB, useFactory: openMongo, inject: [CONFIG] },
      { provide: ReadModelStore, useFactory: openReadModels, inject },
      { provide: DocumentStore, useFactory: openDocuments, inject },
      { provide: RateLimitStore, useFactory: openRateLimits, inject },
      { provide: ServerClock, useFactory: openServerClock, inject: [MONGODB] },
    ];
    const exports = [CONFIG, Clock, Catalogue, EventStore, ReadModelStore, DocumentStore, RateLimitStore, ServerClock];
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
