import { type INestApplicationContext, Module } from '@nestjs/common';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';
import { prepareOutgoing, prepareServers, StoresModule, StripeCommandsModule } from '../adapters/index.js';
import { CONFIG, type Config, loadConfig } from '../platform/config.js';
import { DocumentStore } from '../platform/documents/index.js';
import {
  bringUpToDate,
  EventStore,
  PoisonEvent,
  type ReadModelStore as Store,
  ReadModelStore,
} from '../event-store/index.js';
import { BooksCoreModule, Periods } from '../books/index.js';
import { UsersModule } from '../identity/index.js';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import {
  Explanations,
  HandCharges,
  OperatorQueue,
  PROJECTIONS,
  QueueChoices,
  QueueHands,
} from '../operations/index.js';
import { type ByStaff, NoticeRecovery, PaymentsCoreModule } from '../payments/index.js';
import {
  ProviderBills,
  ProviderBillsCoreModule,
  Reconciler,
  ReconciliationCoreModule,
  Reconciliations,
  StripeBalance,
} from '../reconciliation/index.js';
import { Catalogue, PricingModule } from '../pricing/index.js';
import { ReratingModule, Reratings } from '../rerating/index.js';
import { RateLimitStore } from '../platform/http/index.js';
import { Sealer, Seals, SealsModule } from '../seals/index.js';

@Module({})
class CliModule {
  static with(config: Config) {
    return {
      module: CliModule,
      imports: [
        StoresModule.with(config),
        StripeCommandsModule.with(config),
        CqrsModule.forRoot(),
        LedgerModule,
        KeysModule,
        UsersModule,
        PricingModule,
        PaymentsCoreModule,
        SealsModule,
        ReconciliationCoreModule,
        ProviderBillsCoreModule,
        BooksCoreModule,
        ReratingModule,
      ],
      providers: [OperatorQueue, QueueChoices, QueueHands, Explanations, HandCharges],
    };
  }
}

/** The services of a command. */
export class Context {
  constructor(private readonly app: INestApplicationContext) {}

  get config(): Config {
    return this.app.get<Config>(CONFIG);
  }

  get commands(): CommandBus {
    return this.app.get(CommandBus);
  }

  get queries(): QueryBus {
    return this.app.get(QueryBus);
  }

  get catalogue(): Catalogue {
    return this.app.get(Catalogue);
  }

  get explanations(): Explanations {
    return this.app.get(Explanations);
  }

  get handCharges(): HandCharges {
    return this.app.get(HandCharges);
  }

  get periods(): Periods {
    return this.app.get(Periods);
  }

  get store(): EventStore {
    return this.app.get(EventStore);
  }

  get documents(): DocumentStore {
    return this.app.get(DocumentStore);
  }

  get readModels(): Store {
    return this.app.get(ReadModelStore);
  }

  get seals(): Seals {
    return this.app.get(Seals);
  }

  get sealer(): Sealer {
    return this.app.get(Sealer);
  }

  get reratings(): Reratings {
    return this.app.get(Reratings);
  }

  get reconciler(): Reconciler {
    return this.app.get(Reconciler);
  }

  get reconciliations(): Reconciliations {
    return this.app.get(Reconciliations);
  }

  /** Our balance at Stripe, by its API. */
  get stripeBalance(): StripeBalance {
    return this.app.get(StripeBalance);
  }

  get queue(): OperatorQueue {
    return this.app.get(OperatorQueue);
  }

  get queueChoices(): QueueChoices {
    return this.app.get(QueueChoices);
  }

  get providerBills(): ProviderBills {
    return this.app.get(ProviderBills);
  }

  /** Processes events that Stripe could not deliver, as somebody asked, and returns their number. */
  recoverNotices(request: ByStaff): Promise<number> {
    return this.app.get(NoticeRecovery).recover({ request });
  }

  /** Creates the collections and indexes that a server lacks, and returns their names. */
  prepareServers(): Promise<string[]> {
    const { readModels } = this;
    return prepareServers({ readModels, limits: this.app.get(RateLimitStore), documents: this.documents });
  }

  /** The read models, brought up to the end of the log, whether or not a gateway runs. */
  async caughtUpReadModels(): Promise<Store> {
    await bringUpToDate(this.store, this.readModels, PROJECTIONS);
    return this.readModels;
  }

  /** The same for commands that go on where a read model has stopped: returns why it did. */
  async catchUpOrTell(): Promise<string[]> {
    try {
      await this.caughtUpReadModels();
      return [];
    } catch (error) {
      if (error instanceof PoisonEvent) return [error.message];
      throw error;
    }
  }
}

/** Runs a command's work on the configured stores and closes them. */
export async function withContext(work: (context: Context) => Promise<void>): Promise<void> {
  const config = loadConfig();
  await prepareOutgoing(config);
  const app = await NestFactory.createApplicationContext(CliModule.with(config), {
    logger: false,
    abortOnError: false,
  });
  try {
    await work(new Context(app));
  } finally {
    await app.close();
  }
}
