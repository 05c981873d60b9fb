// What each event does to an account. `evolve` owns the state it is given and advances it in place: a busy account is folded
// at hundreds of thousands of events a second. Impossible history throws.
import { add, formatUsd, fromInstant, magnitude, max, subtract, usd, ZERO } from '../kernel/index.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import type { Hold } from './account.entities.js';
import { indexHold, unindexHold } from './account.index.js';
import { type AccountState, holdOf, HOLD_REPLAY_WINDOW_MS, LATE_CHARGE_WINDOW_MS, purseOf } from './account.state.js';
import { withCharge } from './budgets.js';
import { payOff } from './debt.js';
import { evolveDispute } from './disputes.js';
import { changeKey, endKey, issueKey, keyOf } from './keys.evolve.js';
import { addLot, applySlices, type LotKind } from './lots.js';
import { noteReference } from './references.js';
import { evolveApproved, evolveRefund, evolveRequested } from './refunds.js';
import { evolveEndDeclined, evolveEndProposed } from './stuck-refunds.js';
import { evolveRerated } from './rerating.js';
import { addSettled, forgetOldest, forgetSettled } from './settled-charges.js';
import { turnBack } from './turn-back.js';
import { forgetDecisions, noteDecision } from './two-people.js';

export function evolve(state: AccountState, event: AccountEvent): AccountState {
  const at = fromInstant(event.data.at);
  if (at < state.lastAt)
    throw new Error(`impossible history: ${event.type} at ${event.data.at} is earlier than the event before`);
  if ((state.accountId === undefined) !== (event.type === 'AccountOpened')) {
    throw new Error(
      `impossible history: ${event.type} on an account that is ${state.accountId === undefined ? 'not' : 'already'} open`,
    );
  }
  const clock = event.data.clock === undefined ? at : fromInstant(event.data.clock);
  if (clock > at) throw new Error(`impossible history: ${event.type} at ${event.data.at} has a clock that is later`);
  if (clock < state.clock) turnBack(state, clock);
  state.lastAt = at;
  state.clock = clock;
  // First, so that what is packed with this event's charge is never older than what is remembered.
  forgetSettled(state.settled, clock);
  apply(state, event, clock);
  forgetOldest(state.released, ({ until }) => until <= clock);
  forgetDecisions(state, clock);
  return state;
}

/** @param at the instant by the writer's own clock */
function apply(state: AccountState, event: AccountEvent, at: number): void {
  const { type, data } = event;
  switch (type) {
    case 'AccountOpened':
      state.accountId = data.accountId;
      state.openedAt = at;
      return noteReference(state, data.reference, { type, id: data.accountId, facts: {} });
    case 'AccountSuspended':
      state.suspended = true;
      return;
    case 'AccountReinstated':
      state.suspended = false;
      return;
    case 'AccountClosed':
      state.closed = true;
      return;
    case 'KeyIssued':
      return issueKey(state, data, at);
    case 'KeyUpdated':
      return changeKey(keyOf(state, data.keyId), data);
    case 'KeyRevoked':
      return endKey(state, keyOf(state, data.keyId), at);
    case 'CreditPurchased':
      return addCredit(state, { ...data, id: data.lotId, kind: 'paid' }, at);
    case 'CreditGranted':
      return addGrant(state, data, at);
    case 'CreditExpired':
      return expireLot(state, data);
    case 'HoldPlaced':
      return openHold(state, data);
    case 'TokensCharged':
      return settle(state, data, at);
    case 'HoldReleased':
      state.released.set(data.chargeId, { hold: closeHold(state, data.chargeId), until: at + LATE_CHARGE_WINDOW_MS });
      return;
    case 'BalanceAdjusted':
      return adjust(state, data, at);
    case 'ChargeRerated':
      return evolveRerated(state, data, at);
    case 'RefundRequested':
      return evolveRequested(state, data);
    case 'RefundApproved':
      return evolveApproved(state, data, at);
    case 'RefundEndProposed':
      return evolveEndProposed(state, data);
    case 'RefundEndDeclined':
      return evolveEndDeclined(state, data.refundId);
    case 'RefundCompleted':
      return evolveRefund(state, data.refundId, 'completed');
    case 'RefundFailed':
      return evolveRefund(state, data.refundId, 'failed', data);
    case 'DisputeOpened':
    case 'DisputeFundsWithdrawn':
    case 'DisputeFundsReinstated':
    case 'DisputeClosed':
      return evolveDispute(state, event);
    default:
      throw new Error(`impossible history: unknown event ${type satisfies never}`);
  }
}

function addGrant(state: AccountState, data: AccountEventData<'CreditGranted'>, at: number): void {
  const { lotId: id, amount, reason, expiresAt, by, approvedBy, reference } = data;
  addCredit(state, { ...data, id, kind: 'bonus' }, at);
  noteReference(state, reference, { type: 'CreditGranted', id, facts: { amount, reason, by, approvedBy, expiresAt } });
  noteDecision(state, { id, requestedBy: by, approvedBy, amount: usd(amount) }, at);
}

interface CreditData {
  readonly id: string;
  readonly kind: LotKind;
  readonly amount: string;
  readonly expiresAt: string;
  readonly coveredDebt?: string | undefined;
}

function addCredit(state: AccountState, { id, kind, ...data }: CreditData, createdAt: number): void {
  const amount = usd(data.amount);
  const covered = payOff(state, data.coveredDebt, `lot ${id}`);
  if (covered > amount) throw new Error(`impossible history: lot ${id} covers more debt than it is worth`);
  const expiresAt = fromInstant(data.expiresAt);
  addLot(state.lots, { id, kind, amount, remaining: subtract(amount, covered), expiresAt, createdAt });
}

function expireLot(state: AccountState, { lotId, amount, coveredDebt }: AccountEventData<'CreditExpired'>): void {
  const covered = payOff(state, coveredDebt, `lot ${lotId}`);
  applySlices(state.lots, [{ lotId, amount: formatUsd(add(usd(amount), covered)) }]);
}

function openHold(state: AccountState, data: AccountEventData<'HoldPlaced'>): void {
  if (state.holds.has(data.chargeId)) throw new Error(`impossible history: hold ${data.chargeId} is already open`);
  const key = keyOf(state, data.keyId);
  const purse = purseOf(state, key);
  const hold = holdOf(data);
  indexHold(state.index, key, data.chargeId);
  state.holds.set(data.chargeId, hold);
  state.held = add(state.held, hold.value);
  purse.held = add(purse.held, hold.value);
}

function closeHold(state: AccountState, chargeId: string): Hold {
  const hold = state.holds.get(chargeId);
  if (hold === undefined) throw new Error(`impossible history: hold ${chargeId} is not open`);
  const key = keyOf(state, hold.keyId);
  const purse = purseOf(state, key);
  unindexHold(state.index, key, chargeId);
  state.holds.delete(chargeId);
  state.held = subtract(state.held, hold.value);
  purse.held = subtract(purse.held, hold.value);
  return hold;
}

function settle(state: AccountState, data: AccountEventData<'TokensCharged'>, at: number): void {
  const { chargeId } = data;
  if (!data.late) closeHold(state, chargeId);
  else if (!state.released.delete(chargeId) && data.byHand === undefined)
    throw new Error(`impossible history: late charge ${chargeId} without a released hold`);
  if (data.byHand !== undefined) chargedByHand(state, chargeId);
  applySlices(state.lots, data.slices);
  state.debt = add(state.debt, usd(data.uncovered ?? '0'));
  // The key of a late charge may be forgotten already.
  const key = data.late ? state.keys.get(data.keyId) : keyOf(state, data.keyId);
  const purse = key && purseOf(state, key);
  if (purse !== undefined) purse.spend = withCharge(purse.spend, usd(data.cost), at);
  addSettled(state.settled, chargeId, at + HOLD_REPLAY_WINDOW_MS);
}

function chargedByHand(state: AccountState, chargeId: string): void {
  if (state.chargedByHand.has(chargeId))
    throw new Error(`impossible history: charge ${chargeId} was made by hand already`);
  state.chargedByHand.add(chargeId);
}

function adjust(state: AccountState, data: AccountEventData<'BalanceAdjusted'>, at: number): void {
  if (state.adjustments.has(data.adjustmentId)) {
    throw new Error(`impossible history: adjustment ${data.adjustmentId} was already made`);
  }
  const { adjustmentId: id, amount, reason, requestedBy, approvedBy, servedAt, reference } = data;
  const facts = { amount, reason, requestedBy, approvedBy, ...(servedAt !== undefined && { servedAt }) };
  state.adjustments.add(id);
  noteReference(state, reference, { type: 'BalanceAdjusted', id, facts });
  noteDecision(state, { id, requestedBy, approvedBy, amount: magnitude(usd(amount)) }, at);
  if (data.expiresAt !== undefined) {
    return addCredit(state, { ...data, id, kind: 'bonus', expiresAt: data.expiresAt }, at);
  }
  applySlices(state.lots, data.slices);
  state.debt = max(ZERO, add(state.debt, usd(data.uncovered ?? '0')));
}
