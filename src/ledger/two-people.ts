// The four-eyes rule: up to a limit one person decides, beyond it a second one must approve. What one person decides alone on an account is
// added up over a day, so that several small sums count as a large one. People are compared by their user ids. Pure.
import { add, type Amount, DAY_MS, formatUsd, refuse, type Rejection, sum } from '../kernel/index.js';
import type { AccountState } from './account.state.js';

interface Decision {
  readonly requestedBy: string | undefined;
  /** Undefined: nobody approved it. */
  readonly approvedBy: string | undefined;
  readonly amount: Amount;
  /** Ids of earlier decisions that are part of this one, so that they don't count twice. */
  readonly ids?: readonly string[];
  /** Undefined: any amount. */
  readonly alone?: Amount | undefined;
}

/** The only person behind a decision; undefined when there are two, or none. */
const onePerson = ({ requestedBy, approvedBy }: Pick<Decision, 'requestedBy' | 'approvedBy'>): string | undefined =>
  approvedBy === undefined || approvedBy === requestedBy ? requestedBy : undefined;

/** Why a decision needs a second person; undefined when it does not. */
export function secondPersonNeeded(decision: Decision, state: AccountState, now: number): Rejection | undefined {
  const { amount, ids = [], alone } = decision;
  const person = onePerson(decision);
  if (person === undefined || alone === undefined) return undefined;
  const others = state.alone.filter(
    ({ id, person: who, at }) => who === person && isRecent(at, now) && !ids.includes(id),
  );
  const total = add(amount, sum(others.map((other) => other.amount)));
  if (total <= alone) return undefined;
  return refuse(
    'forbidden',
    'second_person_needed',
    `One person may request and approve up to $${formatUsd(alone)} on an account within 24 hours; with this it is $${formatUsd(total)}. Someone else must approve it.`,
    { limit: formatUsd(alone), total: formatUsd(total) },
  );
}

const isRecent = (at: number, now: number): boolean => at > now - DAY_MS;

export function noteDecision(
  state: AccountState,
  decision: Omit<Decision, 'alone' | 'ids'> & { id: string },
  at: number,
): void {
  const person = onePerson(decision);
  if (person !== undefined) state.alone = [...state.alone, { id: decision.id, person, amount: decision.amount, at }];
}

/** Drops decisions that no longer count. The oldest come first. */
export function forgetDecisions(state: AccountState, now: number): void {
  const [oldest] = state.alone;
  if (oldest !== undefined && !isRecent(oldest.at, now))
    state.alone = state.alone.filter(({ at }) => isRecent(at, now));
}
