import { createHash } from 'node:crypto';
import {
  type Amount,
  base62,
  type Clock,
  DAY_MS,
  formatUsd,
  ID_LENGTH,
  max,
  min,
  refuse,
  Refused,
  subtract,
  sum,
  ZERO,
} from '../kernel/index.js';
import { type Accounts, type AccountState, available, type Lot } from '../ledger/index.js';
import type { RefundWish, RequestRefund } from './payments.messages.js';
import { floorToCents } from './price.js';

/** What a request takes from one top-up. */
interface Part {
  readonly topupId: string;
  readonly refundId: string;
}

/** Asks accounts for unused paid credit back. */
export class RefundRequests {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly windowDays: number,
  ) {}

  /** Newest top-up first, one refund for each. What an earlier try has asked for already counts. @throws Refused as `RequestRefund` says */
  async request({ accountId, requestId, wish }: RequestRefund): Promise<readonly string[]> {
    const state = await this.#account(accountId);
    const parts = this.#parts(state, requestId, wish.topupId);
    const isDone = ({ refundId }: Part): boolean => state.refunds.has(refundId);
    const asked = sum(parts.map(({ refundId }) => state.refunds.get(refundId)?.amount ?? ZERO));
    const done = parts.filter(isDone).map(({ refundId }) => refundId);
    const rest = parts.filter((part) => !isDone(part));
    const most = this.#most(state, rest);
    let left = wish.amount === undefined ? most : subtract(wish.amount, asked);
    if (done.length === 0 && left <= ZERO) throw beyond(most);
    if (wish.topupId === undefined && left > most) throw beyond(most);
    for (const part of rest) {
      // What is asked of one top-up, its account judges, and says why not.
      const amount = wish.topupId === undefined ? min(left, this.#most(await this.#account(accountId), [part])) : left;
      if (amount <= ZERO) continue;
      await this.#ask(accountId, part, amount, wish);
      done.push(part.refundId);
      left = subtract(left, amount);
    }
    return done;
  }

  /** Live: it changes as refunds are asked for. */
  async #account(accountId: string): Promise<AccountState> {
    const state = await this.accounts.read(accountId, { fresh: true });
    if (state.accountId !== undefined) return state;
    throw new Refused(refuse('account_not_found', `There is no account ${accountId}.`));
  }

  /** The purchases it may be taken from, the newest first. */
  #parts(state: AccountState, requestId: string, topupId: string | undefined): readonly Part[] {
    const partOf = ({ id }: Lot): Part => ({ topupId: id, refundId: refundIdOf(requestId, id) });
    const paid = state.lots.filter(({ kind }) => kind === 'paid');
    if (topupId === undefined) {
      const oldest = this.clock.now() - this.#windowMs;
      const recent = paid.filter(({ createdAt }) => createdAt >= oldest);
      return recent.toSorted((a, b) => b.createdAt - a.createdAt).map(partOf);
    }
    const lot = paid.find(({ id }) => id === topupId);
    if (lot === undefined) throw new Refused(refuse('topup_not_found', 'This account has no such paid top-up.'));
    if (isDisputed(state, topupId)) throw disputed();
    return [partOf(lot)];
  }

  get #windowMs(): number {
    return this.windowDays * DAY_MS;
  }

  /** What of some purchases can be paid out now, in whole cents: they share what is available. */
  #most(state: AccountState, parts: readonly Part[]): Amount {
    const now = this.clock.now();
    const open = state.lots.filter(
      ({ id, expiresAt }) => expiresAt > now && !isDisputed(state, id) && parts.some(({ topupId }) => topupId === id),
    );
    const left = sum(open.map(({ remaining }) => floorToCents(remaining)));
    return min(left, floorToCents(max(ZERO, available(state, now))));
  }

  async #ask(accountId: string, { topupId, refundId }: Part, amount: Amount, wish: RefundWish): Promise<void> {
    const { requestedBy, reason } = wish;
    const command = { commandId: `${refundId}/request`, at: this.clock.now(), refundId, windowMs: this.#windowMs };
    const terms = { lotId: topupId, amount, requestedBy, reason };
    await this.accounts.execute(accountId, { type: 'RequestRefund', ...command, ...terms });
  }
}

const isDisputed = ({ disputes }: AccountState, topupId: string): boolean =>
  [...disputes.values()].some(({ lotId, inquiry, outcome }) => lotId === topupId && !inquiry && outcome === undefined);

const disputed = (): Refused =>
  new Refused(
    refuse(
      'payment_disputed',
      'The payment of this top-up is disputed; its credit stays where it is until that is settled.',
    ),
  );

const beyond = (most: Amount): Refused =>
  new Refused(
    refuse(
      'refund_exceeds_credit',
      `$${formatUsd(most)} of these purchases can be refunded now: the rest is spent, held, disputed, bonus credit, or was bought too long ago.`,
      { refundable: formatUsd(most) },
    ),
  );

/** The id of a request’s refund of a top-up: the first 128 bits of a SHA-256, as ids are written. */
function refundIdOf(requestId: string, topupId: string): string {
  const digest = createHash('sha256').update(`${requestId}/${topupId}`).digest('hex');
  return base62(BigInt(`0x${digest.slice(0, 32)}`), ID_LENGTH);
}
