// Commands on an account, for specs: only what a rule is about has to be said.
import { type Amount, usd, ZERO } from '../../../src/kernel/index.js';
import type { AccountCommand, Performance } from '../../../src/ledger/account.commands.js';
import type {
  DisputeOutcome,
  KeyChange,
  KeySettings,
  RefundFailure,
  ReleaseReason,
} from '../../../src/ledger/account.events.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365 * DAY;

/** A Wednesday, at noon. */
export const NOON = Date.UTC(2026, 2, 4, 12);

/** When a command is issued: NOON without it. */
export interface When {
  readonly at?: number;
}

let commands = 0;
/** A command id that was never used before. */
const next = (): string => `command-${commands++}`;

export const base = ({ at = NOON }: When) => ({ commandId: next(), at });

export const openAccount = (when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'OpenAccount',
  accountId: 'acc',
});

export const suspend = (when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'SuspendAccount',
  reason: 'abuse',
});

export const reinstate = (when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'ReinstateAccount',
  reason: 'settled',
});

export const issueKey = (keyId = 'k', settings: Partial<KeySettings> = {}, when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'IssueKey',
  keyId,
  secretHash: keyId.padEnd(64, '_'),
  last4: 'wxyz',
  settings: { name: 'laptop', ...settings },
});

export const reissueKey = (replaces: string, keyId: string, when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'ReissueKey',
  keyId,
  replaces,
  secretHash: keyId.padEnd(64, '_'),
  last4: keyId.padStart(4, '_').slice(-4),
});

export const updateKey = (keyId: string, settings: Partial<KeySettings>, when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'UpdateKey',
  keyId,
  settings: { name: 'laptop', ...settings },
});

/** Some of its settings only. */
export const changeKey = (keyId: string, change: KeyChange, when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'UpdateKey',
  keyId,
  change,
});

export const revokeKey = (keyId = 'k', when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'RevokeKey',
  keyId,
});

interface LotTerms extends When {
  readonly expiresAt?: number;
}

export const purchase = (
  lotId: string,
  amount: string,
  { expiresAt = NOON + YEAR, ...when }: LotTerms = {},
): AccountCommand => ({
  ...base(when),
  type: 'PurchaseCredit',
  lotId,
  topupId: `topup-${lotId}`,
  amount: usd(amount),
  expiresAt,
});

/** Who decides, and what makes it unique; without `alone` one person may decide any amount. */
interface Decided {
  readonly by?: string;
  readonly approvedBy?: string;
  readonly alone?: string;
  readonly reference?: string;
  readonly expiryGiven?: boolean;
}

const decided = ({ alone, ...more }: Decided) => ({ ...more, alone: alone === undefined ? undefined : usd(alone) });

export const grant = (
  lotId: string,
  amount: string,
  { expiresAt = NOON + YEAR, at, ...more }: LotTerms & Decided = {},
): AccountCommand => ({
  ...base(at === undefined ? {} : { at }),
  type: 'GrantCredit',
  lotId,
  reason: 'welcome',
  amount: usd(amount),
  expiresAt,
  ...decided(more),
});

export const expireCredit = (when: When = {}): AccountCommand => ({ ...base(when), type: 'ExpireCredit' });

export const adjust = (
  adjustmentId: string,
  amount: string,
  { expiresAt = NOON + YEAR, at, by: requestedBy = 'user-1', approvedBy = 'user-2', ...more }: LotTerms & Decided = {},
): AccountCommand => ({
  ...base(at === undefined ? {} : { at }),
  type: 'AdjustBalance',
  adjustmentId,
  amount: usd(amount),
  expiresAt,
  reason: 'billing error of 3 March',
  requestedBy,
  approvedBy,
  ...decided(more),
});

interface RefundTerms extends When {
  readonly requestedBy?: string;
  readonly windowMs?: number;
}

const refundTerms = ({ requestedBy = 'user-1', ...when }: RefundTerms) => ({
  ...base(when),
  requestedBy,
  reason: 'not needed any more',
});

export const requestRefund = (
  refundId: string,
  lotId: string,
  amount: string,
  { windowMs = 7 * DAY, ...terms }: RefundTerms = {},
): AccountCommand => ({
  ...refundTerms(terms),
  type: 'RequestRefund',
  requestId: `request-${refundId}`,
  parts: [{ refundId, lotId }],
  amount: usd(amount),
  windowMs,
});

/** Asks for credit of several purchases, in this order: refund `<request>-<lot>` for each. */
export const requestRefundOf = (
  requestId: string,
  lotIds: readonly string[],
  amount?: string,
  { windowMs = 7 * DAY, ...terms }: RefundTerms = {},
): AccountCommand => ({
  ...refundTerms(terms),
  type: 'RequestRefund',
  requestId,
  parts: lotIds.map((lotId) => ({ refundId: `${requestId}-${lotId}`, lotId })),
  amount: amount === undefined ? undefined : usd(amount),
  windowMs,
});

export const recordRefund = (refundId: string, lotId: string, amount: string, when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'RecordRefund',
  refundId,
  lotId,
  amount: usd(amount),
  reason: 'refunded at Stripe',
});

/** One person alone may decide $1. */
export const approveRefund = (refundId: string, approvedBy = 'user-2', when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'ApproveRefund',
  refundId,
  approvedBy,
  alone: usd('1'),
});

export const completeRefund = (refundId: string, when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'CompleteRefund',
  refundId,
});

export const failRefund = (
  refundId: string,
  {
    reason = 'failed',
    withdrawnBy,
    ...when
  }: When & { readonly reason?: RefundFailure; readonly withdrawnBy?: string } = {},
): AccountCommand => ({
  ...base(when),
  type: 'FailRefund',
  refundId,
  reason,
  withdrawnBy,
});

export const declineRefund = (refundId: string, declinedBy = 'user-2', when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'FailRefund',
  refundId,
  reason: 'declined',
  declinedBy,
  detail: 'it was used after all',
});

interface DisputeTerms extends When {
  readonly amount?: string;
  readonly inquiry?: boolean;
  readonly withdrawn?: string;
  readonly reinstated?: string;
  readonly outcome?: DisputeOutcome;
}

export const recordDispute = (
  disputeId: string,
  lotId: string,
  { amount = '0', inquiry = false, withdrawn = '0', reinstated = '0', outcome, ...when }: DisputeTerms = {},
): AccountCommand => ({
  ...base(when),
  type: 'RecordDispute',
  disputeId,
  lotId,
  amount: usd(amount),
  reason: 'fraudulent',
  inquiry,
  withdrawn: usd(withdrawn),
  reinstated: usd(reinstated),
  outcome,
});

export const close = (when: When = {}): AccountCommand => ({
  ...base(when),
  type: 'CloseAccount',
  reason: 'asked for it',
});

interface HoldTerms extends When {
  readonly turn?: number;
  readonly aliases?: readonly string[];
  readonly keyId?: string;
  readonly ttlMs?: number;
  readonly parallelRequests?: number;
}

export const placeHold = (
  chargeId: string,
  amount: string | ((room: Amount) => Amount),
  { keyId = 'k', ttlMs = HOUR, parallelRequests, aliases, turn, ...when }: HoldTerms = {},
): AccountCommand => ({
  ...base(when),
  type: 'PlaceHold',
  chargeId,
  requestId: `request-${chargeId}`,
  keyId,
  model: 'gpt-4o-mini',
  aliases,
  priceVersion: 3,
  amount: typeof amount === 'string' ? usd(amount) : amount,
  ttlMs,
  parallelRequests,
  turn,
});

const usage = {
  promptTokens: 12,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  promptAudioTokens: 0,
  promptImageTokens: 0,
  completionTokens: 30,
  reasoningTokens: 0,
  completionAudioTokens: 0,
  totalTokens: 42,
};

/** A call that one provider answered, for which the customer pays `cost`. */
export const performance = (cost: Amount, providerCost: Amount): Performance => ({
  cost,
  providerCost,
  usage,
  usageRaw: { prompt_tokens: 12, completion_tokens: 30, total_tokens: 42 },
  provider: 'openai-eu',
  upstreamModel: 'gpt-4o-mini-2024-07-18',
  attempts: [{ channel: 'openai-eu', status: 200 }],
});

interface Settlement extends When {
  readonly providerCost?: string;
}

export const settle = (
  chargeId: string,
  cost: string,
  { providerCost = '0', ...when }: Settlement = {},
): AccountCommand => ({
  ...base(when),
  type: 'SettleHold',
  chargeId,
  ...performance(usd(cost), usd(providerCost)),
});

interface Release extends When {
  readonly reason?: ReleaseReason;
}

export const release = (chargeId: string, { reason = 'upstream_error', ...when }: Release = {}): AccountCommand => ({
  ...base(when),
  type: 'ReleaseHold',
  chargeId,
  reason,
});

/** An account with one key and, if any, one paid lot that lasts for a year. */
export const account = (balance = '10'): AccountCommand[] => [
  openAccount(),
  issueKey(),
  ...(usd(balance) === ZERO ? [] : [purchase('lot', balance)]),
];
