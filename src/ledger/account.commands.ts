// What can be asked of an account. Every command carries its id, its instant and whatever else a decision needs.
import type { Amount, JsonObject, JsonValue } from '../kernel/index.js';
import type {
  AccountEventData,
  Attempt,
  CutOff,
  DisputeOutcome,
  KeyChange,
  KeySettings,
  RefundFailure,
  ReleaseReason,
} from './account.events.js';

interface Base {
  readonly commandId: string;
  /** When it was issued, in epoch milliseconds. */
  readonly at: number;
}

interface CreditTerms {
  readonly lotId: string;
  readonly amount: Amount;
  readonly expiresAt: number;
}

/** What is known of an answer that is not charged, for who may charge it by hand. */
export interface Uncharged {
  /** The usage block as the provider sent it, or the start of its text. */
  readonly usageRaw?: JsonValue;
  readonly provider?: string;
  readonly upstreamModel?: string;
}

/** A person's decision to charge a hold that was released. */
export interface ByHand {
  readonly actor: string;
  readonly reason: string;
  /** The hold as its event has it: the account itself remembers it for a day. Who asks has seen that nothing charged it. */
  readonly hold: AccountEventData<'HoldPlaced'>;
}

/** Who of the staff decides; the owner, or the gateway, without it. */
interface ByStaff {
  readonly by?: string | undefined;
}

interface ByStaffForReason extends ByStaff {
  readonly reason?: string | undefined;
}

/** Makes a thing once on an account, however often it is asked for: the same of it changes nothing, another thing is refused. */
interface Unique {
  readonly reference?: string | undefined;
}

/** The most that one person may decide on an account within a day without another one; without it, there is no limit. */
interface TwoPeople {
  readonly alone?: Amount | undefined;
}

interface Grant extends CreditTerms, TwoPeople {
  readonly reason: string;
  readonly approvedBy?: string | undefined;
  /** Whether the expiry is part of what was asked for, or follows from when. */
  readonly expiryGiven?: boolean | undefined;
}

/** A new key, of which nothing but its hash is kept. */
interface NewKey {
  readonly secretHash: string;
  readonly last4: string;
}

/** What the provider did for a charge. */
export interface Performance {
  readonly cost: Amount;
  readonly providerCost: Amount;
  readonly usage: AccountEventData<'TokensCharged'>['usage'];
  readonly usageRaw: JsonObject;
  readonly provider: string;
  readonly upstreamModel: string;
  readonly attempts: readonly Attempt[];
  /** Why the answer was cut off, when a part of the usage is an estimate. */
  readonly estimated?: CutOff;
}

export type RefundCommand = Base &
  (
    | {
        /** All of it or nothing. */
        readonly type: 'RequestRefund';
        readonly requestId: string;
        /** The purchases it may be taken from, in this order, each with the id of the refund of it. */
        readonly parts: readonly { readonly refundId: string; readonly lotId: string }[];
        /** All that can be refunded, in whole cents, without it. */
        readonly amount?: Amount | undefined;
        /** How long after its purchase credit may be paid out. */
        readonly windowMs: number;
        readonly requestedBy: string;
        readonly reason: string;
      }
    | {
        /** One that was made without asking us. */
        readonly type: 'RecordRefund';
        readonly refundId: string;
        readonly lotId: string;
        readonly amount: Amount;
        readonly requestedBy: string;
        readonly reason: string;
      }
    | {
        readonly type: 'ApproveRefund';
        readonly refundId: string;
        readonly approvedBy: string;
        /** The most that one person may both ask for and approve within a day. */
        readonly alone: Amount;
      }
    | { readonly type: 'CompleteRefund'; readonly refundId: string }
    | {
        readonly type: 'FailRefund';
        readonly refundId: string;
        readonly reason: RefundFailure;
        readonly declinedBy?: string | undefined;
        readonly detail?: string | undefined;
      }
  );

export type AccountCommand =
  | RefundCommand
  | (Base &
      (
        | ({ readonly type: 'OpenAccount'; readonly accountId: string; readonly credit?: Grant } & ByStaff & Unique)
        | ({ readonly type: 'CloseAccount'; readonly reason: string } & ByStaff)
        | ({ readonly type: 'SuspendAccount' | 'ReinstateAccount'; readonly reason: string } & ByStaff)
        | ({ readonly type: 'IssueKey'; readonly keyId: string; readonly settings: KeySettings } & NewKey &
            ByStaffForReason &
            Unique)
        | ({
            /** A new key in the place of one that was lost. */
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
            /** Its other names: a key that may call one of them may call it. */
            readonly aliases?: readonly string[] | undefined;
            readonly priceVersion: number;
            /** What is set aside, or a pure function of what can be, so that calls that race each other leave room for one another. */
            readonly amount: Amount | ((room: Amount) => Amount);
            readonly ttlMs: number;
            /** What `turnAt` said when it was made; without it, the account's clock is never turned back. */
            readonly turn?: number | undefined;
            /** How many calls of a key may be under way that sets no limit of its own; undefined: any number. */
            readonly parallelRequests?: number | undefined;
          }
        | ({ readonly type: 'SettleHold'; readonly chargeId: string; readonly byHand?: ByHand } & Performance)
        | ({
            readonly type: 'ReleaseHold';
            readonly chargeId: string;
            readonly reason: ReleaseReason;
            readonly detail?: string;
            readonly attempts?: readonly Attempt[];
          } & Uncharged)
        | ({
            readonly type: 'AdjustBalance';
            readonly adjustmentId: string;
            /** Negative to take credit away. */
            readonly amount: Amount;
            readonly expiresAt: number;
            readonly reason: string;
            readonly requestedBy: string;
            readonly approvedBy: string;
          } & TwoPeople &
            Unique)
        | {
            /** All that is known of a dispute when it is reported. */
            readonly type: 'RecordDispute';
            readonly disputeId: string;
            /** The purchase it is of. */
            readonly lotId: string;
            readonly amount: Amount;
            readonly reason: string;
            readonly inquiry: boolean;
            /** In all until now, less fees. */
            readonly withdrawn: Amount;
            readonly reinstated: Amount;
            readonly outcome?: DisputeOutcome | undefined;
          }
      ));
