// What the events of an account add up to.
import { type Amount, fromInstant, subtract, usd, ZERO } from '../kernel/index.js';
import type { DecidedAlone, Dispute, Hold, Key, Referenced, Refund } from './account.entities.js';
import type { AccountEventData } from './account.events.js';
import { type AccountIndex, copyOfIndex, noIndex } from './account.index.js';
import { aliveCredit, copyOfLots, type Lots, noLots } from './lots.js';

/** The hold of an event. */
export const holdOf = (data: AccountEventData<'HoldPlaced'>): Hold => ({
  ...data,
  value: usd(data.amount),
  placedAt: fromInstant(data.clock ?? data.at),
});

export interface AccountState {
  accountId: string | undefined;
  suspended: boolean;
  closed: boolean;
  openedAt: number;
  /** The instant of the newest event: no later event may be earlier. */
  lastAt: number;
  /** The same by the clock of who wrote it: by it everything is judged. It is behind `lastAt` only after a clock that was ahead. */
  clock: number;
  /** How often the clock was turned back, because one had been ahead. */
  turns: number;
  readonly keys: Map<string, Key>;
  /** The keys that were issued on the newest UTC day on which any were. */
  issued: { readonly day: number; readonly count: number };
  /** Keys that replaced each other of which none is live any more, by their first one, and since when: the oldest first. */
  readonly endedKeys: Map<string, number>;
  /** When the newest of the forgotten keys was issued. */
  keysForgotten: number;
  readonly lots: Lots;
  /** What was spent beyond all lots (overage): paid off first by the next credit. */
  debt: Amount;
  held: Amount;
  readonly holds: Map<string, Hold>;
  /** Settled charges, by the instant from which they may be forgotten. */
  readonly settled: Map<string, number>;
  /** Released holds, which a late usage report may still charge until the instant. */
  readonly released: Map<string, { readonly hold: Hold; readonly until: number }>;
  /** Charges that a person made of a released hold, which may be long after: never forgotten, and few. */
  readonly chargedByHand: Set<string>;
  readonly adjustments: Set<string>;
  /** What each reference made. */
  readonly references: Map<string, Referenced>;
  /** What single people decided within the last day, the oldest first. */
  alone: readonly DecidedAlone[];
  readonly refunds: Map<string, Refund>;
  readonly disputes: Map<string, Dispute>;
  /** Follows from all the above. */
  readonly index: AccountIndex;
}

/** A command to place a hold that is this much older than the newest event is refused: settled charges are remembered as long. */
export const HOLD_REPLAY_WINDOW_MS = 5 * 60_000;
/** How long after its release a hold can still be charged for usage that came late. */
export const LATE_CHARGE_WINDOW_MS = 24 * 3_600_000;

export const noAccount = (): AccountState => ({
  accountId: undefined,
  suspended: false,
  closed: false,
  openedAt: 0,
  lastAt: 0,
  clock: 0,
  turns: 0,
  keys: new Map(),
  issued: { day: 0, count: 0 },
  endedKeys: new Map(),
  keysForgotten: 0,
  lots: noLots(),
  debt: ZERO,
  held: ZERO,
  holds: new Map(),
  settled: new Map(),
  released: new Map(),
  chargedByHand: new Set(),
  adjustments: new Set(),
  references: new Map(),
  alone: [],
  refunds: new Map(),
  disputes: new Map(),
  index: noIndex(),
});

/** A state that is advanced apart from the given one. What `evolve` only ever replaces is shared. */
export const copyOfAccount = (state: AccountState): AccountState => ({
  ...state,
  keys: new Map([...state.keys].map(([id, key]) => [id, { ...key }])),
  endedKeys: new Map(state.endedKeys),
  lots: copyOfLots(state.lots),
  holds: new Map(state.holds),
  settled: new Map(state.settled),
  released: new Map(state.released),
  chargedByHand: new Set(state.chargedByHand),
  adjustments: new Set(state.adjustments),
  references: new Map(state.references),
  refunds: new Map(state.refunds),
  disputes: new Map(state.disputes),
  index: copyOfIndex(state.index),
});

/**
 * What a command to place a hold that is made at `at` says of time (`PlaceHold.turn`), by the state its maker knows: where the ledger
 * is ahead of the maker's clock by more than commands are remembered, that the account's clock is to be turned back.
 */
export const turnAt = ({ clock, turns }: AccountState, at: number): number =>
  isStale({ clock }, at) ? turns + 1 : turns;

/** Whether a command of that time is older than what is remembered. */
export const isStale = ({ clock }: Pick<AccountState, 'clock'>, at: number): boolean =>
  at + HOLD_REPLAY_WINDOW_MS <= clock;

/** Where what a key spends and holds is kept: the first of the keys that replaced each other until it. */
export const purseOf = (state: AccountState, key: Key): Key => state.keys.get(key.root) ?? key;

/** All credit on the books less debt: what the account is worth before holds. */
export const posted = (state: AccountState): Amount => subtract(state.lots.total, state.debt);

/** What new holds can be placed on: credit that is alive at `at`, less debt, less open holds. */
export const available = (state: AccountState, at: number): Amount =>
  subtract(subtract(aliveCredit(state.lots, at), state.debt), state.held);
