// Checks the whole ledger: every hash chain, the history of every stream, every charge recomputed from its usage and price, every
// posting, and the read models against the events.
import {
  allEvents,
  ChainCheck,
  eventsOf,
  type EventStore,
  type ReadModelStore,
  type RecordedEvent,
  START,
  type WalkOptions,
} from '../../event-store/index.js';
import { add, formatMoney, formatUsd, fromInstant, usd } from '../../kernel/index.js';
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
import { compilePriceList, type PriceList, publishedPriceLists, rate, usageFollows } from '../../pricing/index.js';
import { GrowingTree, type Seals, type SignedCheckpoint } from '../../seals/index.js';
import { BOOKED_STREAMS } from '../../books/index.js';
import { type StreamState, StreamStates } from './stream-states.js';
import { SealCheck } from './verify-seals.js';
import { TopupCheck } from './verify-topups.js';
import { readModelFaults, type Worth } from './verify-read-models.js';

const MAX_FAULTS = 100;
const STREAMS_AT_ONCE = 20;
const PROGRESS_EVERY = 2_000;
const NOT_SEALED =
  'The ledger is not sealed: LEDGER_KEY_FILE names no key. So nothing shows whether its end was cut off, or events were forged.';

export interface Verification {
  readonly streams: number;
  readonly events: number;
  readonly accounts: number;
  readonly charges: number;
  readonly openHolds: number;
  /** Checkpoints that the log was compared with. */
  readonly checkpoints: number;
  /** One sentence for each fault, at most 100; empty when the ledger is sound. */
  readonly faults: readonly string[];
  /** What could not be checked, a sentence each. */
  readonly warnings: readonly string[];
  /** Of all events that were verified. */
  readonly trialBalance: readonly TrialBalanceLine[];
}

export interface VerifyOptions extends WalkOptions {
  /** The stream of this account only. */
  readonly account?: string | undefined;
  /** What the log is compared with; without it, seals are not checked. */
  readonly seals?: Seals | undefined;
  /** A checkpoint whose events are trusted, once the log is seen to begin with them: only later ones are verified. */
  readonly since?: SignedCheckpoint | undefined;
}

/** Verifies every stream, or that of one account, reading the log once. @throws DOMException AbortError after its signal */
export async function verify(
  store: EventStore,
  readModels: ReadModelStore,
  options: VerifyOptions = {},
): Promise<Verification> {
  const { account, seals, since, onProgress, signal } = options;
  const start = await startOf(seals, since);
  const run = new Run(store, await priceLists(store), start);
  const sealed = account === undefined ? seals && (await SealCheck.open(store, seals, start.tree)) : undefined;
  const head = await store.head(); // later events are left for the next run
  const events = account === undefined ? allEvents(store, start.position) : eventsOf(store, accountStream(account));
  for await (const event of events) {
    await sealed?.take(event);
    await run.take(event);
    if (run.figures.events % PROGRESS_EVERY === 0) {
      signal?.throwIfAborted();
      onProgress?.({ position: event.position, head, events: run.figures.events });
    }
    if (event.position >= head) break;
  }
  await sealed?.finish();
  run.finish();
  const whole = account === undefined;
  if (whole) run.faults.push(...(await run.topups.faults(store)), ...(await cutOff(store, run.streams)));
  const ledger = { store, accounts: run.accounts, whole: whole && since === undefined };
  const found = [...start.faults, ...(sealed?.faults ?? []), ...run.faults];
  const faults = [...found, ...(await readModelFaults(ledger, readModels, MAX_FAULTS))];
  return {
    ...run.figures,
    streams: whole ? run.streams.length : 1,
    checkpoints: sealed?.compared ?? 0,
    faults: faults.slice(0, MAX_FAULTS),
    warnings: whole && seals !== undefined && seals.keys === undefined ? [NOT_SEALED] : [],
    trialBalance: trialBalance(run.totals),
  };
}

/** Where the verification begins. */
interface Start {
  readonly position: number;
  readonly tree: GrowingTree;
  readonly faults: readonly string[];
}

/** After the events of a checkpoint, if the log begins with them; else at its beginning. */
async function startOf(seals: Seals | undefined, since: SignedCheckpoint | undefined): Promise<Start> {
  const beginning = { position: START, tree: new GrowingTree(), faults: [] };
  if (since === undefined || seals === undefined) return beginning;
  const tree = await seals.tree.treeOf(since.size);
  if (tree !== undefined && Buffer.compare(tree.root, since.root) === 0) {
    return { position: await seals.tree.positionBefore(since.size), tree, faults: [] };
  }
  const what = tree === undefined ? 'is shorter than' : 'does not begin with';
  return {
    ...beginning,
    faults: [`The log ${what} the ${since.size} events of the given checkpoint: all of it is verified.`],
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
    private readonly store: EventStore,
    private readonly prices: ReadonlyMap<number, PriceList>,
    /** Whether the events before are trusted, so that streams may begin in their middle. */
    private readonly start: Pick<Start, 'position'>,
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
    const chain = this.#chains.get(stream) ?? (await this.#chainBefore(event));
    this.#chains.set(stream, chain);
    const fault = chain.next(event);
    if (fault === undefined) return;
    this.#broken.add(stream);
    this.faults.push(fault.sentence);
  }

  /** The chain of a stream before an event of it: from its beginning, or after what is trusted. */
  async #chainBefore({ stream, revision }: RecordedEvent): Promise<ChainCheck> {
    if (revision === 0 || this.start.position === START) return new ChainCheck();
    const [last] = await this.store.readStream(stream, revision - 1, 1);
    const isTrusted = last !== undefined && last.revision === revision - 1 && last.position <= this.start.position;
    return isTrusted
      ? new ChainCheck(stream, { revision: last.revision, hash: String(last.metadata['hash']) })
      : new ChainCheck();
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
      if (event.type === 'ChargeRerated') {
        const { cost, absorbed = '0', ...data } = readAccountEvent(event).data as AccountEventData<'ChargeRerated'>;
        this.#checkPrice(data, formatUsd(add(usd(cost), usd(absorbed))), where);
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

  /** A charge must be its usage × the price it names, to the last digit, and its usage what the provider's block comes to. */
  #recompute(charge: AccountEventData<'TokensCharged'>, where: string): void {
    this.figures.charges++;
    if (!usageFollows(charge)) {
      this.faults.push(`The usage that the charge of ${where} is for does not follow from the provider’s usage block.`);
    }
    this.#checkPrice(charge, charge.cost, where);
  }

  #checkPrice(
    {
      priceVersion,
      model,
      usage,
      pricedAt,
    }: Pick<AccountEventData<'TokensCharged'>, 'priceVersion' | 'model' | 'usage' | 'pricedAt'>,
    cost: string,
    where: string,
  ): void {
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
  for await (const published of publishedPriceLists(store)) {
    try {
      lists.set(published.version, compilePriceList(published));
    } catch {
      // A list that was altered into nonsense breaks its chain; its charges then name a list that does not exist.
    }
  }
  return lists;
}
