// A ledger of any size, made once: accounts that paid, and calls that were held and charged over the months before this one.
import type { EventStore, RecordedEvent } from '../../src/event-store/index.js';
import { openAccount } from './accounts.ts';
import {
  EventMacs,
  eventStore,
  kernel,
  ledger,
  MemoryEventStore,
  MemoryReadModelStore,
  openLedgerKeys,
  PriceLists,
  pricing,
} from './built.ts';
import { openBulkWriter } from './bulk-writer.ts';
import { asMade, decideCalls, MadeStream, MODEL } from './made-calls.ts';
import { storeUrls } from './stores.ts';

export { MODEL };

export interface MadeLedger {
  readonly events: number;
  readonly accounts: number;
  readonly charges: number;
  /** What all calls cost, worked out here from the published numbers, in pico-dollars. */
  readonly charged: bigint;
  /** The time of the calls: from the first instant to before the second. */
  readonly from: string;
  readonly to: string;
  readonly perSecond: number;
  /** The first account, and one of its charges near the beginning. */
  readonly accountId: string;
}

export interface LedgerShape {
  /** As many as 10,000 pairs each make the size, where it is not given: what a customer makes who calls four times a minute for a month. */
  readonly accounts?: number | undefined;
  /** Over how many months the calls are spread. */
  readonly months?: number;
}

const CREDIT = '1000000';
const PAIRS_PER_ACCOUNT = 10_000;
/** Calls of an account that are under way at once. */
const AT_ONCE = 5;

/** Writes a ledger with about `size` events into a folder. */
export async function makeLedger(folder: string, size: number, shape: LedgerShape = {}): Promise<MadeLedger> {
  const { accounts: count = Math.max(1, Math.ceil(size / 2 / PAIRS_PER_ACCOUNT)), months = 1 } = shape;
  const [from, to] = monthsBefore(new Date(), months);
  const config = { EVENT_STORE_URL: storeUrls(folder)['EVENT_STORE_URL'] ?? '', LEDGER_KEY_FILE: undefined };
  const keys = await openLedgerKeys(config, new MemoryEventStore()); // there is no event yet
  const macs = keys && new EventMacs(keys);
  const opening = await openings(count, from);
  const writer = await openBulkWriter(folder);
  const start = performance.now();
  for (const events of [opening.prices, ...opening.accounts])
    await writer.write(events.map((event) => asMade(event, macs)));
  const streams = opening.accounts.map((events) => new MadeStream(events, macs));
  const rounds = Math.ceil(size / 2 / count / AT_ONCE);
  const roundMs = Math.floor((to - from) / rounds);
  let [charged, nth] = [0n, 0];
  for (let round = 0; round < rounds; round++) {
    for (const stream of streams) {
      const calls = Array.from(
        { length: AT_ONCE },
        () => opening.calls[nth++ % opening.calls.length] ?? opening.calls[0]!,
      );
      for (const { cost } of calls) charged += cost;
      await writer.write(stream.calls(calls, from + round * roundMs));
    }
  }
  await writer.close();
  const events = opening.prices.length + streams.reduce((sum, { revision }) => sum + revision + 1, 0);
  const perSecond = (events / (performance.now() - start)) * 1_000;
  const accountId = String(opening.accounts[0]?.[0]?.data['accountId']);
  const period = { from: kernel.toInstant(from), to: kernel.toInstant(to) };
  return { events, accounts: count, charges: nth, charged, ...period, perSecond, accountId };
}

/** What comes before the calls, decided in memory: the prices, each account with its key and its credit, and the calls to write. */
async function openings(count: number, at: number) {
  const store = new MemoryEventStore();
  const effectiveFrom = kernel.toInstant(at);
  const list = await new PriceLists(store, new pricing.PriceBook()).publish({
    models: pricing.startingPriceList(),
    effectiveFrom,
    at,
  });
  if (list === undefined) throw new Error('the starting prices were not published');
  const prices = await all(store, pricing.PRICE_LIST_STREAM);
  const accounts = new ledger.Accounts(store, new MemoryReadModelStore());
  const streams: RecordedEvent[][] = [];
  for (let index = 0; index < count; index++) {
    const { accountId } = await openAccount(accounts, CREDIT, at);
    streams.push(await all(store, ledger.accountStream(accountId)));
  }
  const calls = await decideCalls(pricing.compilePriceList(list), 1, at);
  return { prices, accounts: streams, calls };
}

async function all(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of eventStore.eventsOf(store, stream)) events.push(event);
  return events;
}

function monthsBefore(now: Date, months: number): [from: number, to: number] {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return [Date.UTC(year, month - months), Date.UTC(year, month)];
}
