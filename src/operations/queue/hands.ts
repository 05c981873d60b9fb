// What choices are carried out with: the ledger's own writers, or writers on a dry run of it, so that the same code says what it would do.
import { Injectable, Optional } from '@nestjs/common';
import {
  DryRunStore,
  EventStore,
  NotedAppends,
  ReadModelStore,
  ReadOnlyReadModels,
  type RecordedEvent,
} from '../../event-store/index.js';
import { Clock } from '../../kernel/index.js';
import { Accounts, NoServerClock, ServerClock } from '../../ledger/index.js';
import {
  ApproveRefundEndHandler,
  ApproveRefundHandler,
  AutomaticTopups,
  type Checkout,
  DeclineRefundEndHandler,
  DeclineRefundHandler,
  type Payment,
  PaymentProvider,
  type PaymentReference,
  PaymentSync,
  Payouts,
  type PayoutReport,
  ProposeRefundEndHandler,
  RefundSender,
  RefundSettings,
  RequestRefundHandler,
  Topups,
  Webhooks,
} from '../../payments/index.js';
import { ProviderBills, Reconciliations } from '../../reconciliation/index.js';
import { QueueDecisions } from './queue-decisions.js';

export interface Hands {
  readonly accounts: Accounts;
  readonly topups: Topups;
  readonly sync: PaymentSync;
  readonly webhooks: Webhooks;
  readonly refunds: Refunds;
  readonly reconciliations: Reconciliations;
  readonly bills: ProviderBills;
  readonly decisions: QueueDecisions;
  readonly rebuild: (view: string, by: string) => Promise<void>;
}

/** Has a read model made again, in the name of a person. The command line has none: it rebuilds while one waits. */
export abstract class ViewRebuilds {
  abstract start(view: string, by: string): Promise<void>;
}

/** What people decide about refunds. */
interface Refunds {
  readonly request: RequestRefundHandler;
  readonly approve: ApproveRefundHandler;
  readonly decline: DeclineRefundHandler;
  readonly proposeEnd: ProposeRefundEndHandler;
  readonly approveEnd: ApproveRefundEndHandler;
  readonly declineEnd: DeclineRefundEndHandler;
}

/** Answers what the provider is asked, and asks it for nothing. */
class AskingOnly extends PaymentProvider {
  constructor(private readonly provider: PaymentProvider) {
    super();
  }

  override get methods(): readonly string[] {
    return this.provider.methods;
  }

  override openCheckout(): Promise<Checkout> {
    throw new Error('a dry run opens no checkout');
  }

  override async closeCheckout(): Promise<void> {}

  override payment(reference: PaymentReference): Promise<Payment | undefined> {
    return this.provider.payment(reference);
  }

  override orderOf(paymentIntentId: string): Promise<string | undefined> {
    return this.provider.orderOf(paymentIntentId);
  }

  /** Its outcome is the provider's: nothing is known of it before. */
  override async refund(): Promise<void> {}

  override payout(payoutId: string): Promise<PayoutReport | undefined> {
    return this.provider.payout(payoutId);
  }
}

export interface Run {
  readonly hands: Hands;
  /** What was appended, or would be. */
  readonly appended: readonly RecordedEvent[];
}

/** Makes hands. A choice gets writers of its own, so that what it has appended is known; those of the gateway go on from there. */
@Injectable()
export class QueueHands {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly provider: PaymentProvider,
    private readonly settings: RefundSettings,
    private readonly clock: Clock,
    @Optional() private readonly serverClock: ServerClock = new NoServerClock(),
    @Optional() private readonly rebuilds?: ViewRebuilds,
  ) {}

  get canRebuild(): boolean {
    return this.rebuilds !== undefined;
  }

  /** Does work. */
  async run(work: (hands: Hands) => Promise<void>): Promise<Run> {
    const store = new NotedAppends(this.store);
    const rebuild = async (view: string, by: string): Promise<void> => this.rebuilds?.start(view, by);
    return this.#with({ ...this.#on(store, this.readModels, this.provider), rebuild }, store, work);
  }

  /** Tells what work would append, and appends nothing. */
  async dryRun(work: (hands: Hands) => Promise<void>): Promise<Run> {
    const store = new DryRunStore(this.store);
    const hands = this.#on(store, new ReadOnlyReadModels(this.readModels), new AskingOnly(this.provider));
    return this.#with(hands, store, work);
  }

  /** Accounts as they are. */
  accounts(): Accounts {
    return new Accounts(this.store, new ReadOnlyReadModels(this.readModels), this.serverClock);
  }

  async #with(
    hands: Hands,
    store: { readonly appended: readonly RecordedEvent[] },
    work: (hands: Hands) => Promise<void>,
  ): Promise<Run> {
    await work(hands);
    return { hands, appended: store.appended };
  }

  #on(store: EventStore, readModels: ReadModelStore, provider: PaymentProvider): Hands {
    const { clock, settings } = this;
    const [accounts, topups] = [new Accounts(store, readModels, this.serverClock), new Topups(store)];
    const sync = new PaymentSync(topups, new Payouts(store), accounts, provider, clock, new AutomaticTopups(store));
    const sender = new RefundSender(topups, accounts, provider, sync, clock);
    return {
      accounts,
      topups,
      sync,
      webhooks: new Webhooks(store, sync, clock),
      refunds: {
        request: new RequestRefundHandler(accounts, clock, settings),
        approve: new ApproveRefundHandler(accounts, sender, settings, clock),
        decline: new DeclineRefundHandler(accounts, clock),
        proposeEnd: new ProposeRefundEndHandler(accounts, clock),
        approveEnd: new ApproveRefundEndHandler(accounts, topups, clock),
        declineEnd: new DeclineRefundEndHandler(accounts, clock),
      },
      reconciliations: new Reconciliations(store, readModels, clock),
      bills: new ProviderBills(store, clock),
      decisions: new QueueDecisions(store, clock),
      rebuild: async () => undefined,
    };
  }
}
