// The reconciliation of a day with Stripe. Invariants: an item is open until the sides agree or two people close it; what is booked for it is
// exactly what Stripe has and the ledger has not. Pure: no clock, no ids, no I/O.
import { isDeepStrictEqual as same } from 'node:util';
import { type Decider, fromInstant, refuse, type Rejection, toInstant, type Issued } from '../../kernel/index.js';
import type {
  Agreement,
  Comparison,
  ItemSides,
  ReconciliationEvent,
  ReconciliationEventData,
  ResolutionAction,
} from './reconciliation.events.js';

export type ReconciliationCommand = Issued &
  (
    | { readonly type: 'RecordComparison'; readonly comparison: Comparison }
    /** What a comparison found that does not agree. */
    | { readonly type: 'RecordItem'; readonly itemId: string; readonly sides: ItemSides }
    | { readonly type: 'RecordMatch'; readonly itemId: string; readonly agreement: Agreement }
    | {
        readonly type: 'RequestResolution';
        readonly itemId: string;
        readonly action: ResolutionAction;
        readonly topupId?: string | undefined;
        readonly reason: string;
        readonly evidence?: string | undefined;
        readonly requestedBy: string;
      }
    | {
        readonly type: 'ApproveResolution';
        readonly itemId: string;
        readonly approvedBy: string;
        readonly reason?: string | undefined;
        /** When what is approved was proposed: a later proposal may be another one. */
        readonly proposedAt?: string | undefined;
      }
    | {
        readonly type: 'DeclineResolution';
        readonly itemId: string;
        readonly declinedBy: string;
        readonly reason: string;
      }
  );

type Command<T extends ReconciliationCommand['type']> = Extract<ReconciliationCommand, { type: T }>;
type Request = ReconciliationEventData<'ResolutionRequested'>;
type Decision = readonly ReconciliationEvent[] | Rejection;

interface Item {
  readonly status: 'open' | 'matched' | 'resolved';
  readonly sides: ItemSides;
  readonly request?: Request | undefined;
}

export interface ReconciliationState {
  readonly items: Map<string, Item>;
  last: Comparison | undefined;
  lastAt: number;
}

const nothingNew: Decision = [];

export const reconciliation: Decider<ReconciliationState, ReconciliationCommand, ReconciliationEvent> = {
  initial: () => ({ items: new Map(), last: undefined, lastAt: 0 }),
  decide(command, state) {
    const at = toInstant(Math.max(command.at, state.lastAt));
    switch (command.type) {
      case 'RecordComparison':
        if (same(state.last, command.comparison)) return nothingNew;
        return [{ type: 'StripeDayCompared', data: { ...command.comparison, at } }];
      case 'RecordItem':
        return recordItem(command, state, at);
      case 'RecordMatch': {
        const { itemId, agreement } = command;
        if (state.items.get(itemId)?.status !== 'open') return nothingNew;
        return [{ type: 'ReconciliationItemMatched', data: { itemId, ...agreement, at } }];
      }
      case 'RequestResolution':
        return requestResolution(command, state, at);
      case 'ApproveResolution':
        return approveResolution(command, state, at);
      case 'DeclineResolution': {
        const { itemId, declinedBy, reason } = command;
        const item = state.items.get(itemId);
        if (item === undefined) return notFound(itemId);
        if (item.request === undefined) return item.status === 'open' ? nothingNew : closed(itemId);
        return [{ type: 'ResolutionDeclined', data: { itemId, declinedBy, reason, at } }];
      }
    }
  },
  evolve,
};

function recordItem({ itemId, sides }: Command<'RecordItem'>, state: ReconciliationState, at: string): Decision {
  const item = state.items.get(itemId);
  // What was explained away stays so while the difference is the one that was explained.
  if (item?.status === 'resolved' && same(item.sides.corrections, sides.corrections)) return nothingNew;
  if (item?.status === 'open' && same(item.sides, sides)) return nothingNew;
  return [{ type: 'ReconciliationItemOpened', data: { itemId, ...sides, at } }];
}

function requestResolution(
  command: Command<'RequestResolution'>,
  { items }: ReconciliationState,
  at: string,
): Decision {
  const { itemId, action, topupId, reason, evidence, requestedBy } = command;
  const item = items.get(itemId);
  if (item === undefined) return notFound(itemId);
  if (item.status !== 'open') return closed(itemId);
  const about = { ...(topupId !== undefined && { topupId }), reason, ...(evidence !== undefined && { evidence }) };
  const request = { itemId, action, ...about, requestedBy };
  if (item.request !== undefined) {
    if (same(item.request, { ...request, at: item.request.at })) return nothingNew;
    return refuse('conflict', 'resolution_requested', 'A proposal for this item waits for approval. Decline it first.');
  }
  return unfit(command, item) ?? [{ type: 'ResolutionRequested', data: { ...request, at } }];
}

/** Why an action does not fit an item. */
function unfit({ action, topupId }: Command<'RequestResolution'>, { sides }: Item): Rejection | undefined {
  if (sides.status === 'pending') {
    return refuse('conflict', 'item_pending', 'This item is too young to judge. The next comparison may match it.');
  }
  if ((action === 'settle_topup') !== (topupId !== undefined)) {
    return refuse('invalid', 'invalid_topup', 'Name a top-up with the action settle_topup, and with no other.');
  }
  if (action === 'settle_topup' && sides.corrections.some(({ currency }) => currency !== 'usd')) {
    return refuse('invalid', 'invalid_currency', 'Only what Stripe settled in USD can settle a top-up by hand.');
  }
  return undefined;
}

function approveResolution(
  { itemId, approvedBy, reason, proposedAt }: Command<'ApproveResolution'>,
  { items }: ReconciliationState,
  at: string,
): Decision {
  const item = items.get(itemId);
  if (item === undefined) return notFound(itemId);
  if (item.status === 'resolved') return nothingNew;
  if (item.status !== 'open') return closed(itemId);
  if (item.request === undefined) {
    return refuse('conflict', 'nothing_to_approve', 'Nobody has proposed how to close this item.');
  }
  if (item.request.requestedBy === approvedBy) {
    return refuse('forbidden', 'second_person_needed', 'Someone else than who proposed it must approve it.');
  }
  if (proposedAt !== undefined && item.request.at !== proposedAt) {
    return refuse(
      'conflict',
      'proposed_anew',
      'Something else was proposed for this item meanwhile. Look at it again.',
    );
  }
  const { date, corrections } = item.sides;
  const ids = itemId.startsWith('po_') ? { payoutId: itemId } : { balanceTransactionId: itemId };
  const approval = { approvedBy, ...(reason !== undefined && { approvalReason: reason }) };
  return [{ type: 'ResolutionApproved', data: { ...item.request, ...approval, date, corrections, ...ids, at } }];
}

const notFound = (itemId: string): Rejection =>
  refuse('not_found', 'item_not_found', `The reconciliation has no item ${itemId}.`);
const closed = (itemId: string): Rejection =>
  refuse('conflict', 'item_closed', `The item ${itemId} is closed already.`);

function evolve(state: ReconciliationState, event: ReconciliationEvent): ReconciliationState {
  const at = fromInstant(event.data.at);
  if (at < state.lastAt) throw new Error(`impossible history: ${event.type} is earlier than the event before it`);
  state.lastAt = at;
  if (event.type === 'StripeDayCompared') {
    const { at: _at, ...comparison } = event.data;
    state.last = comparison;
    return state;
  }
  const { itemId } = event.data;
  state.items.set(itemId, itemAfter(state.items.get(itemId), event));
  return state;
}

type OfItem = Exclude<ReconciliationEvent, { type: 'StripeDayCompared' }>;

function itemAfter(item: Item | undefined, { type, data }: OfItem): Item {
  if (type === 'ReconciliationItemOpened') {
    const { itemId: _itemId, at: _at, ...sides } = data;
    // A proposal was about the item as it was.
    return { status: 'open', sides };
  }
  if (item?.status !== 'open') throw new Error(`impossible history: ${type} of an item that is not open`);
  switch (type) {
    case 'ReconciliationItemMatched':
      return { status: 'matched', sides: item.sides };
    case 'ResolutionRequested':
      return { ...item, request: data };
    case 'ResolutionApproved':
      if (data.approvedBy === data.requestedBy) throw new Error('impossible history: approved by who proposed it');
      return { status: 'resolved', sides: item.sides };
    case 'ResolutionDeclined':
      return { status: 'open', sides: item.sides };
  }
}
