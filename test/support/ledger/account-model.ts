// What an account should come to, said a second time in the plainest way: integers, lists, and everything looked up from the
// beginning. Shares no code with the ledger. It predicts whether a command changes anything, and every balance.
import type { Amount } from '../../../src/kernel/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import { charge, spentOf } from './model-charges.js';
import { changeModelKey, EndedKeys, firstOf, isLine, type ModelKey, reissueModelKey } from './model-keys.js';
import { endByHand } from './model-refund-ends.js';
import { rerate } from './model-reratings.js';
import { reach } from './model-time.js';
import {
  DAY,
  FIVE_MINUTES,
  isUnderWay,
  type ModelTaken,
  type ModelCall,
  type ModelCharge,
  type ModelDispute,
  type ModelLot,
  type ModelRefund,
  periods,
  pico,
  sizeOf,
  told,
  total,
  wholeCents,
} from './model-shapes.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

/** Who asks for what was refunded at Stripe. */
const STRIPE = 'stripe';

interface EndOfRefund extends Pick<Command<'CompleteRefund' | 'FailRefund'>, 'type' | 'refundId'> {
  readonly reason?: Command<'FailRefund'>['reason'];
}

export class AccountModel {
  /** The instant of the newest event, by the clock of who wrote it. */
  clock = 0;
  /** How often that was turned back. */
  turns = 0;
  opened = false;
  suspended = false;
  closed = false;
  debt = 0n;
  credited = 0n;
  expired = 0n;
  adjusted = 0n;
  /** Taken for refunds and disputes, and not back. */
  paidOut = 0n;
  readonly keys = new Map<string, ModelKey>();
  readonly lots: ModelLot[] = [];
  readonly calls = new Map<string, ModelCall>();
  readonly charges: ModelCharge[] = [];
  readonly ended = new EndedKeys();
  readonly refunds = new Map<string, ModelRefund>();
  readonly disputes = new Map<string, ModelDispute>();
  readonly #adjustments = new Set<string>();

  get posted(): bigint {
    return total(this.lots.map(({ left }) => left)) - this.debt;
  }

  charged = 0n;
  reratings = 0;

  held(keyId?: string): bigint {
    const open = [...this.calls.values()].filter(({ status }) => status === 'held');
    return total(
      open.filter((call) => keyId === undefined || isLine(this.keys, call.keyId, keyId)).map(({ hold }) => hold),
    );
  }

  available(at: number): bigint {
    const alive = this.lots.filter(({ expiresAt }) => expiresAt > at);
    return total(alive.map(({ left }) => left)) - this.debt - this.held();
  }

  /** Executes a command; whether it changes anything. */
  execute(command: Exclude<AccountCommand, { type: 'ExpireCredit' }>): boolean {
    const at = this.#turnsBack(command) ? command.at : Math.max(command.at, this.clock);
    const changed = command.type === 'OpenAccount' ? !this.opened : this.opened && this.#change(command, at);
    if (command.type === 'OpenAccount') this.opened = true;
    if (changed) reach(this, at);
    return changed;
  }

  /** Whether it comes from a clock that is behind by more than is remembered, and knows that. */
  #turnsBack(command: AccountCommand): boolean {
    return command.type === 'PlaceHold' && command.turn === this.turns + 1 && command.at + FIVE_MINUTES <= this.clock;
  }

  #change(command: Exclude<AccountCommand, { type: 'ExpireCredit' | 'OpenAccount' }>, at: number): boolean {
    switch (command.type) {
      case 'SuspendAccount':
      case 'ReinstateAccount':
        return this.#suspend(command.type === 'SuspendAccount');
      case 'IssueKey':
        if (this.keys.has(command.keyId) || this.closed || command.at <= this.ended.forgotten) return false;
        this.keys.set(command.keyId, { settings: command.settings, revoked: false, issuedAt: at });
        this.ended.forget(this, at);
        return true;
      case 'ReissueKey':
        if (this.closed || command.at <= this.ended.forgotten || !reissueModelKey(this.keys, command, at)) return false;
        this.ended.forget(this, at);
        return true;
      case 'RevokeKey':
        if (!changeModelKey(this.keys, command)) return false;
        return this.ended.lines.push({ root: firstOf(this.keys, command.keyId), at }) > 0;
      case 'UpdateKey':
        return changeModelKey(this.keys, command);
      case 'PurchaseCredit':
      case 'GrantCredit':
        return this.#credit(command, at);
      case 'PlaceHold':
        return this.#placeHold(command, at);
      case 'SettleHold':
        return this.#settle(command, at);
      case 'ReleaseHold':
        return this.#release(command.chargeId, at);
      case 'RerateCharge':
        return rerate(this, command, at);
      case 'AdjustBalance':
        return this.#adjust(command, at);
      case 'RequestRefund':
      case 'RecordRefund':
        return this.#refund(command, at);
      case 'ApproveRefund':
        return this.#approve(command, at);
      case 'CompleteRefund':
      case 'FailRefund':
        return this.#endRefund(command);
      case 'ProposeRefundEnd':
      case 'ApproveRefundEnd':
      case 'DeclineRefundEnd':
        return endByHand(this, command, (type, refundId) => this.#endRefund({ type, refundId }));
      case 'RecordDispute':
        return this.#dispute(command, at);
      case 'CloseAccount':
        return !this.closed && ![...this.refunds.values()].some(isUnderWay) && (this.closed = true);
    }
  }

  #refund(command: Command<'RequestRefund' | 'RecordRefund'>, at: number): boolean {
    const by = command.type === 'RecordRefund' ? STRIPE : command.requestedBy;
    // Histories ask for a refund of one purchase.
    const { refundId, lotId } = command.type === 'RecordRefund' ? command : command.parts[0]!;
    const amount = command.amount ?? 0n;
    const lot = this.lots.find(({ id }) => id === lotId);
    if (this.refunds.has(refundId) || lot === undefined || amount <= 0n) return false;
    if (command.type === 'RequestRefund') {
      if (lot.bonus || lot.successor || lot.expiresAt <= at || lot.createdAt + command.windowMs < at) return false;
      if ([...this.disputes.values()].some((each) => each.lotId === lotId && each.frozen && !each.closed)) return false;
      if (amount > wholeCents(lot.left) || amount > wholeCents(this.available(at))) return false;
    }
    const fromLot = amount < lot.left ? amount : lot.left;
    lot.left -= fromLot;
    this.debt += amount - fromLot;
    this.paidOut += amount;
    const undecided = { status: 'requested' as const, approvedAlone: false, approvedAt: 0, uncounted: false };
    return this.refunds.set(refundId, { lot, fromLot, owed: amount - fromLot, by, ...undecided }).size > 0;
  }

  /** The same person may approve what, with what they did within a day, is up to the limit. */
  #approve({ refundId, approvedBy, alone }: Command<'ApproveRefund'>, at: number): boolean {
    const refund = this.refunds.get(refundId);
    if (refund?.status !== 'requested' || refund.by === STRIPE) return false;
    const before = [...this.refunds.values()].filter(
      (each) =>
        each.approvedAlone &&
        each.by === approvedBy &&
        each.status !== 'failed' &&
        !each.uncounted &&
        each.approvedAt > at - DAY,
    );
    const approvedAlone = refund.by === approvedBy;
    if (approvedAlone && total([refund, ...before].map(sizeOf)) > alone) return false;
    Object.assign(refund, { status: 'approved', approvedAlone, approvedAt: at });
    return true;
  }

  #endRefund({ type, refundId, reason }: EndOfRefund): boolean {
    const refund = this.refunds.get(refundId);
    if (refund === undefined || refund.status === 'failed') return false;
    const isDecision = reason === 'declined' || reason === 'withdrawn';
    if (isDecision && (refund.status !== 'requested' || refund.by === STRIPE)) return false;
    if (type === 'CompleteRefund' && refund.status === 'completed') return false;
    refund.status = type === 'CompleteRefund' ? 'completed' : 'failed';
    if (type === 'CompleteRefund') return true;
    // To the debt as far as there is one, whatever it is of.
    this.#giveBack(undefined, refund.owed + refund.fromLot, refund.lot);
    return true;
  }

  /** To the debt as far as there is one, else to the purchase. */
  #giveBack(lot: ModelLot | undefined, amount: bigint, purchase: ModelLot): void {
    const covered = lot !== undefined ? 0n : amount < this.debt ? amount : this.debt;
    this.debt -= covered;
    (lot ?? purchase).left += amount - covered;
    this.paidOut -= amount;
  }

  #dispute(command: Command<'RecordDispute'>, at: number): boolean {
    const { disputeId, lotId, amount, withdrawn, reinstated, inquiry, outcome } = command;
    const purchase = this.lots.find(({ id }) => id === lotId);
    if (purchase === undefined || amount > purchase.amount || withdrawn > purchase.amount || reinstated > withdrawn)
      return false;
    const known = this.disputes.get(disputeId);
    const dispute = known ?? { lotId, frozen: false, closed: '', withdrawn: 0n, reinstated: 0n, taken: [] };
    this.disputes.set(disputeId, dispute);
    const before = told(dispute);
    if ((!inquiry || withdrawn > 0n) && !(known !== undefined && dispute.closed !== '')) dispute.frozen = true;
    const order = [purchase, ...this.#alive(at).filter((lot) => lot !== purchase)];
    for (; dispute.withdrawn < withdrawn;) {
      const lot = order.shift();
      const missing = withdrawn - dispute.withdrawn;
      const part = lot === undefined || missing < lot.left ? missing : lot.left;
      if (part > 0n) dispute.taken.push({ lot, amount: part });
      if (lot === undefined) this.debt += part;
      else lot.left -= part;
      this.paidOut += part;
      dispute.withdrawn += part;
    }
    // What made debts goes first.
    dispute.taken.sort((a, b) => Number(a.lot === undefined) - Number(b.lot === undefined));
    for (; dispute.reinstated < reinstated;) {
      const last = dispute.taken.at(-1);
      if (last === undefined) throw new Error('more came back than was taken');
      const missing = reinstated - dispute.reinstated;
      const part = missing < last.amount ? missing : last.amount;
      this.#giveBack(last.lot, part, purchase);
      last.amount -= part;
      if (last.amount === 0n) dispute.taken.pop();
      dispute.reinstated += part;
    }
    if (outcome !== undefined && outcome > dispute.closed) dispute.closed = outcome;
    return known === undefined || before !== told(dispute);
  }

  #suspend(suspended: boolean): boolean {
    const changed = this.suspended !== suspended;
    this.suspended = suspended;
    return changed;
  }

  #credit({ type, lotId, amount, expiresAt }: Command<'PurchaseCredit' | 'GrantCredit'>, at: number): boolean {
    if (this.lots.some(({ id }) => id === lotId) || amount <= 0n) return false;
    this.credited += amount;
    this.#addLot({ id: lotId, bonus: type === 'GrantCredit', expiresAt, createdAt: at, amount, left: amount });
    return true;
  }

  #addLot(lot: ModelLot): void {
    const covered = lot.left < this.debt ? lot.left : this.debt;
    this.debt -= covered;
    lot.left -= covered;
    this.lots.push(lot);
  }

  /** Calls of a key that can still be under way. */
  underWay(keyId: string, at: number): number {
    const open = [...this.calls.values()].filter(({ status, expiresAt }) => status === 'held' && expiresAt > at);
    return open.filter((call) => isLine(this.keys, call.keyId, keyId)).length;
  }

  /** What a hold can take: what is available, and within each budget of the key. */
  #room(keyId: string, at: number): Amount {
    const left = (Object.keys(periods) as (keyof typeof periods)[]).flatMap((budget) => {
      const limit = this.keys.get(keyId)?.settings[budget];
      return limit === undefined
        ? []
        : [pico(limit) - spentOf(this.charges, this.keys, keyId, budget, at) - this.held(keyId)];
    });
    return [this.available(at), ...left].reduce((least, one) => (one < least ? one : least)) as Amount;
  }

  #placeHold(command: Command<'PlaceHold'>, at: number): boolean {
    const { chargeId, keyId, ttlMs, turn = this.turns } = command;
    const amount = typeof command.amount === 'function' ? command.amount(this.#room(keyId, at), at) : command.amount;
    const key = this.keys.get(keyId);
    if (this.calls.has(chargeId) || this.suspended || this.closed) return false;
    if (turn < this.turns || (command.at + FIVE_MINUTES <= this.clock && !this.#turnsBack(command))) return false;
    if ([...this.disputes.values()].some(({ frozen, closed }) => frozen && !closed)) return false;
    if (key === undefined || key.revoked) return false;
    const { settings } = key;
    if (settings.expiresAt !== undefined && Date.parse(settings.expiresAt) <= at) return false;
    if (amount > this.#room(keyId, at)) return false;
    if (this.underWay(keyId, at) >= (settings.parallelRequests ?? Infinity)) return false;
    const open = { status: 'held', endedAt: at, forgotten: false } as const;
    const nothing = { cost: 0n, taken: [] };
    this.calls.set(chargeId, { keyId, hold: amount, placedAt: at, expiresAt: at + ttlMs, ...open, ...nothing });
    return true;
  }

  #settle({ chargeId, cost }: Command<'SettleHold'>, at: number): boolean {
    const call = this.calls.get(chargeId);
    if (call === undefined || call.status === 'charged') return false;
    if (call.status === 'released' && (call.forgotten || at >= call.endedAt + DAY)) return false;
    call.taken = this.take(cost, call.placedAt);
    call.cost = cost;
    this.charged += cost;
    charge(this.charges, this.keys, { keyId: this.keys.has(call.keyId) ? call.keyId : 'forgotten', cost, at });
    Object.assign(call, { status: 'charged', endedAt: at });
    return true;
  }

  #release(chargeId: string, at: number): boolean {
    const call = this.calls.get(chargeId);
    if (call?.status !== 'held') return false;
    Object.assign(call, { status: 'released', endedAt: at });
    return true;
  }

  #adjust({ adjustmentId, amount, expiresAt }: Command<'AdjustBalance'>, at: number): boolean {
    if (this.#adjustments.has(adjustmentId) || amount === 0n) return false;
    this.#adjustments.add(adjustmentId);
    this.adjusted -= amount;
    if (amount < 0n) this.take(-amount, at);
    else this.#addLot({ id: adjustmentId, bonus: true, expiresAt, createdAt: at, amount, left: amount });
    return true;
  }

  /** Bonus before paid, earlier expiry first, older first; what no lot covers is debt. */
  take(amount: bigint, aliveAt: number): ModelTaken[] {
    let missing = amount;
    const pieces: ModelTaken[] = [];
    for (const lot of this.#alive(aliveAt)) {
      const taken = lot.left < missing ? lot.left : missing;
      lot.left -= taken;
      missing -= taken;
      if (taken > 0n) pieces.push({ lot, amount: taken });
    }
    this.debt += missing;
    return missing > 0n ? [...pieces, { lot: undefined, amount: missing }] : pieces;
  }

  #alive(at: number): ModelLot[] {
    return this.lots
      .filter(({ expiresAt }) => expiresAt > at)
      .toSorted((a, b) => Number(b.bonus) - Number(a.bonus) || a.expiresAt - b.expiresAt || a.createdAt - b.createdAt);
  }
}
