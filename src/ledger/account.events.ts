// The events of an account, stream `account-<accountId>`. They are contracts: a change of shape takes a version and an upcaster,
// and docs/events.md is generated from here. No personal data, ever.
import { z } from 'zod';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../event-store/index.js';
import { type EventOf, instant, usd } from '../event-store/fields/index.js';
import { charged, coveredDebt, id, slices, text, uncovered, when } from './event-fields.js';
import { RERATING_POLICIES, reratingEventSchemas } from './rerating.schema.js';
import { refundEventSchemas } from './refund.schema.js';
import { usageSchema } from './usage.schema.js';
import { KEY_LIMITS } from './key-limits.js';

const by = id('who of the staff did it: a user id; none where the owner did, or the gateway').optional();
const approvedBy = id('who else of the staff approved it').optional();
const reference = id('what makes it unique on this account, as who asked for it chose').optional();
const staffReason = text('why, as the staff says it').optional();
/** What the owner may set on a key. A setting that is absent does not limit. */
export const keySettings = {
  name: z
    .string()
    .max(KEY_LIMITS.name)
    .refine((name) => name.isWellFormed(), 'must be whole Unicode characters')
    .describe('what the owner calls it'),
  requestsPerMinute: z
    .int()
    .positive()
    .max(KEY_LIMITS.requestsPerMinute)
    .optional()
    .describe('requests per minute; the default without it'),
  tokensPerMinute: z
    .int()
    .positive()
    .max(KEY_LIMITS.tokensPerMinute)
    .optional()
    .describe('tokens per minute, of prompts and completions; the default without it'),
  parallelRequests: z
    .int()
    .positive()
    .max(KEY_LIMITS.parallelRequests)
    .optional()
    .describe('calls that may be under way at the same time; the default without it'),
  budgetDaily: usd('most it may spend per UTC day').optional(),
  budgetWeekly: usd('most it may spend per week, from Monday, UTC').optional(),
  budgetMonthly: usd('most it may spend per UTC calendar month').optional(),
  budgetTotal: usd('most it may spend in its life').optional(),
  allowedModels: z
    .array(z.string().max(KEY_LIMITS.allowedModels.units))
    .max(KEY_LIMITS.allowedModels.entries)
    .optional()
    .describe('the only models it may call'),
  allowedIps: z
    .array(z.string().max(KEY_LIMITS.allowedIps.units))
    .max(KEY_LIMITS.allowedIps.entries)
    .optional()
    .describe('the only addresses or CIDR ranges it may be used from'),
  expiresAt: instant('when it stops working').optional(),
};

export const RELEASE_REASONS = [
  'upstream_error',
  'upstream_timeout',
  'usage_unknown',
  'refused_by_provider',
  'expired',
  'gateway_restarted',
  'not_forwarded',
] as const;

const attempt = z.strictObject({
  channel: id('the channel that was tried'),
  status: z.int().nullable().describe('its HTTP status; null when there was no answer'),
  error: text('what went wrong, when something did').optional(),
});
const attempts = z.array(attempt).max(20).describe('every try at a provider, in order');

export const accountEventSchemas = {
  AccountOpened: z
    .strictObject({ accountId: id('the account'), by, reference, ...when })
    .describe('A ledger account exists.'),
  AccountSuspended: z
    .strictObject({ reason: text('why'), by, ...when })
    .describe('No new holds until it is reinstated.'),
  AccountReinstated: z.strictObject({ reason: text('why'), by, ...when }).describe('New holds are allowed again.'),

  AccountClosed: z
    .strictObject({ reason: text('why'), by, ...when })
    .describe('No new holds and no new keys, for good.'),

  KeyIssued: z
    .strictObject({
      keyId: id('the key'),
      secretHash: z.string().length(64).describe('SHA-256 of the whole key, in hex; the key itself is kept nowhere'),
      last4: z.string().length(4).describe('its last four characters'),
      ...keySettings,
      replaces: id('the key it replaces: what that one has spent counts for this one').optional(),
      by,
      reason: staffReason,
      reference,
      ...when,
    })
    .describe('A key was issued.'),
  KeyUpdated: z
    .strictObject({ keyId: id('the key'), ...keySettings, by, reason: staffReason, ...when })
    .describe('The settings of a key were replaced, all of them.'),
  KeyRevoked: z
    .strictObject({ keyId: id('the key'), by, reason: staffReason, ...when })
    .describe('A key stopped working, for good.'),

  CreditPurchased: z
    .strictObject({
      lotId: id('the lot'),
      amount: usd('what was paid for'),
      coveredDebt,
      expiresAt: instant('when what is left of it expires'),
      topupId: id('the top-up behind it'),
      ...when,
    })
    .describe('A lot of paid credit.'),
  CreditGranted: z
    .strictObject({
      lotId: id('the lot'),
      amount: usd('what was granted'),
      coveredDebt,
      expiresAt: instant('when what is left of it expires'),
      reason: text('why'),
      by,
      approvedBy,
      reference,
      ...when,
    })
    .describe('A lot of bonus credit, which is never paid out.'),
  CreditExpired: z
    .strictObject({
      lotId: id('the lot'),
      kind: z.enum(['paid', 'bonus']).describe('of which kind it was'),
      amount: usd('what was left of it and is gone, beyond `coveredDebt`'),
      coveredDebt: usd('what else was left of it: it paid off an earlier negative balance').optional(),
      expiredAt: instant('when it ended: the lot’s expiry, or when the credit came back to it later').optional(),
      ...when,
    })
    .describe('What was left of a lot expired.'),

  HoldPlaced: z
    .strictObject({
      ...charged,
      amount: usd('the largest cost the call can have'),
      expiresAt: instant('when it may be released if nothing settled it'),
      ...when,
    })
    .describe('Credit was set aside for a call, before anything was sent to a provider.'),
  TokensCharged: z
    .strictObject({
      ...charged,
      cost: usd('what the customer pays'),
      hold: usd('the hold it settles; zero for a late charge'),
      slices,
      uncovered,
      overage: usd('by how much the cost exceeds the hold').optional(),
      late: z.boolean().optional().describe('true when the hold had already been released'),
      pricedAt: instant('the instant the price was taken at: when the hold was placed'),
      usage: usageSchema.describe('the usage in normal form'),
      usageRaw: z
        .record(z.string(), z.json())
        .describe('the usage block as the provider sent it; the counts that were given, when a person charged by them'),
      provider: id('the channel that answered'),
      upstreamModel: id('the model name sent to it'),
      providerCost: usd('what the provider costs us'),
      attempts,
      estimated: z
        .enum(['client_left', 'timed_out', 'shutting_down'])
        .optional()
        .describe(
          'why the answer was cut off, when what its provider had not counted by then is an estimate of what was delivered',
        ),
      byHand: z
        .strictObject({ actor: id('who charged it'), reason: text('why') })
        .optional()
        .describe('present when a person charged a hold that had been released'),
      ...when,
    })
    .describe('A call was charged at its usage × the price.'),
  HoldReleased: z
    .strictObject({
      chargeId: charged.chargeId,
      requestId: charged.requestId,
      keyId: charged.keyId,
      model: charged.model,
      amount: usd('the hold that is free again'),
      reason: z.enum(RELEASE_REASONS).describe('why nothing was charged'),
      detail: text('more about it, for an operator').optional(),
      attempts: attempts.optional(),
      usageRaw: z
        .json()
        .optional()
        .describe(
          'the usage block as the provider sent it, which was not charged; the start of its text when it is no small object',
        ),
      provider: id('the channel that answered').optional(),
      upstreamModel: id('the model name sent to it').optional(),
      byHand: z
        .strictObject({ actor: id('who released it: a user id'), reason: text('why') })
        .optional()
        .describe('present when a person released it after its expiry'),
      ...when,
    })
    .describe('A hold was given back; nothing was charged.'),

  ...reratingEventSchemas,
  ...refundEventSchemas,

  DisputeOpened: z
    .strictObject({
      disputeId: id('the dispute'),
      lotId: id('the purchase it is of'),
      amount: usd('what of the credit is disputed'),
      reason: text('the reason the bank gives'),
      inquiry: z.boolean().describe('true for a mere question of the bank’s, which freezes nothing'),
      evidenceDueAt: instant('until when the bank takes evidence').optional(),
      ...when,
    })
    .describe(
      'A payment is disputed: no new holds until it is closed. Comes a second time when an inquiry becomes a dispute.',
    ),
  DisputeFundsWithdrawn: z
    .strictObject({ disputeId: id('the dispute'), amount: usd('what was taken'), slices, uncovered, ...when })
    .describe('The payment provider took disputed money from us, and we its credit from the account.'),
  DisputeFundsReinstated: z
    .strictObject({
      disputeId: id('the dispute'),
      amount: usd('what came back'),
      slices: slices.describe('what went back to which lots'),
      coveredDebt,
      ...when,
    })
    .describe('Disputed money came back.'),
  DisputeClosed: z
    .strictObject({
      disputeId: id('the dispute'),
      outcome: z.enum(['won', 'lost', 'inquiry_closed']).describe('how it ended, seen from us'),
      ...when,
    })
    .describe('A dispute is over. One that was lost may be won after all; then this comes a second time.'),

  BalanceAdjusted: z
    .strictObject({
      adjustmentId: id('the adjustment; of a positive one also the lot it makes'),
      amount: usd('what was added; negative when taken'),
      slices,
      uncovered,
      coveredDebt,
      expiresAt: instant('when what was added expires').optional(),
      reason: text('why'),
      requestedBy: id('who asked for it'),
      approvedBy: id('who approved it'),
      servedAt: instant('its service date: when what it corrects was earned; absent: when it happened').optional(),
      reference,
      ...when,
    })
    .describe('A manual correction.'),
};

type Schemas = typeof accountEventSchemas;
export type AccountEventType = keyof Schemas;
export type AccountEventData<T extends AccountEventType> = z.infer<Schemas[T]>;
export type AccountEvent = EventOf<Schemas>;

/** The settings of a key among the data of an event. */
export const settingsIn = (data: object): KeySettings =>
  Object.fromEntries(Object.entries(data).filter(([field]) => field in keySettings)) as KeySettings;

export type KeySettings = z.infer<z.ZodObject<typeof keySettings>>;
/** New values of settings; null takes one away. */
export type KeyChange = { readonly [Name in keyof KeySettings]?: KeySettings[Name] | null };
export type Slice = AccountEventData<'TokensCharged'>['slices'][number];
export { RERATING_POLICIES };
export type ReratingPolicy = (typeof RERATING_POLICIES)[number];
export type Attempt = z.infer<typeof attempt>;
export type RefundFailure = AccountEventData<'RefundFailed'>['reason'];
export type DisputeOutcome = AccountEventData<'DisputeClosed'>['outcome'];
export type CutOff = NonNullable<AccountEventData<'TokensCharged'>['estimated']>;
export type ReleaseReason = AccountEventData<'HoldReleased'>['reason'];

const STREAM_PREFIX = 'account-';

export const accountStream = (accountId: string): string => `${STREAM_PREFIX}${accountId}`;

/** The account of a stream; undefined when it is not an account's stream. */
export const accountOfStream = idAfter(STREAM_PREFIX);

/** From older shapes of these events to the present ones, step by step. */
export const accountUpcasters: Upcasters = {};

/** A recorded event of an account in its present shape. */
export const readAccountEvent = (recorded: RecordedEvent) => readEvent(accountUpcasters, recorded) as AccountEvent;
