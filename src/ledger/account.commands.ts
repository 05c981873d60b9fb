// What can be asked of an account. Every command carries its id, its instant and whatever else a decision needs.
import type { Amount, JsonObject } from '../kernel/index.js';
import type { AccountEventData, Attempt, KeySettings, ReleaseReason } from './account.events.js';

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

/** What the provider did for a charge. */
export interface Performance {
  readonly cost: Amount;
  readonly providerCost: Amount;
  readonly usage: AccountEventData<'TokensCharged'>['usage'];
  readonly usageRaw: JsonObject;
  readonly provider: string;
  readonly upstreamModel: string;
  readonly attempts: readonly Attempt[];
}

export type AccountCommand = Base &
  (
    | { readonly type: 'OpenAccount'; readonly accountId: string }
    | { readonly type: 'SuspendAccount' | 'ReinstateAccount'; readonly reason: string }
    | {
        readonly type: 'IssueKey';
        readonly keyId: string;
        readonly secretHash: string;
        readonly last4: string;
        readonly settings: KeySettings;
      }
    | { readonly type: 'UpdateKey'; readonly keyId: string; readonly settings: KeySettings }
    | { readonly type: 'RevokeKey'; readonly keyId: string }
    | ({ readonly type: 'PurchaseCredit'; readonly topupId: string } & CreditTerms)
    | ({ readonly type: 'GrantCredit'; readonly reason: string } & CreditTerms)
    | { readonly type: 'ExpireCredit' }
    | {
        readonly type: 'PlaceHold';
        readonly chargeId: string;
        readonly requestId: string;
        readonly keyId: string;
        readonly model: string;
        readonly priceVersion: number;
        readonly amount: Amount;
        readonly ttlMs: number;
        /** How many calls of a key may be under way that sets no limit of its own; undefined: any number. */
        readonly parallelRequests?: number | undefined;
      }
    | ({ readonly type: 'SettleHold'; readonly chargeId: string } & Performance)
    | {
        readonly type: 'ReleaseHold';
        readonly chargeId: string;
        readonly reason: ReleaseReason;
        readonly detail?: string;
        readonly attempts?: readonly Attempt[];
      }
    | {
        readonly type: 'AdjustBalance';
        readonly adjustmentId: string;
        /** Negative to take credit away. */
        readonly amount: Amount;
        readonly expiresAt: number;
        readonly reason: string;
        readonly requestedBy: string;
        readonly approvedBy: string;
      }
  );
