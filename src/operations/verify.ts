// Checks the whole ledger against itself: every hash chain, every account's history, every charge recomputed from its usage and its
// price, every posting, and the read models against the events.
import {
  eventsOf,
  type EventStore,
  type ReadModelStore,
  type RecordedEvent,
  START,
  verifyChain,
} from '../event-store/index.js';
import { type Amount, formatUsd, fromInstant, sum, ZERO } from '../kernel/index.js';
import {
  account,
  type AccountEventData,
  accountOfStream,
  accountStream,
  type AccountState,
  addPostings,
  type BookAccount,
  noAccount,
  posted,
  postings,
  readAccountEvent,
  trialBalance,
} from '../ledger/index.js';
import {
  compilePriceList,
  PRICE_LIST_STREAM,
  type PriceList,
  type PriceListPublished,
  rate,
} from '../pricing/index.js';
import { readModelFaults, type Worth } from './verify-read-models.js';

const PAGE = 2_000;
const MAX_FAULTS = 100;

export interface Verification {
  readonly streams: number;
  readonly events: number;
  readonly accounts: number;
  readonly charges: number;
  readonly openHolds: number;
  /** What is wrong, a sentence each; none when the ledger is right. At most 100. */
  readonly faults: readonly string[];
  readonly trialBalance: readonly { readonly account: BookAccount; readonly balance: string }[];
}

/** Verifies every stream, or one account's. */
export async function verify(store: EventStore, readModels: ReadModelStore, only?: string): Promise<Verification> {
  const run = new Run(store, await priceLists(store));
  const streams = only === undefined ? await streamNames(store) : [accountStream(only)];
  for (const stream of streams) await run.check(stream);
  run.checkTotals();
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
  readonly totals = new Map<BookAccount, Amount>();
  readonly figures = { events: 0, accounts: 0, charges: 0, openHolds: 0 };
  readonly accounts = new Map<string, Worth>();

  constructor(
    private readonly store: EventStore,
    private readonly prices: ReadonlyMap<number, PriceList>,
  ) {}

  async check(stream: string): Promise<void> {
    const accountId = accountOfStream(stream);
    let state: AccountState | undefined = accountId === undefined ? undefined : noAccount();
    let last: RecordedEvent | undefined;
    const fault = await verifyChain(eventsOf(this.store, stream), (event) => {
      this.figures.events++;
      last = event;
      if (state !== undefined) state = this.#evolve(state, event);
    });
    if (fault !== undefined) this.faults.push(fault.sentence);
    if (accountId === undefined || state === undefined || last === undefined) return;
    const { position, revision } = last;
    this.figures.accounts++;
    this.figures.openHolds += state.holds.size;
    const worth = { posted: formatUsd(posted(state)), held: formatUsd(state.held), position, revision };
    this.accounts.set(accountId, worth);
  }

  /** Undefined after a fault: what follows an impossible event can't be judged. */
  #evolve(state: AccountState, event: RecordedEvent): AccountState | undefined {
    const where = `revision ${event.revision} of ${event.stream}`;
    try {
      const domain = readAccountEvent(event);
      const entry = postings(domain);
      addPostings(this.totals, entry);
      if (sum(entry.map(({ amount }) => amount)) !== ZERO)
        this.faults.push(`The postings of ${where} do not sum to zero.`);
      if (domain.type === 'TokensCharged') this.#recompute(domain.data, where);
      return account.evolve(state, domain);
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
    const total = sum(this.totals.values());
    if (total !== ZERO) this.faults.push(`The books do not balance: all postings sum to $${formatUsd(total)}.`);
  }
}

async function streamNames(store: EventStore): Promise<string[]> {
  const names = new Set<string>();
  for (let after = START; ;) {
    const page = await store.readAll(after, PAGE);
    for (const { stream } of page) names.add(stream);
    const last = page.at(-1);
    if (last === undefined) return [...names];
    after = last.position;
  }
}

async function priceLists(store: EventStore): Promise<Map<number, PriceList>> {
  const lists = new Map<number, PriceList>();
  for await (const { data } of eventsOf(store, PRICE_LIST_STREAM)) {
    const list = compilePriceList(data as unknown as PriceListPublished);
    lists.set(list.version, list);
  }
  return lists;
}
