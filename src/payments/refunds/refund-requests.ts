import { Injectable } from '@nestjs/common';
import { type Amount, Clock, derivedId, floorToCents, formatUsd, Refused, refuse, ZERO } from '../../kernel/index.js';
import type { Kept } from '../../event-store/index.js';
import { Accounts, type AccountState, isDisputed } from '../../ledger/index.js';
import type { RequestRefund } from '../payments.messages.js';
import { RefundSettings } from './refund-settings.js';

/** What a request takes from one top-up. */
interface Part {
  readonly lotId: string;
  readonly refundId: string;
}

/** Asks accounts for unused paid credit back. */
@Injectable()
export class RefundRequests {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly settings: RefundSettings,
  ) {}

  /**
   * Newest top-up first, one refund for each; the whole amount or nothing. The same request again is what it was.
   * @throws Refused as `RequestRefund` says
   */
  async request({ accountId, requestId, input }: RequestRefund): Promise<readonly string[]> {
    const { topupId, ...terms } = input;
    if (terms.amount !== undefined) checkAmount(terms.amount);
    const parts = await this.#read(accountId, (state) => partsOf(state, requestId, topupId));
    const command = { commandId: `${requestId}/request`, at: this.clock.now(), windowMs: this.settings.windowMs };
    await this.accounts.execute(accountId, { type: 'RequestRefund', ...command, requestId, parts, ...terms });
    return this.#read(accountId, ({ refunds }) =>
      parts.map(({ refundId }) => refundId).filter((id) => refunds.has(id)),
    );
  }

  #read<T>(accountId: string, select: (state: AccountState) => T & Kept<T>): Promise<T> {
    const ofAccount = (state: AccountState): T & Kept<T> => {
      if (state.accountId !== undefined) return select(state);
      throw new Refused(refuse('not_found', 'account_not_found', `There is no account ${accountId}.`));
    };
    return this.accounts.read<T>(accountId, ofAccount, { fresh: true });
  }
}

/** Credit was bought in whole cents, and money goes back in no smaller part (docs.stripe.com/currencies, "minor units"). */
function checkAmount(amount: Amount): void {
  if (amount > ZERO && floorToCents(amount) === amount) return;
  const reason = `A refund is a whole number of cents, and more than zero; not $${formatUsd(amount)}.`;
  throw new Refused(refuse('invalid', 'invalid_amount', reason));
}

/** The purchases it may be taken from, the newest first; of those whose payment is disputed, none but one that is named. */
function partsOf(state: AccountState, requestId: string, topupId: string | undefined): readonly Part[] {
  const paid = [...state.lots.byId.values()].filter(({ kind }) => kind === 'paid');
  const asked = paid.filter(({ id }) => (topupId === undefined ? !isDisputed(state, id) : id === topupId));
  if (topupId !== undefined && asked.length === 0)
    throw new Refused(refuse('not_found', 'topup_not_found', 'This account has no such paid top-up.'));
  return asked
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .map(({ id }) => ({ lotId: id, refundId: derivedId(`${requestId}/${id}`) }));
}
