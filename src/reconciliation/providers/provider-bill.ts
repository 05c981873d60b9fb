// The bills of a channel. Invariant: each model and day has one comparison, the newest; a difference is closed by two people, or by a later
// bill that has none, and is booked at most once: a comparison that does not know of a booking is not recorded. Pure.
import { isDeepStrictEqual as same } from 'node:util';
import { type Decider, refuse, type Rejection, toInstant, type Issued } from '../../kernel/index.js';
import { lineKey, lineOfKey } from './bill.js';
import type { ProviderBillEvent, ProviderBillEventData, ProviderResolution } from './provider-bill.events.js';

type Imported = Omit<ProviderBillEventData<'ProviderBillImported'>, 'at'>;
type Compared = Omit<ProviderBillEventData<'ProviderCostCompared'>, 'at'>;
type Proposed = ProviderBillEventData<'ProviderDifferenceProposed'>;

interface OfComparison extends Issued {
  /** How many differences of the channel were booked in what was compared. */
  readonly bookings: number;
}

interface OfLine extends Issued {
  readonly channel: string;
  readonly day: string;
  readonly model: string;
}

export type ProviderBillCommand =
  | (OfComparison & { readonly type: 'ImportBill'; readonly bill: Imported })
  | (OfComparison & {
      readonly type: 'CompareCosts';
      readonly importId: string;
      /** How many lines of this import come before these. */
      readonly first: number;
      readonly lines: readonly Compared[];
    })
  | (OfLine & {
      readonly type: 'ProposeResolution';
      readonly resolution: ProviderResolution;
      readonly reason: string;
      readonly requestedBy: string;
    })
  | (OfLine & {
      readonly type: 'ApproveResolution';
      readonly approvedBy: string;
      readonly reason?: string | undefined;
      /** When what is approved was proposed: a later proposal may be another one. */
      readonly proposedAt?: string | undefined;
    })
  | (OfLine & { readonly type: 'DeclineResolution'; readonly declinedBy: string; readonly reason: string });

type Command<T extends ProviderBillCommand['type']> = Extract<ProviderBillCommand, { type: T }>;
type Decision = readonly ProviderBillEvent[] | Rejection;

/** What the newest bill with costs said of a line; undefined where only tokens were billed. */
interface Costs {
  readonly billed: string | undefined;
  readonly difference: string | undefined;
}

interface OpenLine extends Costs {
  readonly proposed?: Proposed;
}

export interface ProviderBillState {
  /** Differences that nobody has closed, by day and model. */
  readonly open: ReadonlyMap<string, OpenLine>;
  /** What it was decided to keep, by day and model: the difference then. */
  readonly kept: ReadonlyMap<string, Costs>;
  /** How many lines of each import were compared. */
  readonly compared: ReadonlyMap<string, number>;
  /** How many differences were booked. */
  readonly bookings: number;
  readonly lastAt: number;
}

/** The days and models of the differences that nobody has closed. */
export const openLines = ({ open }: ProviderBillState) => Array.from(open.keys(), lineOfKey);

/** What was billed for those differences, and for those that were kept, by day and model. */
export const billedCosts = ({ open, kept }: ProviderBillState): readonly (readonly [key: string, billed: string])[] =>
  [...kept, ...open].flatMap(([key, { billed }]) => (billed === undefined ? [] : [[key, billed] as const]));

export const providerBill: Decider<ProviderBillState, ProviderBillCommand, ProviderBillEvent> = {
  initial: () => ({ open: new Map(), kept: new Map(), compared: new Map(), bookings: 0, lastAt: 0 }),
  decide(command, state) {
    const at = toInstant(Math.max(command.at, state.lastAt));
    switch (command.type) {
      case 'ImportBill':
        // An import that was interrupted is sent again from its start.
        if (state.compared.has(command.bill.importId)) return [];
        if (command.bookings !== state.bookings) return bookedMeanwhile;
        return [{ type: 'ProviderBillImported', data: { ...command.bill, at } }];
      case 'CompareCosts':
        if ((state.compared.get(command.importId) ?? 0) > command.first) return [];
        if (command.bookings !== state.bookings) return bookedMeanwhile;
        return command.lines.map((line) => ({ type: 'ProviderCostCompared', data: { ...known(line, state), at } }));
      case 'ProposeResolution':
        return propose(command, state, at);
      case 'ApproveResolution':
        return approve(command, state, at);
      case 'DeclineResolution':
        return decline(command, state, at);
      default:
        throw new Error(`unknown command ${command satisfies never}`);
    }
  },
  evolve(state, { type, data }) {
    const lastAt = Date.parse(data.at);
    if (type === 'ProviderBillImported')
      return { ...state, compared: new Map(state.compared).set(data.importId, 0), lastAt };
    const key = lineKey(data);
    const open = new Map(state.open);
    if (type === 'ProviderCostCompared') {
      if (data.status === 'matched' || data.status === 'accepted') open.delete(key);
      else open.set(key, { billed: data.billed, difference: data.difference });
      const compared = new Map(state.compared).set(data.importId, (state.compared.get(data.importId) ?? 0) + 1);
      // Another difference, or none, ends what was decided of the one before.
      const kept = new Map(state.kept);
      if (data.status === 'accepted') kept.set(key, { billed: data.billed, difference: data.difference });
      else kept.delete(key);
      return { ...state, open, kept, compared, lastAt };
    }
    const line = open.get(key);
    if (line === undefined) throw new Error(`impossible history: ${type} of a difference that is not open`);
    if (type === 'ProviderDifferenceProposed') {
      open.set(key, { ...line, proposed: data });
      return { ...state, open, lastAt };
    }
    if (type === 'ProviderDifferenceDeclined') {
      open.set(key, { billed: line.billed, difference: line.difference });
      return { ...state, open, lastAt };
    }
    open.delete(key);
    const kept = new Map(state.kept);
    if (data.resolution === 'keep') kept.set(key, { billed: line.billed, difference: data.amount });
    const bookings = state.bookings + (data.resolution === 'book' ? 1 : 0);
    return { ...state, open, kept, bookings, lastAt };
  },
};

/** A difference that was kept stays closed while it is the same. */
function known(line: Compared, { kept }: ProviderBillState): Compared {
  const { difference = NOTHING } = line;
  const isKept = difference !== NOTHING && kept.get(lineKey(line))?.difference === difference;
  return isKept && line.status !== 'matched' ? { ...line, status: 'accepted' } : line;
}

const NOTHING = '0.00';

const bookedMeanwhile = refuse(
  'conflict',
  'booked_meanwhile',
  'A difference of this channel was booked while the bill was compared. Import it again, so that it is compared with that, too.',
);

const notOpen = ({ day, model }: OfLine): Rejection =>
  refuse('not_found', 'no_open_difference', `There is no open difference of ${model} on ${day}.`);

function propose(command: Command<'ProposeResolution'>, { open }: ProviderBillState, at: string): Decision {
  const line = open.get(lineKey(command));
  if (line === undefined) return notOpen(command);
  const { channel, day, model, resolution, reason, requestedBy } = command;
  const amount = line.difference ?? NOTHING;
  const proposal = { channel, day, model, resolution, amount, reason, requestedBy };
  if (line.proposed !== undefined) {
    // The same request, retried.
    if (same(line.proposed, { ...proposal, at: line.proposed.at })) return [];
    return refuse(
      'conflict',
      'resolution_requested',
      'A proposal for this difference waits for approval. Decline it first.',
    );
  }
  if (resolution === 'book' && amount === NOTHING)
    return refuse(
      'conflict',
      'nothing_to_book',
      'The costs do not differ, so there is nothing to book. Keep what was booked, or import a bill with costs.',
    );
  return [{ type: 'ProviderDifferenceProposed', data: { ...proposal, at } }];
}

function approve(command: Command<'ApproveResolution'>, { open }: ProviderBillState, at: string): Decision {
  const line = open.get(lineKey(command));
  if (line === undefined) return notOpen(command);
  const { approvedBy, reason, proposedAt } = command;
  const { proposed } = line;
  if (proposed === undefined)
    return refuse('conflict', 'nothing_proposed', 'Nobody has proposed what to do about this difference yet.');
  if (proposed.requestedBy === approvedBy)
    return refuse('forbidden', 'second_person_needed', 'Who proposed it can’t approve it. Someone else must.');
  if (proposedAt !== undefined && proposed.at !== proposedAt) return proposedAnew;
  const approval = { approvedBy, ...(reason !== undefined && { approvalReason: reason }) };
  return [{ type: 'ProviderDifferenceAccepted', data: { ...proposed, ...approval, at } }];
}

const proposedAnew = refuse(
  'conflict',
  'proposed_anew',
  'Something else was proposed for this difference meanwhile. Look at it again.',
);

function decline(command: Command<'DeclineResolution'>, { open }: ProviderBillState, at: string): Decision {
  const line = open.get(lineKey(command));
  if (line === undefined) return notOpen(command);
  if (line.proposed === undefined) return [];
  const { channel, day, model, declinedBy, reason } = command;
  return [{ type: 'ProviderDifferenceDeclined', data: { channel, day, model, declinedBy, reason, at } }];
}
