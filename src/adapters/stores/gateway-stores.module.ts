import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { DocumentStore } from '../../platform/documents/index.js';
import { RateLimitStore } from '../../platform/http/index.js';
import { Metrics, PlatformModule } from '../../platform/index.js';
import type { GatewayLock } from '../sqlite/gateway-lock.js';
import { lockLedger } from './open-stores.js';
import { prepareGateway } from './prepare-servers.js';

/** The injection token of the lock on a ledger that is a file. Whatever must run once for each ledger injects it. */
export const GATEWAY_LOCK = Symbol('gateway lock');
const PREPARED = Symbol('prepared servers');

/** What only a gateway does with its stores: it locks a ledger that is a file, and makes missing collections and indexes. */
@Global()
@Module({
  imports: [PlatformModule],
  providers: [
    {
      provide: GATEWAY_LOCK,
      // The event store is injected so that its file exists.
      useFactory: ({ EVENT_STORE_URL }: Config, _store: EventStore) => lockLedger(EVENT_STORE_URL),
      inject: [CONFIG, EventStore],
    },
    {
      provide: PREPARED,
      useFactory: prepareGateway,
      inject: [ReadModelStore, RateLimitStore, DocumentStore, Metrics],
    },
  ],
  exports: [GATEWAY_LOCK],
})
export class GatewayStoresModule implements OnApplicationShutdown {
  constructor(@Inject(GATEWAY_LOCK) private readonly lock: GatewayLock | undefined) {}

  onApplicationShutdown(): void {
    this.lock?.release();
  }
}
