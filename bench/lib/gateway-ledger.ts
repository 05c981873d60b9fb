// The ledger under the gateway: made before it starts, read after it has stopped.
import { join } from 'node:path';
import type { PriceListPublished } from '../../src/pricing/index.js';
import { openAccount } from './accounts.ts';
import { kernel, ledger, PriceLists, pricing, SqliteEventStore, SqliteReadModelStore } from './built.ts';
import type { UsageTotals } from './protocol.ts';

export const MODEL = 'gpt-4o-mini';
const CREDIT = '1000000';
const PAGE = 2_000;

export const storeUrls = (folder: string): Record<string, string> => ({
  EVENT_STORE_URL: `sqlite:${join(folder, 'events.db')}`,
  READ_MODEL_URL: `sqlite:${join(folder, 'read-models.db')}`,
});

/** Publishes the starting prices and opens an account with plenty of credit; returns its key. */
export async function prepareLedger(folder: string): Promise<string> {
  const store = await SqliteEventStore.open(join(folder, 'events.db'));
  const readModels = await SqliteReadModelStore.open(join(folder, 'read-models.db'));
  const now = Date.now();
  await new PriceLists(store, new pricing.PriceBook()).publish(pricing.startingPriceList(), kernel.toInstant(now), now);
  const { key } = await openAccount(new ledger.Accounts(store, readModels), CREDIT);
  await store.close();
  await readModels.close();
  return key;
}

export interface Reconciliation {
  readonly answers: number;
  readonly charges: number;
  readonly events: number;
  /** What the usage the upstream handed out costs at the published price, in pico-dollars. */
  readonly owed: bigint;
  /** What the ledger charged, in pico-dollars. */
  readonly charged: bigint;
  readonly openHolds: number;
  readonly exact: boolean;
}

/** Sets the upstream's own count against the ledger's events. */
export async function reconcile(folder: string, usage: UsageTotals): Promise<Reconciliation> {
  const store = await SqliteEventStore.open(join(folder, 'events.db'));
  let [owed, charged, charges, holds, events] = [0n, 0n, 0, 0, 0];
  for (let after = -1; ;) {
    const page = await store.readAll(after, PAGE);
    for (const event of page) {
      after = event.position;
      events++;
      if (event.stream === pricing.PRICE_LIST_STREAM) owed = cost(usage, event.data as unknown as PriceListPublished);
      if (event.type === 'HoldPlaced') holds++;
      if (event.type === 'HoldReleased') holds--;
      if (event.type !== 'TokensCharged') continue;
      holds--;
      charges++;
      charged += kernel.usd(event.data['cost'] as string);
    }
    if (page.length < PAGE) break;
  }
  await store.close();
  const exact = owed === charged && charges === usage.answers && holds === 0;
  return { answers: usage.answers, charges, events, owed, charged, openHolds: holds, exact };
}

/** Usage × price, worked out here from the published numbers and not by the gateway's own code. */
function cost({ prompt, cached, completion }: UsageTotals, { models }: PriceListPublished): bigint {
  const price = models.find(({ model }) => model === MODEL)?.bands[0]?.price;
  if (price === undefined) throw new Error(`${MODEL} has no price`);
  const perToken = (usdPerMillion: string): bigint => kernel.usd(usdPerMillion) / 1_000_000n;
  return (
    BigInt(prompt - cached) * perToken(price.input) +
    BigInt(cached) * perToken(price.cachedInput ?? price.input) +
    BigInt(completion) * perToken(price.output)
  );
}
