// Payments of a provider that is a model, on a ledger in memory; any step of the ledger may be its last.
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { AppendRefused, type NewEvent, START } from '../../../src/event-store/index.js';
import { type Amount, Clock, formatUsd, fromCents, picoUsd, sum, usd } from '../../../src/kernel/index.js';
import {
  Accounts,
  type AccountState,
  addPostings,
  imbalances,
  posted,
  type Totals,
} from '../../../src/ledger/index.js';
import { postingsOf } from '../../../src/books/booked-streams.js';
import { verify } from '../../../src/operations/index.js';
import { Payouts } from '../../../src/payments/payouts/payouts.js';
import { PaymentSync } from '../../../src/payments/sync/payment-sync.js';
import { priceOf } from '../../../src/payments/topups/price.js';
import { ApproveRefundEnd } from '../../../src/payments/refunds/refunds.messages.js';
import { ApproveRefundEndHandler } from '../../../src/payments/refunds/stuck-refunds.handlers.js';
import { RefundSender } from '../../../src/payments/refunds/refund-sender.js';
import { AutomaticTopups } from '../../../src/payments/automatic/automatic-topups.js';
import { Topups } from '../../../src/payments/topups/topups.js';
import { left, ProviderModel } from './provider-model.js';
import { NOON, YUAN } from './topup-spec.js';

/** How many orders there are, each of an account of its own. */
export const TOPUPS = 3;

class SteppingClock extends Clock {
  #now = NOON;
  override now(): number {
    return (this.#now += 1_000);
  }
  pass(ms: number): void {
    this.#now += ms;
  }
}

/** A store at which a process dies: before its n-th append is taken, or, with a half more, after it was. */
class MortalStore extends MemoryEventStore {
  dieIn = Number.POSITIVE_INFINITY;
  override async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    if (--this.dieIn === 0) throw new AppendRefused('died');
    await super.append(stream, expected, events);
    if (this.dieIn === 0.5) throw new AppendRefused('died');
  }
}

/** A ledger, a provider, and a few orders. */
export class World {
  readonly store = new MortalStore();
  readonly provider = new ProviderModel();
  readonly clock = new SteppingClock();
  readonly accounts = new Accounts(this.store, new MemoryReadModelStore());
  readonly topups = new Topups(this.store);
  readonly automatic = new AutomaticTopups(this.store);
  readonly sync = new PaymentSync(
    this.topups,
    new Payouts(this.store),
    this.accounts,
    this.provider,
    this.clock,
    this.automatic,
  );
  readonly sender = new RefundSender(this.topups, this.accounts, this.provider, this.sync, this.clock);
  readonly ends = new ApproveRefundEndHandler(this.accounts, this.topups, this.clock);
  readonly sessions: string[] = [];

  async open(): Promise<this> {
    for (let index = 0; index < TOPUPS; index++) await this.#order(`topup${index}`, `acc${index}`, index % 2 === 1);
    return this;
  }

  async #order(topupId: string, accountId: string, inYuan: boolean): Promise<void> {
    const at = this.clock.now();
    await this.accounts.execute(accountId, { type: 'OpenAccount', commandId: 'open', at, accountId });
    const credit = usd('10');
    const quote = inYuan ? YUAN : undefined;
    const price = { currency: inYuan ? ('cny' as const) : ('usd' as const), priceMinor: priceOf(credit, quote), quote };
    const expiresAt = at + 3_600_000;
    await this.topups.execute(topupId, {
      type: 'OrderTopup',
      commandId: 'order',
      at,
      topupId,
      accountId,
      credit,
      ...price,
      expiresAt,
    });
    const order = await this.topups.read(topupId, (state) => state.order);
    if (order === undefined) throw new Error('not ordered');
    const { sessionId } = await this.provider.openCheckout(order);
    await this.topups.execute(topupId, { type: 'OpenCheckout', commandId: 'checkout', at, sessionId });
    this.sessions.push(sessionId);
  }

  /** Asks for credit back, and pays it back, as far as the ledger lets us. */
  async refund(index: number, credit: Amount, refundId: string): Promise<void> {
    const accountId = `acc${index}`;
    const base = { at: this.clock.now(), refundId };
    const ask = { amount: credit, windowMs: 10 ** 9, requestedBy: 'u1', reason: 'unused' };
    const parts = [{ refundId, lotId: `topup${index}` }];
    const request = { at: base.at, commandId: `${refundId}/ask`, requestId: refundId, parts };
    await this.accounts.decide(accountId, { type: 'RequestRefund', ...request, ...ask });
    const approval = { approvedBy: 'u2', alone: usd('1') };
    await this.accounts.decide(accountId, {
      ...base,
      ...approval,
      type: 'ApproveRefund',
      commandId: `${refundId}/yes`,
    });
    if (this.provider.payments.get(this.sessions[index] ?? '')?.disputes.length === 0)
      await this.sender.send(accountId, refundId);
  }

  /** Two people fail a refund under way, as if Stripe did not end it. */
  async failByHand(index: number): Promise<void> {
    const refunds = [...(await this.accounts.copy(`acc${index}`)).refunds.values()];
    const stuck = refunds.find(({ status }) => status === 'approved');
    if (stuck === undefined) return;
    const proposal = { outcome: 'failed', outside: false, reason: 'lost', requestedBy: 'u1' } as const;
    const base = { commandId: `${stuck.id}/propose`, at: this.clock.now(), refundId: stuck.id };
    await this.accounts.execute(`acc${index}`, { type: 'ProposeRefundEnd', ...base, ...proposal });
    await this.ends.execute(new ApproveRefundEnd(`acc${index}`, stuck.id, { approvedBy: 'u2' }));
  }

  /** Sends what a crash left approved and not sent. */
  async sendApproved(): Promise<void> {
    for (const [index, { refunds }] of (await this.#states()).entries()) {
      const approved = [...refunds.values()].filter(({ status }) => status === 'approved');
      for (const { id } of approved) await this.sender.send(`acc${index}`, id);
    }
  }

  /** What customers asked back and nobody approved. */
  async askedFor(): Promise<Amount> {
    const refunds = (await this.#states()).flatMap((state) => [...state.refunds.values()]);
    return sum(refunds.filter(({ status }) => status === 'requested').map(({ amount }) => amount));
  }

  /**
   * By how much the balances of payments in dollars differ from what the provider has of them, where a cent is a cent of credit: what was
   * paid as ordered, less what went back, and what is asked back.
   */
  async strayed(): Promise<string[]> {
    const states = await this.#states();
    return this.sessions.flatMap((session, index) => {
      const [payment, state] = [this.provider.payments.get(session), states[index]];
      if (payment?.currency !== 'usd' || state === undefined) return [];
      const moved = payment.disputes.flatMap(({ movements }) => movements.map(({ amountMinor }) => amountMinor));
      const paid = payment.status === 'paid' && payment.amountMinor === payment.priceMinor;
      const kept = paid ? moved.reduce((total, minor) => total + minor, left(payment)) : 0;
      const asked = [...state.refunds.values()].filter(({ status }) => status === 'requested');
      const stray = posted(state) + sum(asked.map(({ amount }) => amount)) - fromCents(BigInt(kept));
      return stray === 0n ? [] : [`${session}: ${formatUsd(picoUsd(stray))}`];
    });
  }

  #states(): Promise<AccountState[]> {
    return Promise.all(this.sessions.map((_session, index) => this.accounts.copy(`acc${index}`)));
  }

  async recover(): Promise<void> {
    for (let index = 0; index < TOPUPS; index++) await this.sync.sync(`topup${index}`);
    for (const hint of this.provider.hints) if (hint.type === 'payout') await this.sync.follow(hint);
  }

  /** Whether a refund of a payment has not ended. */
  hasPending(session: string): boolean {
    const refunds = this.provider.payments.get(session)?.refunds ?? [];
    return refunds.some(({ status }) => status === 'pending');
  }

  /** Everything that was under way ends: what is settled late comes, and refunds go through. */
  async end(): Promise<void> {
    for (const session of this.sessions) {
      this.provider.settle(session);
      while (this.hasPending(session)) this.provider.endRefund(session, 'succeeded');
    }
    await this.recover();
  }

  /** What verification finds wrong; a payment that stands in one of its two streams, for one. */
  async faults(): Promise<readonly string[]> {
    return (await verify(this.store, new MemoryReadModelStore(), { readModels: false })).faults;
  }

  async books(): Promise<{ balances: string[]; of: (account: string) => Amount }> {
    const totals: Totals = new Map();
    for (const event of await this.store.readAll(START, 10_000)) {
      const entry = postingsOf(event);
      if (imbalances(entry).size > 0) throw new Error(`${event.type} of ${event.stream} books what is not balanced`);
      addPostings(totals, entry);
    }
    const states = await this.#states();
    const of = (account: string): Amount => picoUsd(totals.get(`${account} USD`)?.amount ?? 0n);
    return { balances: states.map((state) => formatUsd(posted(state))), of };
  }
}
