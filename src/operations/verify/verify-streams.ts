// Checks each stream for itself: its hash chain, its history, its charges and its postings.
import {
  ChainCheck,
  type ChainPoint,
  CHAIN_START,
  eventsOf,
  type EventStore,
  EventStoreUnavailable,
  type RecordedEvent,
  START,
} from '../../event-store/index.js';
import { formatMoney } from '../../kernel/index.js';
import {
  accountOfStream,
  accountSnapshots,
  type AccountState,
  addPostings,
  type BookedStream,
  imbalances,
  type Posting,
  type Totals,
} from '../../ledger/index.js';
import { bookedStreamOf } from '../../books/index.js';
import { Faults } from './faults.js';
import { type KnownStream, KnownStreams, type StateFormat } from './known-streams.js';
import type { ChargeCheck } from './verify-charges.js';

/** Hears of each event that can be judged, with the state of its stream before it and what it books. */
export type OnEvent = (event: RecordedEvent, state: unknown, entry: readonly Posting[]) => void | Promise<void>;

export interface StreamCheckOptions {
  readonly charges: ChargeCheck;
  readonly onEvent: OnEvent;
  /** The position up to which the log is trusted: streams may begin in their middle after it. */
  readonly trustedTo: number;
}

/** The states of accounts, which have many events. Other streams are short. */
const FORMAT: StateFormat = {
  freeze: (stream, state) =>
    accountOfStream(stream) === undefined ? undefined : JSON.stringify(accountSnapshots.freeze(state as AccountState)),
  thaw: (_stream, text) => accountSnapshots.thaw(JSON.parse(text)),
};

export class StreamCheck {
  readonly faults = new Faults();
  readonly totals: Totals = new Map();
  readonly #known = new KnownStreams(FORMAT);
  readonly #figures = { events: 0, accounts: 0, openHolds: 0 };

  constructor(
    private readonly store: EventStore,
    private readonly options: StreamCheckOptions,
  ) {}

  get figures() {
    return { ...this.#figures, streams: this.#known.size, charges: this.options.charges.charges };
  }

  has(stream: string): boolean {
    return this.#known.get(stream) !== undefined;
  }

  names(): Iterable<string> {
    return this.#known.names();
  }

  close(): void {
    this.#known.close();
  }

  /** Checks the next event of the log. */
  async take(event: RecordedEvent): Promise<void> {
    const { stream } = event;
    const known = this.#known.get(stream);
    if (known?.fault === 'broken') return;
    this.#figures.events++;
    const before = known ?? { end: await this.#endBefore(event) };
    const { state, fault } = await this.#evolve(event, before, known === undefined);
    const chain = new ChainCheck(stream, before.end);
    const broken = chain.next(event);
    if (broken !== undefined) this.faults.push(broken.sentence);
    const end = { revision: event.revision, hash: String(event.metadata['hash']) };
    const next = { end, state, fault: broken === undefined ? fault : ('broken' as const) };
    this.#known.set(stream, next, known === undefined);
  }

  /** After the last event. */
  finish(): void {
    for (const [currency, amount] of imbalances(this.totals.values())) {
      this.faults.push(
        `The books do not balance: all postings sum to ${formatMoney({ currency, amount })} ${currency}.`,
      );
    }
  }

  /** Where a stream stands before an event of it: at its beginning, or after what is trusted. */
  async #endBefore({ stream, revision }: RecordedEvent): Promise<ChainPoint> {
    const { trustedTo } = this.options;
    if (revision === 0 || trustedTo === START) return CHAIN_START;
    const [last] = await this.store.readStream(stream, revision - 1, 1);
    const isTrusted = last !== undefined && last.revision === revision - 1 && last.position <= trustedTo;
    return isTrusted ? { revision: last.revision, hash: String(last.metadata['hash']) } : CHAIN_START;
  }

  async #evolve(event: RecordedEvent, before: KnownStream, isFirst: boolean): Promise<Omit<KnownStream, 'end'>> {
    const { stream, revision } = event;
    if (before.fault !== undefined) return { fault: before.fault };
    const kind = bookedStreamOf(stream);
    if (kind === undefined) {
      await this.options.onEvent(event, undefined, []);
      return {};
    }
    const where = `revision ${revision} of ${stream}`;
    try {
      const state = before.state ?? (await this.#fold(kind, event));
      const holds = openHolds(stream, state);
      const entry = kind.postings(event);
      await this.options.onEvent(event, state, entry);
      addPostings(this.totals, entry);
      if (imbalances(entry).size > 0) this.faults.push(`The postings of ${where} do not sum to zero.`);
      this.faults.push(...this.options.charges.faultsOf(event, state));
      const after = kind.evolve(state, event);
      this.#count(stream, openHolds(stream, after) - (isFirst ? 0 : holds), isFirst);
      return { state: after };
    } catch (error) {
      if (error instanceof EventStoreUnavailable) throw error;
      this.faults.push(`${(error as Error).message} (${where})`);
      return { fault: 'impossible' };
    }
  }

  /** The state before an event. @throws Error for an impossible history */
  async #fold(kind: BookedStream, { stream, revision }: RecordedEvent): Promise<unknown> {
    let state = kind.initial();
    if (revision === 0) return state;
    for await (const event of eventsOf(this.store, stream)) {
      if (event.revision >= revision) break;
      state = kind.evolve(state, event);
    }
    return state;
  }

  #count(stream: string, holds: number, isFirst: boolean): void {
    this.#figures.openHolds += holds;
    if (isFirst && accountOfStream(stream) !== undefined) this.#figures.accounts++;
  }
}

const openHolds = (stream: string, state: unknown): number =>
  accountOfStream(stream) === undefined ? 0 : (state as AccountState).holds.size;
