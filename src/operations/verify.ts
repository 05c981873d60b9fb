// Checks the whole ledger against itself: every hash chain, every stream's history, every charge recomputed from its usage and its
// price, every posting, and the read models against the events.
import {
  allEvents,
  eventsOf,
  type EventStore,
  type ReadModelStore,
  type RecordedEvent,
  verifyChain,
} from '../event-store/index.js';
import { formatUsd, fromInstant } from '../kernel/index.js';
import {
  type AccountEventData,
  accountOfStream,
  accountStream,
  type AccountState,
  addPostings,
  type BookedStream,
  imbalances,
  posted,
  readAccountEvent,
  type Totals,
  trialBalance,
  type TrialBalanceLine,
} from '../ledger/index.js';
import { compilePriceList, type PriceList, publishedPriceLists, rate } from '../pricing/index.js';
import { BOOKED_STREAMS } from './booked-streams.js';
import { TopupCheck } from './verify-topups.js';
import { readModelFaults, type Worth } from './verify-read-models.js';

const MAX_FAULTS = 100;

export interface Verification {
  readonly streams: number;
  readonly events: number;
  readonly accounts: number;
  readonly charges: number;
  readonly openHolds: number;
  /** What is wrong, a sentence each; none when the ledger is right. At most 100. */
  readonly faults: readonly string[];
  readonly trialBalance: readonly TrialBalanceLine[];
}

/** Verifies every stream, or one account's. */
export async function verify(store: EventStore, readModels: ReadModelStore, only?: string): Promise<Verification> {
  const run = new Run(store, await priceLists(store));
  const streams = only === undefined ? await streamNames(store) : [accountStream(only)];
  for (const stream of streams) await run.check(stream);
  run.checkTotals();
  if (only === undefined) run.faults.push(...(await run.topups.faults(store)));
  const ledger = { store, accounts: run.accounts, whole: only === undefined };
  const faults = [...run.faults, ...(await readModelFaults(ledger, readModels, MAX_FAULTS))];
  return {
    ...run.figures,
    streams: streams.length,
    faults: faults.slice(0, MAX_FAULTS),
    trialBalance: trialBalance(run.totals),
  };
}

class Run {
  readonly faults: string[] = [];
  readonly totals: Totals = new Map();
  readonly topups = new TopupCheck();
  readonly figures = { events: 0, accounts: 0, charges: 0, openHolds: 0 };
  readonly accounts = new Map<string, Worth>();

  constructor(
    private readonly store: EventStore,
    private readonly prices: ReadonlyMap<number, PriceList>,
  ) {}

  async check(stream: string): Promise<void> {
    const kind = BOOKED_STREAMS.find((each) => each.owns(stream));
    let state = kind?.initial();
    let last: RecordedEvent | undefined;
    const fault = await verifyChain(eventsOf(this.store, stream), (event) => {
      this.figures.events++;
      this.topups.take(event);
      last = event;
      if (kind !== undefined && state !== undefined) state = this.#evolve(kind, state, event);
    });
    if (fault !== undefined) this.faults.push(fault.sentence);
    const accountId = accountOfStream(stream);
    if (accountId !== undefined && state !== undefined && last !== undefined) {
      this.#countAccount(accountId, state as AccountState, last);
    }
  }

  #countAccount(accountId: string, state: AccountState, { position, revision }: RecordedEvent): void {
    this.figures.accounts++;
    this.figures.openHolds += state.holds.size;
    const worth = { posted: formatUsd(posted(state)), held: formatUsd(state.held), position, revision };
    this.accounts.set(accountId, worth);
  }

  /** Undefined after a fault: what follows an impossible event can't be judged. */
  #evolve(kind: BookedStream, state: unknown, event: RecordedEvent): unknown {
    const where = `revision ${event.revision} of ${event.stream}`;
    try {
      const entry = kind.postings(event);
      addPostings(this.totals, entry);
      if (imbalances(entry).size > 0) this.faults.push(`The postings of ${where} do not sum to zero.`);
      if (event.type === 'TokensCharged') {
        this.#recompute(readAccountEvent(event).data as AccountEventData<'TokensCharged'>, where);
      }
      return kind.evolve(state, event);
    } catch (error) {
      this.faults.push(`${(error as Error).message} (${where})`);
      return undefined;
    }
  }

  /** A charge is its usage × the price it names, to the last digit. */
  #recompute({ priceVersion, model, usage, pricedAt, cost }: AccountEventData<'TokensCharged'>, where: string): void {
    this.figures.charges++;
    const list = this.prices.get(priceVersion);
    if (list === undefined)
      return void this.faults.push(`The charge of ${where} names price list ${priceVersion}, which does not exist.`);
    const due = formatUsd(rate(list, model, usage, fromInstant(pricedAt)).price);
    if (due !== cost)
      this.faults.push(`The charge of ${where} is $${cost}; its usage at price list ${priceVersion} comes to $${due}.`);
  }

  checkTotals(): void {
    for (const [currency, total] of imbalances(this.totals.values())) {
      this.faults.push(`The books do not balance: all postings sum to ${formatUsd(total)} ${currency}.`);
    }
  }
}

async function streamNames(store: EventStore): Promise<string[]> {
  const names = new Set<string>();
  for await (const { stream } of allEvents(store)) names.add(stream);
  return [...names];
}

async function priceLists(store: EventStore): Promise<Map<number, PriceList>> {
  const lists = new Map<number, PriceList>();
  for await (const published of publishedPriceLists(store)) lists.set(published.version, compilePriceList(published));
  return lists;
}
