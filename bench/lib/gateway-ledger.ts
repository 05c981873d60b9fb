// The ledger under the gateway: made before it starts, read after it has stopped.
import type { PriceListPublished } from '../../src/pricing/index.js';
import { type BenchAccount, openAccount } from './accounts.ts';
import { kernel, ledger, PriceLists, pricing } from './built.ts';
import type { Format, UsageTotals } from './protocol.ts';
import { openEventStore, openReadModels } from './stores.ts';

/** One of each provider's, whose price has no bands. */
export const MODELS: Readonly<Record<Format, string>> = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-haiku-4-5',
  gemini: 'gemini-2.5-flash-lite',
};
const CREDIT = '1000000';
const PAGE = 2_000;

/** What a run is about: its own account, and the prices in force when it began. */
export interface BenchLedger {
  readonly account: BenchAccount;
  readonly prices: PriceListPublished;
}

/** Opens an account with plenty of credit, and publishes the starting prices where there are none. */
export async function prepareLedger(folder: string): Promise<BenchLedger> {
  const store = await openEventStore(folder);
  const readModels = await openReadModels(folder);
  const now = kernel.toInstant(Date.now());
  const lists = new PriceLists(store, new pricing.PriceBook());
  const inForce = pricing.inForceAt(await lists.all(), Date.now());
  const starting = { models: pricing.startingPriceList(), effectiveFrom: now, at: Date.now() };
  const prices = inForce ?? (await lists.publish(starting));
  if (prices === undefined) throw new Error('there are prices, but none is in force yet');
  const account = await openAccount(new ledger.Accounts(store, readModels), CREDIT);
  await store.close();
  await readModels.close();
  return { account, prices };
}

export interface Reconciliation {
  readonly answers: number;
  readonly charges: number;
  /** Of the run's account. */
  readonly events: number;
  /** What the usage the upstream handed out costs at the published price, in pico-dollars. */
  readonly owed: bigint;
  /** What the ledger charged, in pico-dollars. */
  readonly charged: bigint;
  readonly openHolds: number;
  readonly exact: boolean;
}

/** Sets the upstream's own count against the events of the run's account. */
export async function reconcile(
  folder: string,
  { account, prices }: BenchLedger,
  usage: ReadonlyMap<Format, UsageTotals>,
): Promise<Reconciliation> {
  const store = await openEventStore(folder);
  let [charged, charges, holds, events] = [0n, 0, 0, 0];
  for (;;) {
    const page = await store.readStream(ledger.accountStream(account.accountId), events, PAGE);
    for (const event of page) {
      events++;
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
  let [owed, answers] = [0n, 0];
  for (const [format, totals] of usage) {
    owed += cost(MODELS[format], totals, prices);
    answers += totals.answers;
  }
  const exact = owed === charged && charges === answers && holds === 0;
  return { answers, charges, events, owed, charged, openHolds: holds, exact };
}

/** Usage × price, worked out here from the published numbers and not by the gateway's own code. */
function cost(id: string, { prompt, cached, completion }: UsageTotals, { models }: PriceListPublished): bigint {
  const price = models.find(({ model }) => model === id)?.bands[0]?.price;
  if (price === undefined) throw new Error(`${id} has no price`);
  const perToken = (usdPerMillion: string): bigint => kernel.usd(usdPerMillion) / 1_000_000n;
  return (
    BigInt(prompt - cached) * perToken(price.input) +
    BigInt(cached) * perToken(price.cachedInput ?? price.input) +
    BigInt(completion) * perToken(price.output)
  );
}
