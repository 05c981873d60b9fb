// Money moves on the word of one person up to a limit, beyond it on that of two. What one person decided alone on an account counts
// together for a day, so that a large sum in several pieces is a large sum. People are compared by their user ids. Pure.
import { add, type Amount, DAY_MS, formatUsd, refuse, type Rejection, sum } from '../kernel/index.js';
import type { AccountState } from './account.state.js';

interface Deed {
  readonly requestedBy: string | undefined;
  /** Undefined: nobody else did. */
  readonly approvedBy: string | undefined;
  readonly amount: Amount;
  /** What is part of it, and so does not count once more. */
  readonly ids?: readonly string[];
  /** Undefined: any amount. */
  readonly alone?: Amount | undefined;
}

/** The one person behind a deed; undefined when there are two, or when it is nobody's. */
export const onePerson = ({ requestedBy, approvedBy }: Pick<Deed, 'requestedBy' | 'approvedBy'>): string | undefined =>
  approvedBy === undefined || approvedBy === requestedBy ? requestedBy : undefined;

/** Why a deed needs a second person; undefined when it does not. */
export function secondPersonNeeded(deed: Deed, state: AccountState, now: number): Rejection | undefined {
  const { amount, ids = [], alone } = deed;
  const person = onePerson(deed);
  if (person === undefined || alone === undefined) return undefined;
  const others = state.alone.filter(
    ({ id, person: who, at }) => who === person && isRecent(at, now) && !ids.includes(id),
  );
  const total = add(amount, sum(others.map((other) => other.amount)));
  if (total <= alone) return undefined;
  return refuse(
    'forbidden',
    'second_person_needed',
    `What one person both asks for and approves on an account may come to $${formatUsd(alone)} within 24 hours; with this it is $${formatUsd(total)}. Someone else must approve it.`,
    { limit: formatUsd(alone), total: formatUsd(total) },
  );
}

const isRecent = (at: number, now: number): boolean => at > now - DAY_MS;

export function noteDecision(
  state: AccountState,
  deed: Omit<Deed, 'alone' | 'ids'> & { id: string },
  at: number,
): void {
  const person = onePerson(deed);
  if (person !== undefined) state.alone = [...state.alone, { id: deed.id, person, amount: deed.amount, at }];
}

/** Drops what does not count any more: the oldest come first. */
export function forgetDecisions(state: AccountState, now: number): void {
  const [oldest] = state.alone;
  if (oldest !== undefined && !isRecent(oldest.at, now))
    state.alone = state.alone.filter(({ at }) => isRecent(at, now));
}
