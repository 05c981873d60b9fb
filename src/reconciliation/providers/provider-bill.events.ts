// What was found in a channel's bills, and decided about it: stream `provider-bills-<channel>`. They are contracts, as those of an account.
import { z } from 'zod';
import { type EventOf, happenedAt as at, id, usd } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';
import { BILL_FORMATS, LINE_STATUSES, TOKEN_KINDS } from './bill.js';
import { EXPLANATIONS } from './explanations.js';

const reason = z.string().min(1).max(2_000);
const day = (text: string) => z.iso.date().describe(text);

/** What is done about a difference. */
export const PROVIDER_RESOLUTIONS = ['book', 'keep'] as const;
export type ProviderResolution = (typeof PROVIDER_RESOLUTIONS)[number];

const line = {
  channel: id('the channel'),
  day: day('the UTC day on which the calls were made'),
  model: id('the model, as it is compared'),
};
const proposal = {
  ...line,
  resolution: z
    .enum(PROVIDER_RESOLUTIONS)
    .describe('`book`: the provider is right, and the difference is booked; `keep`: what was booked stays'),
  amount: usd('the difference: billed − booked'),
  reason: reason.describe('why'),
  requestedBy: id('who proposed it: a user id'),
};

const explanation = z.strictObject({
  cause: z.enum(EXPLANATIONS).describe('why these calls may explain it'),
  calls: z.int().positive().describe('how many calls'),
  amount: usd('what was booked for them; what was held for those without a charge'),
  chargeIds: z.array(z.string()).max(5).describe('the first of them'),
});

export const providerBillEventSchemas = {
  ProviderBillImported: z
    .strictObject({
      importId: id('the import'),
      channel: line.channel,
      format: z.enum(BILL_FORMATS).describe('whose format the files have'),
      from: day('its first UTC day'),
      to: day('its last UTC day'),
      files: z
        .array(
          z.strictObject({ name: id('its name'), sha256: z.string().length(64).describe('SHA-256 of it, in hex') }),
        )
        .describe('the files'),
      tolerance: usd('up to which a difference of costs is none'),
      lines: z.int().min(0).describe('how many models and days were compared'),
      booked: usd('what was booked for these days'),
      billed: usd('what the provider bills for them; absent when the bill has no costs').optional(),
      by: id('who imported it: a user id'),
      at,
    })
    .describe('A bill of a provider was compared with the ledger.'),
  ProviderCostCompared: z
    .strictObject({
      importId: id('the import'),
      ...line,
      status: z
        .enum(LINE_STATUSES)
        .describe('how it compares; `accepted`: it differs as it did when it was decided to keep what was booked'),
      calls: z.int().min(0).describe('how many calls were booked'),
      booked: usd('what was booked'),
      billed: usd(
        'what the provider bills; where the bill has no costs, what an earlier one had of a difference that is known, or absent',
      ).optional(),
      difference: usd('billed − booked').optional(),
      tokens: z
        .array(
          z.strictObject({
            kind: z.enum(TOKEN_KINDS).describe('the kind'),
            booked: z.int().min(0).describe('as booked'),
            billed: z.int().min(0).describe('as billed'),
          }),
        )
        .describe('the tokens of the kinds that the bill counts'),
      explanations: z.array(explanation).describe('for a difference: the calls that may explain it'),
      at,
    })
    .describe('A model on a day, as billed and as booked. It takes the place of an earlier comparison of the same.'),
  ProviderDifferenceProposed: z
    .strictObject({ ...proposal, at })
    .describe('Somebody proposed what to do about a difference.'),
  ProviderDifferenceAccepted: z
    .strictObject({
      ...proposal,
      approvedBy: id('who else approved it: a user id'),
      approvalReason: reason.optional().describe('why they approved it; absent where they were not asked'),
      at,
    })
    .describe('A second person approved it: the difference is closed.'),
  ProviderDifferenceDeclined: z
    .strictObject({ ...line, declinedBy: id('who declined it: a user id'), reason: reason.describe('why'), at })
    .describe('The proposal is off; the difference stays open.'),
};

type Schemas = typeof providerBillEventSchemas;
export type ProviderBillEventData<T extends keyof Schemas> = z.infer<Schemas[T]>;
export type ProviderBillEvent = EventOf<Schemas>;

const STREAM_PREFIX = 'provider-bills-';

export const providerBillStream = (channel: string): string => `${STREAM_PREFIX}${channel}`;

/** The channel of a stream; undefined for a stream of another kind. */
export const channelOfStream = idAfter(STREAM_PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const providerBillUpcasters: Upcasters = {};

/** A recorded event of a channel's bills in its present shape. */
export const readProviderBillEvent = (recorded: RecordedEvent) =>
  readEvent(providerBillUpcasters, recorded) as ProviderBillEvent;
