// Automatic top-ups of one account. Invariants: a saved card is charged only while its owner has automatic top-ups switched on,
// for one top-up at a time, and never for more than the ceiling in a UTC calendar month. Pure: the command carries the balance.
import {
  add,
  type Amount,
  type Decider,
  formatUsd,
  monthOf,
  refuse,
  type Rejection,
  subtract,
  toInstant,
  usd,
  ZERO,
  type Issued,
} from '../../kernel/index.js';
import type { Card } from '../provider/payment.js';
import type { AutomaticTopupEvent, AutomaticTopupEventData } from './automatic-topup.events.js';

export interface AutomaticTopupSettings {
  readonly threshold: Amount;
  readonly credit: Amount;
  readonly monthlyCeiling: Amount;
  readonly currency: 'usd' | 'cny';
}

export type AutomaticTopupCommand = Issued &
  (
    | { readonly type: 'SaveCard'; readonly customerId: string; readonly paymentMethodId: string }
    | { readonly type: 'RemoveCard' }
    | {
        readonly type: 'SetAutomaticTopup';
        readonly settings: AutomaticTopupSettings;
        /** The smallest and the largest credit that one top-up may buy. */
        readonly bounds: { readonly least: Amount; readonly most: Amount };
      }
    | { readonly type: 'StopAutomaticTopup'; readonly reason: 'switched_off' | 'account_closed' }
    | {
        /** Orders a top-up if one is due; otherwise it changes nothing. */
        readonly type: 'OrderAutomaticTopup';
        readonly topupId: string;
        readonly available: Amount;
        /** How many payments had ended before the balance was read: what ended since may be missing in it. */
        readonly ended: number;
      }
    | { readonly type: 'EndAutomaticTopup'; readonly topupId: string; readonly outcome: 'paid' | 'failed' }
  );

type Command<T extends AutomaticTopupCommand['type']> = Extract<AutomaticTopupCommand, { type: T }>;
type Decision = readonly AutomaticTopupEvent[] | Rejection;

export interface AutomaticTopupState {
  readonly card: Card | undefined;
  /** Every card that was ever saved, so that an old report does not bring a removed or replaced card back. */
  readonly known: ReadonlySet<string>;
  /** Undefined while it is off. */
  readonly settings: AutomaticTopupSettings | undefined;
  /** The top-up whose payment has not ended. */
  readonly underWay: AutomaticTopupEventData<'AutomaticTopupOrdered'> | undefined;
  /** The credit ordered in the month of the newest order, without failed orders. */
  readonly month: { readonly name: string; readonly bought: Amount };
  /** The credit of the failed orders of that month, by top-up: one may be found to be paid after all. */
  readonly failed: ReadonlyMap<string, Amount>;
  /** How many payments have ended, or were found to be paid after they had. */
  readonly ended: number;
  /** The month whose ceiling was last reached. */
  readonly ceilingReached: string | undefined;
  readonly lastAt: number;
}

export const automaticTopup: Decider<AutomaticTopupState, AutomaticTopupCommand, AutomaticTopupEvent> = {
  initial: () => ({
    card: undefined,
    known: new Set(),
    settings: undefined,
    underWay: undefined,
    month: { name: '', bought: ZERO },
    failed: new Map(),
    ended: 0,
    ceilingReached: undefined,
    lastAt: 0,
  }),
  decide(command, state) {
    const at = toInstant(Math.max(command.at, state.lastAt));
    switch (command.type) {
      case 'SaveCard':
        return saveCard(command, state, at);
      case 'RemoveCard':
        return removeCard(state, at);
      case 'SetAutomaticTopup':
        return set(command, state, at);
      case 'StopAutomaticTopup':
        return stop(state, command.reason, at);
      case 'OrderAutomaticTopup':
        return order(command, state, at);
      case 'EndAutomaticTopup':
        return end(command, state, at);
    }
  },
  evolve,
};

function saveCard(command: Command<'SaveCard'>, { known }: AutomaticTopupState, at: string): Decision {
  const { customerId, paymentMethodId } = command;
  if (known.has(paymentMethodId)) return [];
  return [{ type: 'CardSaved', data: { customerId, paymentMethodId, at } }];
}

function removeCard(state: AutomaticTopupState, at: string): Decision {
  if (state.card === undefined) return [];
  return [...stop(state, 'card_removed', at), { type: 'CardRemoved', data: { ...state.card, at } }];
}

const CENT = usd('0.01');

function set({ settings, bounds }: Command<'SetAutomaticTopup'>, state: AutomaticTopupState, at: string): Decision {
  const { threshold, credit, monthlyCeiling, currency } = settings;
  if (state.card === undefined) {
    return refuse('invalid', 'no_saved_card', 'Save a card first: top up once with "save_card": true.');
  }
  if (credit < bounds.least || credit > bounds.most || credit % CENT !== 0n) {
    const range = `$${formatUsd(bounds.least)} to $${formatUsd(bounds.most)}`;
    return refuse(
      'invalid',
      'invalid_amount',
      `An automatic top-up must buy ${range} in whole cents, not $${formatUsd(credit)}.`,
    );
  }
  if (threshold <= ZERO) return refuse('invalid', 'invalid_threshold', 'The threshold must be more than zero.');
  if (monthlyCeiling < credit) {
    return refuse(
      'invalid',
      'invalid_ceiling',
      `The monthly ceiling must be at least $${formatUsd(credit)}, the credit that one top-up buys.`,
    );
  }
  if (isSame(state.settings, settings)) return [];
  const amounts = {
    threshold: formatUsd(threshold),
    credit: formatUsd(credit),
    monthlyCeiling: formatUsd(monthlyCeiling),
  };
  return [{ type: 'AutomaticTopupSet', data: { ...amounts, currency, at } }];
}

const isSame = (a: AutomaticTopupSettings | undefined, b: AutomaticTopupSettings): boolean =>
  a?.threshold === b.threshold &&
  a.credit === b.credit &&
  a.monthlyCeiling === b.monthlyCeiling &&
  a.currency === b.currency;

function stop(
  { settings }: AutomaticTopupState,
  reason: AutomaticTopupEventData<'AutomaticTopupStopped'>['reason'],
  at: string,
): AutomaticTopupEvent[] {
  return settings === undefined ? [] : [{ type: 'AutomaticTopupStopped', data: { reason, at } }];
}

/** The saved card, and the top-up it is being charged for. */
export const cardOf = ({ card, underWay }: AutomaticTopupState) => ({ card, underWay });

/** The credit bought in the month of an instant (epoch milliseconds). */
export const boughtIn = (state: AutomaticTopupState, at: number): Amount =>
  boughtInMonth(state, monthOf(toInstant(at)));

const boughtInMonth = ({ month }: AutomaticTopupState, name: string): Amount =>
  month.name === name ? month.bought : ZERO;

function order(command: Command<'OrderAutomaticTopup'>, state: AutomaticTopupState, at: string): Decision {
  const { settings, card, underWay, ceilingReached } = state;
  if (settings === undefined || card === undefined || underWay !== undefined) return [];
  if (command.available >= settings.threshold || command.ended !== state.ended) return [];
  const { credit, currency, monthlyCeiling } = settings;
  if (add(boughtInMonth(state, monthOf(at)), credit) > monthlyCeiling) {
    const month = monthOf(at);
    return ceilingReached === month ? [] : [{ type: 'AutomaticTopupCeilingReached', data: { month, at } }];
  }
  const { topupId } = command;
  return [{ type: 'AutomaticTopupOrdered', data: { topupId, credit: formatUsd(credit), currency, ...card, at } }];
}

/**
 * A payment may be found after it counted as failed. What is bought in a month that is over can't be helped, so it is of no account then.
 * After a failed payment, the card is not charged until its owner switches automatic top-ups on again.
 */
function end({ topupId, outcome }: Command<'EndAutomaticTopup'>, state: AutomaticTopupState, at: string): Decision {
  if (state.underWay?.topupId !== topupId) {
    const isFound = outcome === 'paid' && state.failed.has(topupId);
    return isFound ? [{ type: 'AutomaticTopupFoundPaid', data: { topupId, at } }] : [];
  }
  const over = { type: 'AutomaticTopupEnded' as const, data: { topupId, outcome, at } };
  return outcome === 'paid' ? [over] : [over, ...stop(state, 'payment_failed', at)];
}

function evolve(before: AutomaticTopupState, { type, data }: AutomaticTopupEvent): AutomaticTopupState {
  const state = { ...before, lastAt: Date.parse(data.at) };
  switch (type) {
    case 'CardSaved':
      return {
        ...state,
        card: { customerId: data.customerId, paymentMethodId: data.paymentMethodId },
        known: new Set([...state.known, data.paymentMethodId]),
      };
    case 'CardRemoved':
      return { ...state, card: undefined };
    case 'AutomaticTopupSet':
      return { ...state, settings: settingsOf(data) };
    case 'AutomaticTopupStopped':
      return { ...state, settings: undefined };
    case 'AutomaticTopupOrdered':
      return ordered(state, data);
    case 'AutomaticTopupCeilingReached':
      return { ...state, ceilingReached: data.month };
    case 'AutomaticTopupEnded':
      return { ...ended(state, data), ended: state.ended + 1 };
    case 'AutomaticTopupFoundPaid':
      return { ...foundPaid(state, data), ended: state.ended + 1 };
  }
}

const settingsOf = (data: AutomaticTopupEventData<'AutomaticTopupSet'>): AutomaticTopupSettings => ({
  threshold: usd(data.threshold),
  credit: usd(data.credit),
  monthlyCeiling: usd(data.monthlyCeiling),
  currency: data.currency,
});

type Ordered = AutomaticTopupEventData<'AutomaticTopupOrdered'>;

function ordered(state: AutomaticTopupState, data: Ordered): AutomaticTopupState {
  const { underWay } = state;
  if (underWay !== undefined) {
    throw new Error(`impossible history: ${data.topupId} was ordered while ${underWay.topupId} is under way`);
  }
  const name = monthOf(data.at);
  const bought = add(boughtInMonth(state, name), usd(data.credit));
  const failed = state.month.name === name ? state.failed : new Map<string, Amount>();
  return { ...state, underWay: data, month: { name, bought }, failed };
}

/** The month is still the month of the order, even when the payment ends later: nothing is ordered in between. */
function ended(
  state: AutomaticTopupState,
  { topupId, outcome }: AutomaticTopupEventData<'AutomaticTopupEnded'>,
): AutomaticTopupState {
  const { underWay, month } = state;
  if (underWay?.topupId !== topupId) throw new Error(`impossible history: ${topupId} is not under way`);
  if (outcome === 'paid') return { ...state, underWay: undefined };
  const credit = usd(underWay.credit);
  const failed = new Map([...state.failed, [topupId, credit]]);
  return { ...state, underWay: undefined, month: { ...month, bought: subtract(month.bought, credit) }, failed };
}

function foundPaid(
  state: AutomaticTopupState,
  { topupId }: AutomaticTopupEventData<'AutomaticTopupFoundPaid'>,
): AutomaticTopupState {
  const { month, failed } = state;
  const credit = failed.get(topupId);
  if (credit === undefined) throw new Error(`impossible history: ${topupId} had not failed in ${month.name}`);
  const others = new Map([...failed].filter(([id]) => id !== topupId));
  return { ...state, month: { ...month, bought: add(month.bought, credit) }, failed: others };
}
