// Checks the whole ledger: every hash chain, the history of every stream, every charge recomputed from its usage and price, every
// posting, and the read models against the events.
import {
  allEvents,
  ChainCheck,
  eventsOf,
  type EventStore,
  type ReadModelStore,
  type RecordedEvent,
} from '../../event-store/index.js';
import { formatMoney, formatUsd, fromInstant } from '../../kernel/index.js';
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
} from '../../ledger/index.js';
import { compilePriceList, type PriceList, publishedPriceLists, rate } from '../../pricing/index.js';
import { BOOKED_STREAMS } from '../../books/index.js';
import { type StreamState, StreamStates } from './stream-states.js';
import { TopupCheck } from './verify-topups.js';
import { readModelFaults, type Worth } from './verify-read-models.js';

const MAX_FAULTS = 100;
const STREAMS_AT_ONCE = 20;

export interface Verification {
  readonly streams: number;
  readonly events: number;
  readonly accounts: number;
  readonly charges: number;
  readonly openHolds: number;
  /** One sentence for each fault, at most 100; empty when the ledger is sound. */
  readonly faults: readonly string[];
  readonly trialBalance: readonly TrialBalanceLine[];
}

/** Verifies every stream, or that of one account, reading the log once. */
export async function verify(store: EventStore, readModels: ReadModelStore, only?: string): Promise<Verification> {
  const run = new Run(store, await priceLists(store));
  const head = await store.head(); // later events are left for the next run
  const events = only === undefined ? allEvents(store) : eventsOf(store, accountStream(only));
  for await (const event of events) {
    await run.take(event);
    if (event.position >= head) break;
  }
  run.finish();
  if (only === undefined) run.faults.push(...(await run.topups.faults(store)), ...(await cutOff(store, run.streams)));
  const ledger = { store, accounts: run.accounts, whole: only === undefined };
  const faults = [...run.faults, ...(await readModelFaults(ledger, readModels, MAX_FAULTS))];
  return {
    ...run.figures,
    streams: only === undefined ? run.streams.length : 1,
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
  readonly #chains = new Map<string, ChainCheck>();
  /** Streams with a fault in their chain, or an impossible event: their later events can't be judged. */
  readonly #broken = new Set<string>();
  readonly #impossible = new Set<string>();
  readonly #states: StreamStates;

  constructor(
    store: EventStore,
    private readonly prices: ReadonlyMap<number, PriceList>,
  ) {
    this.#states = new StreamStates(store, (stream, at) => this.#count(stream, at));
  }

  get streams(): readonly string[] {
    return [...this.#chains.keys()];
  }

  /** Checks the next event of the log. */
  async take(event: RecordedEvent): Promise<void> {
    const { stream } = event;
    if (this.#broken.has(stream)) return;
    this.figures.events++;
    this.topups.take(event);
    const kind = BOOKED_STREAMS.find((each) => each.owns(stream));
    if (kind !== undefined && !this.#impossible.has(stream)) await this.#evolve(kind, event);
    const chain = this.#chains.get(stream) ?? new ChainCheck();
    this.#chains.set(stream, chain);
    const fault = chain.next(event);
    if (fault === undefined) return;
    this.#broken.add(stream);
    this.faults.push(fault.sentence);
  }

  async #evolve(kind: BookedStream, event: RecordedEvent): Promise<void> {
    const where = `revision ${event.revision} of ${event.stream}`;
    try {
      const state = await this.#states.before(kind, event);
      const entry = kind.postings(event);
      addPostings(this.totals, entry);
      if (imbalances(entry).size > 0) this.faults.push(`The postings of ${where} do not sum to zero.`);
      if (event.type === 'TokensCharged') {
        this.#recompute(readAccountEvent(event).data as AccountEventData<'TokensCharged'>, where);
      }
      this.#states.after(event, kind.evolve(state, event));
    } catch (error) {
      this.#impossible.add(event.stream);
      this.faults.push(`${(error as Error).message} (${where})`);
    }
  }

  #count(stream: string, { state, last: { position, revision } }: StreamState): void {
    const accountId = accountOfStream(stream);
    if (accountId === undefined || this.#impossible.has(stream)) return;
    const account = state as AccountState;
    const [worth, held] = [formatUsd(posted(account)), formatUsd(account.held)];
    this.accounts.set(accountId, { posted: worth, held, holds: account.holds.size, position, revision });
  }

  /** A charge must be its usage × the price it names, to the last digit. */
  #recompute({ priceVersion, model, usage, pricedAt, cost }: AccountEventData<'TokensCharged'>, where: string): void {
    this.figures.charges++;
    const list = this.prices.get(priceVersion);
    if (list === undefined)
      return void this.faults.push(`The charge of ${where} names price list ${priceVersion}, which does not exist.`);
    const due = formatUsd(rate(list, model, usage, fromInstant(pricedAt)).price);
    if (due !== cost)
      this.faults.push(`The charge of ${where} is $${cost}; its usage at price list ${priceVersion} comes to $${due}.`);
  }

  /** After the last event. */
  finish(): void {
    this.#states.end();
    for (const stream of this.#impossible) this.accounts.delete(accountOfStream(stream) ?? '');
    this.figures.accounts = this.accounts.size;
    for (const { holds } of this.accounts.values()) this.figures.openHolds += holds;
    for (const [currency, amount] of imbalances(this.totals.values())) {
      this.faults.push(
        `The books do not balance: all postings sum to ${formatMoney({ currency, amount })} ${currency}.`,
      );
    }
  }
}

/**
 * Streams that lack events which the log has. After a stream of an EventStoreDB was truncated or deleted, the log keeps its events until a
 * scavenge, but readers of the stream no longer see them.
 */
async function cutOff(store: EventStore, streams: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (let from = 0; from < streams.length; from += STREAMS_AT_ONCE) {
    const some = streams.slice(from, from + STREAMS_AT_ONCE);
    const firsts = await Promise.all(some.map((stream) => store.readStream(stream, 0, 1)));
    for (const [index, [first]] of firsts.entries()) {
      if (first?.revision === 0) continue;
      const what = first === undefined ? 'It was deleted' : `It begins at revision ${first.revision}`;
      faults.push(`Revision 0 of ${some[index]} is in the log and not in its stream. ${what}.`);
    }
  }
  return faults;
}

async function priceLists(store: EventStore): Promise<Map<number, PriceList>> {
  const lists = new Map<number, PriceList>();
  for await (const published of publishedPriceLists(store)) lists.set(published.version, compilePriceList(published));
  return lists;
}
