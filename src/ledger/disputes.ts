// Disputes of payments (chargebacks). Reports of a dispute arrive in any order and more than once, and each has everything known by then.
// They are read as totals and outcomes that only go up, so that every order has the same result. Pure.
import {
  add,
  type Amount,
  formatUsd,
  fromInstant,
  refuse,
  type Rejection,
  subtract,
  toInstant,
  usd,
  ZERO,
} from '../kernel/index.js';
import type { AccountCommandOf } from './account.commands.js';
import { type Dispute, freezes } from './account.entities.js';
import type { AccountEvent, AccountEventData, DisputeOutcome } from './account.events.js';
import type { AccountState } from './account.state.js';
import { payOff } from './debt.js';
import {
  afterReversal,
  aliveLots,
  applySlices,
  type Lot,
  lotNotFound,
  lotOf,
  type Lots,
  returnSlices,
  reversal,
  take,
  unlessZero,
} from './lots.js';

/** Whether a purchase is disputed. Its credit can't be refunded until the dispute is closed. */
export const isDisputed = ({ disputes, index }: AccountState, lotId: string): boolean =>
  [...index.freezing].some((id) => disputes.get(id)?.lotId === lotId);

/** A closed inquiry may become a dispute after all, and one that was lost may be won by an appeal (docs.stripe.com/disputes/arbitration). */
const FINALITY = { inquiry_closed: 1, lost: 2, won: 3 } as const satisfies Record<DisputeOutcome, number>;

type RecordDispute = AccountCommandOf<'RecordDispute'>;

/** Whether the account's credit is frozen because one of its payments is disputed. */
export const isFrozen = ({ index }: AccountState): boolean => index.freezing.size > 0;

export function recordDispute(
  command: RecordDispute,
  state: AccountState,
  now: number,
): readonly AccountEvent[] | Rejection {
  const { disputeId, lotId, amount, withdrawn, reinstated, outcome } = command;
  const lot = lotOf(state.lots, lotId);
  if (lot === undefined) return lotNotFound(lotId);
  if (amount > lot.amount || withdrawn > lot.amount || reinstated > withdrawn) {
    return refuse('invalid', 'invalid_amount', `Dispute ${disputeId} is about more than its purchase.`);
  }
  const at = toInstant(now);
  const known = state.disputes.get(disputeId);
  const taken = withdraw(command, known, state, now);
  const after = { debt: state.debt, dispute: known ?? newDispute(command) };
  if (taken !== undefined) {
    after.debt = add(after.debt, usd(taken.uncovered ?? '0'));
    after.dispute = withWithdrawal(after.dispute, taken);
  }
  const back = reinstate(command, after.dispute, after.debt, at);
  const closes = outcome !== undefined && FINALITY[outcome] > (known?.outcome ? FINALITY[known.outcome] : 0);
  return [
    ...opening(command, known, at),
    ...(taken === undefined ? [] : [{ type: 'DisputeFundsWithdrawn' as const, data: taken }]),
    ...(back === undefined ? [] : [{ type: 'DisputeFundsReinstated' as const, data: back }]),
    ...(closes ? [{ type: 'DisputeClosed' as const, data: { disputeId, outcome, at } }] : []),
  ];
}

/** Opens a dispute once, and once more when an inquiry becomes a dispute. */
function opening(command: RecordDispute, known: Dispute | undefined, at: string): AccountEvent[] {
  const { disputeId, lotId, amount, reason, evidenceDueAt } = command;
  const inquiry = command.inquiry && command.withdrawn === ZERO;
  if (known !== undefined && (inquiry || !known.inquiry || known.outcome !== undefined)) return [];
  const due = evidenceDueAt === undefined ? {} : { evidenceDueAt: toInstant(evidenceDueAt) };
  const about = { disputeId, lotId, amount: formatUsd(amount), reason, inquiry };
  return [{ type: 'DisputeOpened', data: { ...about, ...due, at } }];
}

/** Takes from the rest of the purchase first, then from other credit. What no lot covers makes the balance negative. */
function withdraw(
  { disputeId, lotId, withdrawn }: RecordDispute,
  known: Dispute | undefined,
  { lots }: AccountState,
  now: number,
): AccountEventData<'DisputeFundsWithdrawn'> | undefined {
  const more = subtract(withdrawn, known?.withdrawn ?? ZERO);
  if (more <= ZERO) return undefined;
  const { slices, uncovered } = take(ownFirst(lots, lotId, now), more);
  return {
    disputeId,
    amount: formatUsd(more),
    slices,
    ...unlessZero('uncovered', uncovered),
    at: toInstant(now),
  };
}

function* ownFirst(lots: Lots, lotId: string, now: number): Generator<Lot, void> {
  const own = lotOf(lots, lotId);
  if (own !== undefined) yield own;
  for (const lot of aliveLots(lots, now)) if (lot !== own) yield lot;
}

/** Gives back in the reverse order of taking; what has paid off the uncovered part since goes to the purchase. */
function reinstate(
  { disputeId, lotId, reinstated }: RecordDispute,
  dispute: Dispute,
  debt: Amount,
  at: string,
): AccountEventData<'DisputeFundsReinstated'> | undefined {
  const more = subtract(reinstated, dispute.reinstated);
  if (more <= ZERO) return undefined;
  const { coveredDebt, paidSince, back } = reversal(dispute, more, debt);
  const slices = [...(paidSince > ZERO ? [{ lotId, amount: formatUsd(paidSince) }] : []), ...back];
  return { disputeId, amount: formatUsd(more), slices, ...unlessZero('coveredDebt', coveredDebt), at };
}

const newDispute = ({ disputeId: id, lotId, inquiry }: Pick<RecordDispute, 'disputeId' | 'lotId' | 'inquiry'>) =>
  ({
    id,
    lotId,
    inquiry,
    withdrawn: ZERO,
    reinstated: ZERO,
    slices: [],
    uncovered: ZERO,
    outcome: undefined,
  }) as Dispute;

const withWithdrawal = (dispute: Dispute, data: AccountEventData<'DisputeFundsWithdrawn'>): Dispute => ({
  ...dispute,
  withdrawn: add(dispute.withdrawn, usd(data.amount)),
  slices: [...dispute.slices, ...data.slices],
  uncovered: add(dispute.uncovered, usd(data.uncovered ?? '0')),
});

export function evolveDispute(
  state: AccountState,
  event: Extract<AccountEvent, { data: { disputeId: string } }>,
): void {
  const { type, data } = event;
  const known = state.disputes.get(data.disputeId);
  if (type === 'DisputeOpened') {
    if (known !== undefined && !known.inquiry) throw new Error(`impossible history: ${data.disputeId} is open already`);
    return note(state, { ...(known ?? newDispute(data)), inquiry: data.inquiry });
  }
  if (known === undefined) throw new Error(`impossible history: ${type} of ${data.disputeId}, which never opened`);
  switch (type) {
    case 'DisputeFundsWithdrawn':
      applySlices(state.lots, data.slices);
      state.debt = add(state.debt, usd(data.uncovered ?? '0'));
      return note(state, withWithdrawal(known, data));
    case 'DisputeFundsReinstated':
      return note(state, giveBack(state, known, data));
    case 'DisputeClosed':
      return note(state, { ...known, outcome: data.outcome });
  }
}

function note({ disputes, index }: AccountState, dispute: Dispute): void {
  disputes.set(dispute.id, dispute);
  if (freezes(dispute)) index.freezing.add(dispute.id);
  else index.freezing.delete(dispute.id);
}

function giveBack(state: AccountState, dispute: Dispute, data: AccountEventData<'DisputeFundsReinstated'>): Dispute {
  const amount = usd(data.amount);
  payOff(state, data.coveredDebt, `dispute ${dispute.id}`);
  returnSlices(state.lots, data.slices, fromInstant(data.at));
  return { ...dispute, ...afterReversal(dispute, amount), reinstated: add(dispute.reinstated, amount) };
}
