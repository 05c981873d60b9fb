// The state of an account, folded from its events.
import { type Amount, fromInstant, subtract, usd, ZERO } from '../kernel/index.js';
import type { DecidedAlone, Dispute, Hold, Key, Referenced, Refund } from './account.entities.js';
import type { AccountEventData } from './account.events.js';
import { type AccountIndex, copyOfIndex, noIndex } from './account.index.js';
import { aliveCredit, copyOfLots, type Lots, noLots } from './lots.js';
import { copyOfSettled, noneSettled, remembers, type SettledCharges } from './settled-charges.js';

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
  /** The newest instant by the writer's own clock, which decisions use. Behind `lastAt` only after a clock was ahead. */
  clock: number;
  /** How often this clock was turned back because a writer's clock had been ahead. */
  turns: number;
  readonly keys: Map<string, Key>;
  /** How many keys were issued on the latest UTC day on which any was. */
  issued: { readonly day: number; readonly count: number };
  /** Chains of replaced keys without a live key: the first key of each and when the last one ended, oldest first. */
  readonly endedKeys: Map<string, number>;
  /** When the most recently issued of the forgotten keys was issued. */
  keysForgotten: number;
  readonly lots: Lots;
  /** What was spent beyond all lots (overage). The next credit pays it off first. */
  debt: Amount;
  held: Amount;
  readonly holds: Map<string, Hold>;
  /** Settled charges, each for `HOLD_REPLAY_WINDOW_MS`. */
  settled: SettledCharges;
  /** Released holds. A late usage report may charge one until the instant. */
  readonly released: Map<string, { readonly hold: Hold; readonly until: number }>;
  /** Charges that staff made of a released hold, possibly long after. They are few and never forgotten. */
  readonly chargedByHand: Set<string>;
  readonly adjustments: Set<string>;
  /** What each reference created. */
  readonly references: Map<string, Referenced>;
  /** Decisions within the last day that one person made alone, oldest first. */
  alone: readonly DecidedAlone[];
  /** How many re-ratings there were. */
  reratings: number;
  readonly refunds: Map<string, Refund>;
  readonly disputes: Map<string, Dispute>;
  /** Derived from the fields above. */
  readonly index: AccountIndex;
}

/** Settled charges are remembered this long. A `PlaceHold` that is older than the newest event by more is refused. */
export const HOLD_REPLAY_WINDOW_MS = 5 * 60_000;
/** How long after its release a hold can be charged for a late usage report. */
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
  settled: noneSettled(),
  released: new Map(),
  chargedByHand: new Set(),
  adjustments: new Set(),
  references: new Map(),
  alone: [],
  reratings: 0,
  refunds: new Map(),
  disputes: new Map(),
  index: noIndex(),
});

/** An independent copy of a state. What `evolve` replaces instead of changing is shared. */
export const copyOfAccount = (state: AccountState): AccountState => ({
  ...state,
  keys: new Map([...state.keys].map(([id, key]) => [id, { ...key }])),
  endedKeys: new Map(state.endedKeys),
  lots: copyOfLots(state.lots),
  holds: new Map(state.holds),
  settled: copyOfSettled(state.settled),
  released: new Map(state.released),
  chargedByHand: new Set(state.chargedByHand),
  adjustments: new Set(state.adjustments),
  references: new Map(state.references),
  refunds: new Map(state.refunds),
  disputes: new Map(state.disputes),
  index: copyOfIndex(state.index),
});

/**
 * The `turn` of a `PlaceHold` command made at `at`, by the state that its sender knows. Where the account is ahead of the
 * sender's clock by more than commands are remembered, the command turns the account's clock back.
 */
export const turnAt = ({ clock, turns }: AccountState, at: number): number =>
  isStale({ clock }, at) ? turns + 1 : turns;

/** Whether a command made at `at` is older than settled charges are remembered. */
export const isStale = ({ clock }: Pick<AccountState, 'clock'>, at: number): boolean =>
  at + HOLD_REPLAY_WINDOW_MS <= clock;

/** Whether a charge was settled, as far as that is remembered. */
export const isSettled = ({ settled, clock }: AccountState, chargeId: string): boolean =>
  remembers(settled, chargeId, clock);

/** The key that carries the spend and the holds of `key`: the first in its chain of replacements. */
export const purseOf = (state: AccountState, key: Key): Key => state.keys.get(key.root) ?? key;

/** The posted balance: all credit less debt, before holds. */
export const posted = (state: AccountState): Amount => subtract(state.lots.total, state.debt);

/** What new holds can use: credit that has not expired at `at`, less debt and open holds. */
export const available = (state: AccountState, at: number): Amount =>
  subtract(subtract(aliveCredit(state.lots, at), state.debt), state.held);
