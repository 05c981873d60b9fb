// A statement as a JSON file: the events of the period with their hashes, the hash they follow, the prices they were charged at, and the proof
// that the ledger holds them.
import type { EventStore } from '../../event-store/index.js';
import { formatUsd } from '../../kernel/index.js';
import { type ModelPrices, type PriceListPublished, publishedPriceLists } from '../../pricing/index.js';
import { type StatementSeals, proofOf } from './statement-proof.js';
import { statementText, type Unsigned } from './statement-note.js';
import { type Statement, Tally } from './statement.js';

/** The text of the file, piece by piece: it may be long. Without seals nothing in it is signed. */
export async function* statementJson(
  store: EventStore,
  statement: Statement,
  seals: StatementSeals | undefined,
): AsyncGenerator<string> {
  const { accountId: account_id, from, to, openingBalance, before } = statement;
  const head = { object: 'statement', version: 2, account_id, currency: 'usd', from, to } as const;
  const beginning = { ...head, opening_balance: formatUsd(openingBalance), before };
  yield JSON.stringify({ ...beginning, events: [] }).slice(0, -']}'.length);
  const tally = new Tally(statement);
  let separator = '\n';
  for await (const event of statement.events) {
    tally.take(event);
    const { revision, id, type, data, metadata } = event;
    yield separator + JSON.stringify({ revision, id, type, data, hash: metadata['hash'] });
    separator = ',\n';
  }
  const price_lists = (await pricesOf(store, tally.priced)) as Unsigned['price_lists'];
  const proof = (seals && (await proofOf(statement.ends, seals))) ?? null;
  const ending = { price_lists, closing_balance: formatUsd(tally.balance), proof };
  const text = statementText({ ...beginning, ...ending }, tally.head, tally.events);
  const signature = (proof && seals?.sign(text)) ?? null;
  yield `\n],${JSON.stringify({ ...ending, signature }).slice(1)}\n`;
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
