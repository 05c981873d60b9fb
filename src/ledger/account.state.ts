// What the events of an account add up to.
import { type Amount, fromInstant, subtract, sum, usd, ZERO } from '../kernel/index.js';
import type { AccountEventData, KeySettings } from './account.events.js';
import type { Spend } from './budgets.js';
import type { Dispute } from './disputes.js';
import { aliveCredit, type Lot } from './lots.js';
import type { Referenced } from './references.js';
import type { Refund } from './refunds.js';
import type { DecidedAlone } from './two-people.js';

export interface Key {
  readonly id: string;
  readonly secretHash: string;
  readonly last4: string;
  readonly issuedAt: number;
  /** The key it replaced, */
  readonly replaces: string | undefined;
  /** and the first of those that replaced each other until it: what they spend and hold is kept there, for all of them. */
  readonly root: string;
  replacedBy: string | undefined;
  settings: KeySettings;
  /** Undefined: it never expires. */
  expiresAt: number | undefined;
  revokedAt: number | undefined;
  held: Amount;
  spend: Spend;
}

export type Hold = AccountEventData<'HoldPlaced'> & { readonly value: Amount; readonly placedAt: number };

/** The hold of an event. */
export const holdOf = (data: AccountEventData<'HoldPlaced'>): Hold => ({
  ...data,
  value: usd(data.amount),
  placedAt: fromInstant(data.at),
});

export interface AccountState {
  accountId: string | undefined;
  suspended: boolean;
  closed: boolean;
  openedAt: number;
  /** The instant of the newest event: no later event may be earlier. */
  lastAt: number;
  readonly keys: Map<string, Key>;
  lots: Lot[];
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
  keys: new Map(),
  lots: [],
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
});

/** A state that is advanced apart from the given one. What `evolve` only ever replaces is shared. */
export const copyOfAccount = (state: AccountState): AccountState => ({
  ...state,
  keys: new Map([...state.keys].map(([id, key]) => [id, { ...key }])),
  lots: state.lots.map((lot) => ({ ...lot })),
  holds: new Map(state.holds),
  settled: new Map(state.settled),
  released: new Map(state.released),
  chargedByHand: new Set(state.chargedByHand),
  adjustments: new Set(state.adjustments),
  references: new Map(state.references),
  refunds: new Map(state.refunds),
  disputes: new Map(state.disputes),
});

/** Where what a key spends and holds is kept: the first of the keys that replaced each other until it. */
export const purseOf = (state: AccountState, key: Key): Key => state.keys.get(key.root) ?? key;

/** All credit on the books less debt: what the account is worth before holds. */
export const posted = (state: AccountState): Amount =>
  subtract(sum(state.lots.map((lot) => lot.remaining)), state.debt);

/** What new holds can be placed on: credit that is alive at `at`, less debt, less open holds. */
export const available = (state: AccountState, at: number): Amount =>
  subtract(subtract(aliveCredit(state.lots, at), state.debt), state.held);
