import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { EventFeed, EventStore } from '../../event-store/index.js';
import { LOGGER } from '../logger.js';
import { PlatformModule } from '../platform.module.js';

/** A feed that tells the log when its subscription breaks. */
export const loggedFeed = (store: EventStore, logger: Logger): EventFeed =>
  new EventFeed(store, {
    onTrouble: (error) =>
      logger.warn({
        outage: 'subscription',
        reason: String(error),
        msg: 'the subscription to the ledger broke; the gateway subscribes again',
      }),
  });

/** The one subscription of a gateway to the ledger, for its read models and for pages that are kept up to date. */
@Module({
  imports: [PlatformModule],
  providers: [{ provide: EventFeed, useFactory: loggedFeed, inject: [EventStore, LOGGER] }],
  exports: [EventFeed],
})
export class EventFeedModule {}
