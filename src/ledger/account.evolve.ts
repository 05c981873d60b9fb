// What each event does to an account. `evolve` owns the state it is given and advances it in place: a busy account is folded
// at hundreds of thousands of events a second. Impossible history throws.
import { add, fromInstant, magnitude, max, subtract, usd, ZERO } from '../kernel/index.js';
import { type AccountEvent, type AccountEventData, settingsIn } from './account.events.js';
import {
  type AccountState,
  type Hold,
  holdOf,
  HOLD_REPLAY_WINDOW_MS,
  type Key,
  LATE_CHARGE_WINDOW_MS,
  purseOf,
} from './account.state.js';
import { noSpend, withCharge } from './budgets.js';
import { evolveDispute } from './disputes.js';
import { settingsText } from './keys.js';
import { applySlices, type Lot, withLot } from './lots.js';
import { noteReference } from './references.js';
import { evolveApproved, evolveRefund, evolveRequested } from './refunds.js';
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
  state.lastAt = at;
  apply(state, event, at);
  forget(state.settled, (until) => until <= at);
  forget(state.released, ({ until }) => until <= at);
  forgetDecisions(state, at);
  return state;
}

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
      Object.assign(keyOf(state, data.keyId), settingsOf(data));
      return;
    case 'KeyRevoked':
      keyOf(state, data.keyId).revokedAt = at;
      return;
    case 'CreditPurchased':
      return addLot(state, { ...data, id: data.lotId, kind: 'paid' }, at);
    case 'CreditGranted':
      return addGrant(state, data, at);
    case 'CreditExpired':
      return applySlices(state.lots, [data]);
    case 'HoldPlaced':
      return openHold(state, data);
    case 'TokensCharged':
      return settle(state, data, at);
    case 'HoldReleased':
      state.released.set(data.chargeId, { hold: closeHold(state, data.chargeId), until: at + LATE_CHARGE_WINDOW_MS });
      return;
    case 'BalanceAdjusted':
      return adjust(state, data, at);
    case 'RefundRequested':
      return evolveRequested(state, data);
    case 'RefundApproved':
      return evolveApproved(state, data, at);
    case 'RefundCompleted':
      return evolveRefund(state, data.refundId, 'completed');
    case 'RefundFailed':
      return evolveRefund(state, data.refundId, 'failed', data.coveredDebt);
    case 'DisputeOpened':
    case 'DisputeFundsWithdrawn':
    case 'DisputeFundsReinstated':
    case 'DisputeClosed':
      return evolveDispute(state, event);
    default:
      throw new Error(`impossible history: unknown event ${type satisfies never}`);
  }
}

function settingsOf(data: AccountEventData<'KeyUpdated'>): Pick<Key, 'settings' | 'expiresAt'> {
  const settings = settingsIn(data);
  return { settings, expiresAt: settings.expiresAt === undefined ? undefined : fromInstant(settings.expiresAt) };
}

function issueKey(state: AccountState, data: AccountEventData<'KeyIssued'>, issuedAt: number): void {
  const { keyId: id, secretHash, last4, replaces, reference } = data;
  if (state.keys.has(id)) throw new Error(`impossible history: key ${id} was already issued`);
  const replaced = replaces === undefined ? undefined : keyOf(state, replaces);
  if (replaced?.replacedBy !== undefined) throw new Error(`impossible history: key ${replaced.id} is replaced twice`);
  if (replaced !== undefined) replaced.replacedBy = id;
  const place = { replaces, root: replaced?.root ?? id, replacedBy: undefined };
  const unused = { revokedAt: undefined, held: ZERO, spend: noSpend };
  const key = { id, secretHash, last4, issuedAt, ...place, ...settingsOf(data), ...unused };
  state.keys.set(id, key);
  noteReference(state, reference, { type: 'KeyIssued', id, facts: { settings: settingsText(key.settings) } });
}

function addGrant(state: AccountState, data: AccountEventData<'CreditGranted'>, at: number): void {
  const { lotId: id, amount, reason, expiresAt, by, approvedBy, reference } = data;
  addLot(state, { ...data, id, kind: 'bonus' }, at);
  noteReference(state, reference, { type: 'CreditGranted', id, facts: { amount, reason, by, approvedBy, expiresAt } });
  noteDecision(state, { id, requestedBy: by, approvedBy, amount: usd(amount) }, at);
}

function addLot(
  state: AccountState,
  lot: Pick<Lot, 'id' | 'kind'> & { amount: string; expiresAt: string; coveredDebt?: string | undefined },
  createdAt: number,
): void {
  if (state.lots.some(({ id }) => id === lot.id))
    throw new Error(`impossible history: lot ${lot.id} was already added`);
  const amount = usd(lot.amount);
  const covered = usd(lot.coveredDebt ?? '0');
  if (covered > amount || covered > state.debt)
    throw new Error(`impossible history: lot ${lot.id} covers more debt than there is`);
  const expiresAt = fromInstant(lot.expiresAt);
  const remaining = subtract(amount, covered);
  state.lots = withLot(state.lots, { id: lot.id, kind: lot.kind, amount, remaining, expiresAt, createdAt });
  state.debt = subtract(state.debt, covered);
}

function openHold(state: AccountState, data: AccountEventData<'HoldPlaced'>): void {
  if (state.holds.has(data.chargeId)) throw new Error(`impossible history: hold ${data.chargeId} is already open`);
  const purse = purseOf(state, keyOf(state, data.keyId));
  const hold = holdOf(data);
  state.holds.set(data.chargeId, hold);
  state.held = add(state.held, hold.value);
  purse.held = add(purse.held, hold.value);
}

function closeHold(state: AccountState, chargeId: string): Hold {
  const hold = state.holds.get(chargeId);
  if (hold === undefined) throw new Error(`impossible history: hold ${chargeId} is not open`);
  const purse = purseOf(state, keyOf(state, hold.keyId));
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
  const purse = purseOf(state, keyOf(state, data.keyId));
  purse.spend = withCharge(purse.spend, usd(data.cost), at);
  state.settled.set(chargeId, at + HOLD_REPLAY_WINDOW_MS);
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
  const { adjustmentId: id, amount, reason, requestedBy, approvedBy, reference } = data;
  state.adjustments.add(id);
  noteReference(state, reference, { type: 'BalanceAdjusted', id, facts: { amount, reason, requestedBy, approvedBy } });
  noteDecision(state, { id, requestedBy, approvedBy, amount: magnitude(usd(amount)) }, at);
  if (data.expiresAt !== undefined) {
    return addLot(state, { ...data, id, kind: 'bonus', expiresAt: data.expiresAt }, at);
  }
  applySlices(state.lots, data.slices);
  state.debt = max(ZERO, add(state.debt, usd(data.uncovered ?? '0')));
}

function keyOf(state: AccountState, keyId: string): Key {
  const key = state.keys.get(keyId);
  if (key === undefined) throw new Error(`impossible history: key ${keyId} was never issued`);
  return key;
}

/** Drops the oldest entries while they may be forgotten: entries come in order of time, so this stops at the first that may not. */
function forget<Entry>(entries: Map<string, Entry>, mayGo: (entry: Entry) => boolean): void {
  for (const [id, entry] of entries) {
    if (!mayGo(entry)) return;
    entries.delete(id);
  }
}
