// The commands of an account. Each carries its id, its instant and everything else that the decision needs.
import type { Amount, JsonObject, JsonValue, Issued } from '../kernel/index.js';
import type { RefundProposal } from './account.entities.js';
import type {
  AccountEventData,
  Attempt,
  CutOff,
  DisputeOutcome,
  KeyChange,
  KeySettings,
  RefundFailure,
  ReleaseReason,
  ReratingPolicy,
  Slice,
} from './account.events.js';

interface CreditTerms {
  readonly lotId: string;
  readonly amount: Amount;
  readonly expiresAt: number;
}

/** What is known of an answer that is not charged. Staff may charge it by hand later. */
export interface Uncharged {
  /** The usage block as the provider sent it, or the beginning of its text. */
  readonly usageRaw?: JsonValue;
  readonly provider?: string;
  readonly upstreamModel?: string;
}

/** A decision by staff to charge a hold that was released. */
export interface ByHand {
  readonly actor: string;
  readonly reason: string;
  /** The hold as recorded, since the account forgets it after a day. The caller has checked that nothing charged it. */
  readonly hold: AccountEventData<'HoldPlaced'>;
}

interface ByStaff {
  /** The user id of the staff member who decides. Absent when the owner or the gateway does. */
  readonly by?: string | undefined;
}

interface ByStaffForReason extends ByStaff {
  readonly reason?: string | undefined;
}

interface Unique {
  /** Makes the command idempotent on its account: the same command again changes nothing, another one is refused. */
  readonly reference?: string | undefined;
}

interface TwoPeople {
  /** The most that one person may decide alone on an account within a day. Absent: any amount. */
  readonly alone?: Amount | undefined;
}

interface Grant extends CreditTerms, TwoPeople {
  readonly reason: string;
  readonly approvedBy?: string | undefined;
  /** Whether the expiry was given. A repetition is then compared by it, too. */
  readonly expiryGiven?: boolean | undefined;
}

/** A new key. Only its hash and its last characters are kept. */
interface NewKey {
  readonly secretHash: string;
  readonly last4: string;
}

/** What was delivered for a charge. */
export interface Performance {
  readonly cost: Amount;
  readonly providerCost: Amount;
  readonly usage: AccountEventData<'TokensCharged'>['usage'];
  readonly usageRaw: JsonObject;
  readonly provider: string;
  readonly upstreamModel: string;
  readonly attempts: readonly Attempt[];
  /** Why the answer was cut off, when part of its usage is an estimate. */
  readonly estimated?: CutOff;
}

export type RefundCommand = Issued &
  (
    | {
        /** All of it or nothing. */
        readonly type: 'RequestRefund';
        readonly requestId: string;
        /** The purchases it is taken from, in this order, each with the id of its refund. */
        readonly parts: readonly { readonly refundId: string; readonly lotId: string }[];
        /** Absent: all that can be refunded, in whole cents. */
        readonly amount?: Amount | undefined;
        /** How long after its purchase credit can be refunded. */
        readonly windowMs: number;
        readonly requestedBy: string;
        readonly reason: string;
      }
    | {
        /** A refund that was made at Stripe directly. */
        readonly type: 'RecordRefund';
        readonly refundId: string;
        readonly lotId: string;
        readonly amount: Amount;
        readonly reason: string;
      }
    | {
        readonly type: 'ApproveRefund';
        readonly refundId: string;
        readonly approvedBy: string;
        readonly reason?: string | undefined;
        /** The most that one person may both request and approve within a day. */
        readonly alone: Amount;
      }
    | { readonly type: 'CompleteRefund'; readonly refundId: string }
    | {
        readonly type: 'FailRefund';
        readonly refundId: string;
        readonly reason: RefundFailure;
        readonly declinedBy?: string | undefined;
        readonly withdrawnBy?: string | undefined;
        readonly detail?: string | undefined;
      }
    | ({
        /** Proposes to end by hand a refund that is stuck; someone else approves it. */
        readonly type: 'ProposeRefundEnd';
        readonly refundId: string;
      } & RefundProposal)
    | {
        readonly type: 'ApproveRefundEnd';
        readonly refundId: string;
        readonly approvedBy: string;
        readonly reason?: string | undefined;
        /** When what is approved was proposed: a later proposal may be another one. */
        readonly proposedAt?: string | undefined;
      }
    | {
        readonly type: 'DeclineRefundEnd';
        readonly refundId: string;
        readonly declinedBy: string;
        readonly reason: string;
      }
  );

export type AccountCommand =
  | RefundCommand
  | (Issued &
      (
        | ({ readonly type: 'OpenAccount'; readonly accountId: string; readonly credit?: Grant } & ByStaff & Unique)
        | ({
            readonly type: 'CloseAccount';
            readonly reason: string;
            /** Refused where credit is left that would be lost, what open holds may give back included. */
            readonly onlyWithoutCredit?: boolean | undefined;
          } & ByStaff)
        | ({ readonly type: 'SuspendAccount'; readonly reason: string } & ByStaff)
        | ({ readonly type: 'ReinstateAccount'; readonly reason: string } & ByStaff)
        | ({ readonly type: 'IssueKey'; readonly keyId: string; readonly settings: KeySettings } & NewKey &
            ByStaffForReason &
            Unique)
        | ({
            /** Replaces a key that was lost. */
            readonly type: 'ReissueKey';
            readonly keyId: string;
            readonly replaces: string;
          } & NewKey &
            ByStaffForReason)
        | ({
            readonly type: 'UpdateKey';
            readonly keyId: string;
          } & ByStaffForReason &
            ({ readonly settings: KeySettings } | { readonly change: KeyChange }))
        | ({ readonly type: 'RevokeKey'; readonly keyId: string } & ByStaffForReason)
        | ({ readonly type: 'PurchaseCredit'; readonly topupId: string } & CreditTerms)
        | ({ readonly type: 'GrantCredit' } & Grant & ByStaff & Unique)
        | { readonly type: 'ExpireCredit' }
        | {
            readonly type: 'PlaceHold';
            readonly chargeId: string;
            readonly requestId: string;
            readonly keyId: string;
            readonly model: string;
            /** Other names of the model: a key that is allowed one of them may call it. */
            readonly aliases?: readonly string[] | undefined;
            readonly priceVersion: number;
            /**
             * The amount to hold, or a function to it from what can be held, so that racing calls leave each other room, and from the
             * instant of the hold, which prices the call: the account may be ahead of the sender's clock.
             */
            readonly amount: Amount | ((room: Amount, at: number) => Amount);
            readonly ttlMs: number;
            /** The result of `turnAt` when the command was made. Absent: the account's clock is never turned back. */
            readonly turn?: number | undefined;
            /** How many calls of a key without a limit of its own may be in flight. Undefined: any number. */
            readonly parallelRequests?: number | undefined;
          }
        | ({ readonly type: 'SettleHold'; readonly chargeId: string; readonly byHand?: ByHand } & Performance)
        | ({
            readonly type: 'ReleaseHold';
            readonly chargeId: string;
            readonly reason: ReleaseReason;
            readonly detail?: string;
            readonly attempts?: readonly Attempt[];
            /** The staff member who releases it. Only a hold past its expiry is released by hand. */
            readonly byHand?: { readonly actor: string; readonly reason: string };
          } & Uncharged)
        | {
            readonly type: 'RerateCharge';
            readonly runId: string;
            readonly chargeId: string;
            readonly requestId: string;
            readonly keyId: string;
            readonly model: string;
            /** How many re-ratings of this account the sender has seen. With another number, the command is refused. */
            readonly seen: number;
            readonly priceVersion: number;
            readonly previousPriceVersion: number;
            /** What the customer has paid for it until now, and what of that was taken from where. */
            readonly cost: Amount;
            readonly slices: readonly Slice[];
            readonly uncovered: Amount;
            /** Its usage as it was charged. The event repeats it, so that the price can be checked with it alone. */
            readonly usage: AccountEventData<'TokensCharged'>['usage'];
            /** The channel that answered, and the name that was sent to it: whose costs change. */
            readonly provider?: string;
            readonly upstreamModel?: string;
            /** What it costs by the new version. */
            readonly rated: Amount;
            /** What of that the customer is to pay: all of it, or less where a run is reversed that had absorbed a part. */
            readonly due: Amount;
            readonly policy: ReratingPolicy;
            readonly providerCost: Amount;
            readonly previousProviderCost: Amount;
            /** The instant of the price, in epoch milliseconds. */
            readonly pricedAt: number;
          }
        | ({
            readonly type: 'AdjustBalance';
            readonly adjustmentId: string;
            /** Negative to take credit away. */
            readonly amount: Amount;
            readonly expiresAt: number;
            readonly reason: string;
            readonly requestedBy: string;
            readonly approvedBy: string;
            /** When what it corrects was earned, in epoch milliseconds; when it is made without it. */
            readonly servedAt?: number | undefined;
          } & TwoPeople &
            Unique)
        | {
            /** Everything that is known of a dispute when it is reported. */
            readonly type: 'RecordDispute';
            readonly disputeId: string;
            /** The disputed purchase. */
            readonly lotId: string;
            readonly amount: Amount;
            readonly reason: string;
            readonly inquiry: boolean;
            /** In total until now, without fees. */
            readonly withdrawn: Amount;
            readonly reinstated: Amount;
            readonly outcome?: DisputeOutcome | undefined;
            /** Until when the bank takes evidence, in epoch milliseconds. */
            readonly evidenceDueAt?: number | undefined;
          }
      ));

/** The account command of a type. */
export type AccountCommandOf<T extends AccountCommand['type']> = Extract<AccountCommand, { readonly type: T }>;

/** The part of a command that a person decides: everything but what its handler adds (docs/adr/0005-commands-people-give.md). */
export type Given<T extends AccountCommand['type'], Added extends keyof AccountCommandOf<T> = never> = Omit<
  AccountCommandOf<T>,
  'type' | 'commandId' | 'at' | Added
>;
