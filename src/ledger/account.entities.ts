// The entities of an account. They are apart from the state so that each rule imports them without importing the others.
import type { Amount } from '../kernel/index.js';
import type {
  AccountEvent,
  AccountEventData,
  DisputeOutcome,
  KeySettings,
  RefundFailure,
  Slice,
} from './account.events.js';
import type { Spend } from './budgets.js';

export interface Key {
  readonly id: string;
  readonly secretHash: string;
  readonly last4: string;
  readonly issuedAt: number;
  /** The key that this one replaced. */
  readonly replaces: string | undefined;
  /** The first key in this chain of replacements. It carries the spend and the holds of the whole chain. */
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

export interface Refund {
  readonly id: string;
  /** The request it is part of; its own id when it is the only part. */
  readonly requestId: string;
  readonly lotId: string;
  readonly amount: Amount;
  /** The part that no remaining credit covered. More than zero only for a refund that was made at Stripe directly. */
  readonly uncovered: Amount;
  /** `stripe` for one that was made there directly. */
  readonly requestedBy: string;
  readonly status: 'requested' | 'approved' | 'completed' | 'failed';
  /** Who approved it; undefined for one that was made at Stripe directly. */
  readonly approvedBy?: string | undefined;
  /** Why it came to nothing. */
  readonly failure?: RefundFailure | undefined;
  /** What somebody proposes to do with a refund that is stuck. */
  readonly proposal?: (RefundProposal & { readonly proposedAt: string }) | undefined;
}

export interface RefundProposal {
  readonly outcome: 'completed' | 'failed';
  /** Whether it was paid from our bank, not by Stripe. */
  readonly outside: boolean;
  readonly reason: string;
  readonly requestedBy: string;
}

export interface Dispute {
  readonly id: string;
  readonly lotId: string;
  /** An inquiry by the bank, before any dispute: nothing is frozen. */
  readonly inquiry: boolean;
  readonly withdrawn: Amount;
  readonly reinstated: Amount;
  /** What was withdrawn from lots and is not reinstated, in the order of taking. */
  readonly slices: readonly Slice[];
  /** What was withdrawn, is not reinstated, and was covered by no lot. */
  readonly uncovered: Amount;
  readonly outcome: DisputeOutcome | undefined;
}

/** Whether a dispute freezes credit. */
export const freezes = ({ inquiry, outcome }: Dispute): boolean => !inquiry && outcome === undefined;

/** What a command with a reference created, and the facts by which a repetition is recognised. */
export interface Referenced {
  readonly type: AccountEvent['type'];
  readonly id: string;
  readonly facts: Readonly<Record<string, string | undefined>>;
}

/** A decision that one person both requested and approved. */
export interface DecidedAlone {
  /** The refund, lot or adjustment. */
  readonly id: string;
  readonly person: string;
  readonly amount: Amount;
  readonly at: number;
}
