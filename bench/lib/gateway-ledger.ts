// The ledger under the gateway: made before it starts, read after it has stopped.
import type { EventStore, RecordedEvent } from '../../src/event-store/index.js';
import type { PriceListPublished } from '../../src/pricing/index.js';
import { type BenchAccount, openAccount } from './accounts.ts';
import { type Build, build as underTest, kernel } from './built.ts';
import { perSecond } from './figures.ts';
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

/** What a run is about: its own accounts, and the prices in force when it began. */
export interface BenchLedger {
  readonly build: Build;
  readonly accounts: readonly [BenchAccount, ...BenchAccount[]];
  readonly prices: PriceListPublished;
}

/** Opens accounts with plenty of credit, and publishes the starting prices where there are none. */
export async function prepareLedger(folder: string, build = underTest, count = 1): Promise<BenchLedger> {
  const store = await openEventStore(folder, 'events', build);
  const readModels = await openReadModels(folder, 'read-models', build);
  const now = build.kernel.toInstant(Date.now());
  const lists = new build.PriceLists(store, new build.pricing.PriceBook());
  const inForce = build.pricing.inForceAt(await lists.all(), Date.now());
  const starting = { models: build.pricing.startingPriceList(), effectiveFrom: now, at: Date.now() };
  const prices = inForce ?? (await lists.publish(starting));
  if (prices === undefined) throw new Error('there are prices, but none is in force yet');
  const accounts = new build.ledger.Accounts(store, readModels);
  const first = await openAccount(accounts, CREDIT);
  const others: BenchAccount[] = [];
  while (others.length < count - 1) others.push(await openAccount(accounts, CREDIT));
  await store.close();
  await readModels.close();
  return { build, accounts: [first, ...others], prices };
}

export interface Reconciliation {
  readonly answers: number;
  readonly charges: number;
  /** Of the run's accounts. */
  readonly events: number;
  /** What the usage the upstream handed out costs at the published price, in pico-dollars. */
  readonly owed: bigint;
  /** What the ledger charged, in pico-dollars. */
  readonly charged: bigint;
  readonly openHolds: number;
  readonly exact: boolean;
}

/** Sets the upstream's own count against the events of the run's accounts. */
export async function reconcile(
  folder: string,
  { build, accounts, prices }: BenchLedger,
  usage: ReadonlyMap<Format, UsageTotals>,
): Promise<Reconciliation> {
  const store = await openEventStore(folder, 'events', build);
  let [charged, charges, holds, events] = [0n, 0, 0, 0];
  for (const { accountId } of accounts) {
    for await (const event of eventsOf(store, build.ledger.accountStream(accountId))) {
      events++;
      if (event.type === 'HoldPlaced') holds++;
      if (event.type === 'HoldReleased') holds--;
      if (event.type !== 'TokensCharged') continue;
      holds--;
      charges++;
      charged += kernel.usd(event.data['cost'] as string);
    }
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

async function* eventsOf(store: EventStore, stream: string): AsyncGenerator<RecordedEvent> {
  for (let from = 0; ; from += PAGE) {
    const page = await store.readStream(stream, from, PAGE);
    yield* page;
    if (page.length < PAGE) return;
  }
}

/** The line that every run ends with. */
export function reconciliationLine({
  answers,
  charges,
  events,
  owed,
  charged,
  openHolds,
  exact,
}: Reconciliation): string {
  return (
    `Reconciliation: ${perSecond(answers)} answers, usage × price = ${usd(owed)} ${exact ? '=' : '≠'} ` +
    `${usd(charged)} = ${perSecond(charges)} charges in the ledger (${openHolds} holds open, ${perSecond(events)} events)`
  );
}

export const usd = (pico: bigint): string => `$${kernel.formatUsd(kernel.picoUsd(pico))}`;

/** A report as JSON; its sums, in pico-dollars, as dollars. */
export function printAsJson(report: object): void {
  const asText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? usd(value) : value);
  console.log(JSON.stringify(report, asText, 2));
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
