// What a person can do about an item of the queue.
import type { Role } from '../../platform/http/index.js';
import type { Amount } from '../../kernel/index.js';
import type { GivenCounts } from '../charges/hand-charges.js';
import type { Hands } from './hands.js';

/** What a choice may need to be told. */
export interface ChoiceInput {
  readonly counts?: GivenCounts | undefined;
  readonly amount?: Amount | undefined;
  readonly topupId?: string | undefined;
  readonly evidence?: string | undefined;
}

export const CHOICE_INPUTS = ['counts', 'amount', 'topup_id', 'evidence'] as const;
export type ChoiceInputName = (typeof CHOICE_INPUTS)[number];

/** Who chooses, and why. */
export interface Chooser {
  /** A user id. */
  readonly by: string;
  readonly reason: string;
}

/** Who approves, and why, what a choice proposes. */
interface SecondPerson {
  readonly approvedBy: string;
  readonly reason: string;
}

export interface Choice {
  readonly choice: string;
  /** What it does, in a sentence. */
  readonly does: string;
  /** Whose decision it is. */
  readonly role: Role;
  /** What it must be told, and what it may be. */
  readonly needs?: readonly ChoiceInputName[];
  readonly takes?: readonly ChoiceInputName[];
  /** Carries it out. @throws Refused */
  readonly carryOut: (hands: Hands, who: Chooser, input: ChoiceInput) => Promise<unknown>;
  /** What follows once somebody else approves it; only for choices that propose. */
  readonly thenApproved?: (hands: Hands, approval: SecondPerson) => Promise<unknown>;
}

/** "There is nothing to do", which leaves the item out until it changes. */
export const dismissal = (
  { id, kind, state }: { readonly id: string; readonly kind: string; readonly state: string },
  does: string,
): Choice => ({
  choice: 'dismiss',
  does: `${does} It waits again if it changes.`,
  role: 'operator',
  carryOut: ({ decisions }, who) => decisions.execute({ type: 'DismissItem', itemId: id, kind, state, ...who }),
});
