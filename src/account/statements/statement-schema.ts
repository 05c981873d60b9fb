// The JSON form of a statement as it is read. What is in `data`, and what each hash and signature covers: docs/events.md and docs/statements.md.
import { z } from 'zod';
import { instant } from '../../event-store/fields/index.js';
import { modelPricesSchema, priceListPublishedSchema } from '../../pricing/index.js';

const usd = (text: string) =>
  z
    .string()
    .regex(/^-?\d{1,24}\.\d{2,12}$/)
    .describe(`${text} (USD, exact decimal)`);
const hash = (text: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(`${text}: SHA-256, in hex`);

/** Who of the staff published it is nothing to a customer. */
const publicPriceList = priceListPublishedSchema.omit({ by: true, reason: true });

const body = {
  account_id: z.string().min(1).max(200),
  currency: z.literal('usd'),
  from: instant('the period: from this instant'),
  to: instant('to before this one'),
  opening_balance: usd('the balance before the period'),
  before: z
    .strictObject({ revision: z.int().min(-1), hash: hash('its hash') })
    .describe('the last event before the period; revision -1 when there is none'),
  events: z
    .array(
      z.strictObject({
        revision: z.int().min(0),
        id: z.string(),
        type: z.string(),
        data: z.looseObject({}).describe('what happened: docs/events.md'),
        hash: hash('of the hash before and this event'),
      }),
    )
    .describe('every event of the account in the period'),
  price_lists: z
    .array(z.strictObject({ ...publicPriceList.shape, models: z.array(modelPricesSchema) }))
    .describe('the versions of the price list that calls were charged by, with the models that were called'),
  closing_balance: usd('the balance at the end of the period'),
};

const sealed = {
  index: z.int().min(0).describe('its place among the leaves of the tree, from 0'),
  position: z.int().describe('its position in the ledger'),
  recorded_at: z.string().describe('when the ledger recorded it'),
  metadata: z.looseObject({}).describe('what else the ledger recorded with it'),
  inclusion: z
    .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/))
    .max(64)
    .describe('the proof that it is in the tree of the checkpoint (RFC 6962, section 2.1.1), in base64'),
};
const neighbour = { id: z.string(), type: z.string(), data: z.looseObject({}).describe('what happened') };

const proof = z
  .strictObject({
    keys: z
      .array(z.string().max(500))
      .min(1)
      .max(64)
      .describe('the public keys of the ledger (c2sp.org/signed-note); compare them with what you got elsewhere'),
    checkpoint: z.string().max(10_000).describe('a signed checkpoint of the ledger (c2sp.org/tlog-checkpoint)'),
    before: z
      .strictObject({ ...neighbour, previous_hash: hash('of the event before it'), ...sealed })
      .nullable()
      .describe(
        'the last event before the period, whose instant shows that the period begins after it; null without one',
      ),
    last: z.strictObject(sealed).nullable().describe('the last event of the period; null without one'),
    after: z
      .strictObject({ ...neighbour, ...sealed })
      .nullable()
      .describe('the first event after the period, if there was one: it shows that none of the period is left out'),
  })
  .nullable()
  .describe('that the ledger holds these events, and how it bounds them; null when the ledger keeps no seals');

/** Statements of before the ledger was sealed: nothing in them is signed. */
const first = z.strictObject({ object: z.literal('statement'), version: z.literal(1), ...body });

/** As statements are written now. */
export const statementSchema = z.strictObject({
  object: z.literal('statement'),
  version: z.literal(2),
  ...body,
  proof,
  signature: z
    .string()
    .max(10_000)
    .nullable()
    .describe(
      'the period, the balances and the digest of this file, signed by the ledger; null when it keeps no seals',
    ),
});

/** Any version that was ever written. */
export const anyStatementSchema = z.discriminatedUnion('version', [first, statementSchema]);

export type StatementFile = Readonly<z.infer<typeof anyStatementSchema>>;
export type SignedStatement = Readonly<z.infer<typeof statementSchema>>;
export type StatementProof = Readonly<NonNullable<z.infer<typeof proof>>>;
export type SealedPlace = Readonly<NonNullable<StatementProof['last']>>;
