// A statement as a JSON file: the events of the period with their hashes, the hash they follow, and the prices they were charged at.
import { z } from 'zod';
import type { EventStore } from '../../event-store/index.js';
import { formatUsd } from '../../kernel/index.js';
import {
  type ModelPrices,
  modelPricesSchema,
  type PriceListPublished,
  priceListPublishedSchema,
  publishedPriceLists,
} from '../../pricing/index.js';
import { type Statement, Tally } from './statement.js';

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
const instant = (text: string) => z.iso.datetime({ precision: 3 }).describe(text);

/** The file as it is read. What is in `data`, and what the hash covers: docs/events.md and docs/statements.md. */
/** Who of the staff published it is nothing to a customer. */
const publicPriceList = priceListPublishedSchema.omit({ by: true, reason: true });

export const statementSchema = z.strictObject({
  object: z.literal('statement'),
  version: z.literal(1),
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
});

export type StatementFile = Readonly<z.infer<typeof statementSchema>>;

/** The text of the file, piece by piece: it may be long. */
export async function* statementJson(store: EventStore, statement: Statement): AsyncGenerator<string> {
  const { accountId: account_id, from, to, openingBalance, before } = statement;
  const head = { object: 'statement', version: 1, account_id, currency: 'usd', from, to };
  const beginning = JSON.stringify({ ...head, opening_balance: formatUsd(openingBalance), before, events: [] });
  yield beginning.slice(0, -']}'.length);
  const tally = new Tally(statement);
  let separator = '\n';
  for await (const event of statement.events) {
    tally.take(event);
    const { revision, id, type, data, metadata } = event;
    yield separator + JSON.stringify({ revision, id, type, data, hash: metadata['hash'] });
    separator = ',\n';
  }
  const prices = await pricesOf(store, tally.priced);
  yield `\n],${JSON.stringify({ price_lists: prices, closing_balance: formatUsd(tally.balance) }).slice(1)}\n`;
}

/** The versions of the price list that were charged by, with the models that were called. */
async function pricesOf(store: EventStore, priced: Tally['priced']): Promise<PriceListPublished[]> {
  const lists: PriceListPublished[] = [];
  if (priced.size === 0) return lists;
  for await (const list of publishedPriceLists(store)) {
    const called = priced.get(list.version);
    if (called === undefined) continue;
    const models = list.models.filter(({ model }) => called.has(model)).map(customerPrices);
    const { by: _by, reason: _reason, ...shown } = list;
    lists.push({ ...shown, models });
  }
  return lists;
}

/** What the customer pays, without what it costs us. */
const customerPrices = ({ model, bands }: ModelPrices): ModelPrices => ({
  model,
  bands: bands.map(({ cost: _cost, windows, ...band }) => ({
    ...band,
    ...(windows && { windows: windows.map(({ cost: _itsCost, ...window }) => window) }),
  })),
});
