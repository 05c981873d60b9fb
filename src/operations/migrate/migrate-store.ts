// Moves a ledger from one event store to another. It uses the port alone, so any two adapters will do.
import { setTimeout as delay } from 'node:timers/promises';
import { Backoff, countOf, errorText } from '../../kernel/index.js';
import {
  appendBytes,
  appendWatched,
  ChainCheck,
  type EventStore,
  EventStoreUnavailable,
  type NewEvent,
  originalPosition,
  type WalkProgress,
  type RecordedEvent,
  START,
  WrongExpectedRevision,
} from '../../event-store/index.js';
import { compareLogs, type Comparison } from './migrate-comparison.js';

const PAGE = 500;
/** Well below 1 MiB, the largest append of an EventStoreDB. */
const MAX_BATCH_BYTES = 512 * 1024;
const MAX_BATCH_EVENTS = 200;
const HEADS_AT_ONCE = 16;
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** What the migration is doing: `compare` finds where to continue. */
export type MigrationStage = 'compare' | 'move' | 'verify';

export interface MigrationOptions {
  readonly onProgress?: (stage: MigrationStage, progress: WalkProgress) => void;
  /** Hears of each failure that is tried again. */
  readonly onTrouble?: (error: unknown) => void;
  /** Ends the migration after the append that is under way. */
  readonly signal?: AbortSignal;
  /** How long a store may fail before the migration gives up, in milliseconds. */
  readonly patienceMs?: number;
}

export interface MigrationReport {
  readonly streams: number;
  /** How many events are the same in both stores. */
  readonly events: number;
  /** How many of them this run moved. */
  readonly moved: number;
  /** Whether the destination has further events. */
  readonly goesOn: boolean;
  /** The faults of the destination, one sentence each; empty when the whole ledger has been moved. */
  readonly faults: readonly string[];
}

/** The destination can't take this ledger. Nothing more was written. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/**
 * Events keep their order in the log, their ids, types, data and hashes. Their metadata keeps the time at which they were first recorded,
 * and their first position.
 * Only one append is under way at a time, since the destination would choose the order of several. So the destination always holds a
 * beginning of the source, and an interrupted migration continues after the last event there.
 *
 * Nothing else may write to either store in the meantime.
 */
export class StoreMigration {
  constructor(
    private readonly source: EventStore,
    private readonly destination: EventStore,
    private readonly options: MigrationOptions = {},
  ) {}

  /**
   * Moves the events that the destination lacks, then verifies all of them.
   * @throws MigrationRefused when the destination holds anything but a beginning of the source.
   * @throws EventStoreUnavailable when a store was down for too long. Another run continues.
   */
  async run(): Promise<MigrationReport> {
    const there = await this.#compare('compare');
    const [fault] = there.faults;
    if (fault !== undefined || there.longer === 'destination') {
      const reason = fault ?? `It goes on after the last of the ${countOf(there.events, 'event')} of the source.`;
      throw new MigrationRefused(`The destination holds something other than a beginning of the source. ${reason}`);
    }
    const moved = await this.#moveAfter(there.position);
    const report = await this.verify();
    const faults = report.goesOn ? ['The destination goes on after the last event of the source.'] : [];
    return { ...report, moved, faults: [...faults, ...report.faults] };
  }

  /** Compares every event, and checks every hash chain and the end of every stream of the destination. */
  async verify(): Promise<MigrationReport> {
    const chains = new Map<string, ChainCheck>();
    const broken = new Map<string, string>();
    const { events, longer, faults } = await this.#compare('verify', (event) => {
      const { stream } = event;
      const chain = chains.get(stream) ?? new ChainCheck();
      chains.set(stream, chain);
      const fault = broken.has(stream) ? undefined : chain.next(event);
      if (fault !== undefined) broken.set(stream, fault.sentence);
    });
    const unmoved = longer === 'source' ? [`The source has events after the ${events} that the destination has.`] : [];
    const goesOn = longer === 'destination';
    const heads = goesOn || broken.size > 0 ? [] : await this.#checkHeads(chains);
    const all = [...faults, ...unmoved, ...broken.values(), ...heads];
    return { streams: chains.size, events, moved: 0, goesOn, faults: all };
  }

  async #compare(stage: MigrationStage, look?: (event: RecordedEvent) => void): Promise<Comparison> {
    return compareLogs(this.#log(this.source, stage), this.#log(this.destination), look);
  }

  async #moveAfter(position: number): Promise<number> {
    let moved = 0;
    for await (const batch of batchesOf(this.#log(this.source, 'move', position))) {
      await this.#append(batch);
      moved += batch.length;
    }
    return moved;
  }

  async #append(batch: readonly [RecordedEvent, ...RecordedEvent[]]): Promise<void> {
    const [{ stream, revision }] = batch;
    const events = batch.map(toNewEvent);
    try {
      // A failed append may have been stored: the same ids at the same revision are stored once.
      const read = (from: number, limit: number) => this.destination.readStream(stream, from, limit);
      const watched = { stream, expected: revision - 1, events };
      await this.#patiently(() => appendWatched({ store: this.destination, read }, watched));
    } catch (error) {
      if (error instanceof EventStoreUnavailable || this.options.signal?.aborted) throw error;
      const reason = errorText(error);
      const what =
        error instanceof WrongExpectedRevision
          ? 'Something else writes to the destination'
          : `The destination can't hold revision ${revision} of ${stream}`;
      throw new MigrationRefused(`${what}: ${reason}.`, { cause: error });
    }
  }

  /** The log after a position, read in pages. Progress is reported if a stage is given. */
  async *#log(store: EventStore, stage?: MigrationStage, after = START): AsyncGenerator<RecordedEvent, undefined> {
    const head = await this.#patiently(() => store.head());
    let events = 0;
    for (let position = after; ;) {
      const from = position;
      const page = await this.#patiently(() => store.readAll(from, PAGE));
      const last = page.at(-1);
      if (last === undefined) return undefined;
      yield* page;
      position = last.position;
      events += page.length;
      if (stage !== undefined) this.options.onProgress?.(stage, { position, head, events });
    }
  }

  /** Checks that each stream can be read where it ends. */
  async #checkHeads(chains: ReadonlyMap<string, ChainCheck>): Promise<string[]> {
    const faults: string[] = [];
    const streams = [...chains];
    while (streams.length > 0) {
      const some = streams.splice(-HEADS_AT_ONCE).map(async ([stream, { revision }]) => {
        const tail = await this.#patiently(() => this.destination.readStream(stream, revision, 2));
        if (tail.length === 1) return;
        faults.push(`${stream} ends with revision ${revision} in the log, but not when the stream itself is read.`);
      });
      await Promise.all(some);
    }
    return faults;
  }

  /** Repeats the work while the store can't be reached, until `patienceMs` is over. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { signal, onTrouble, patienceMs = PATIENCE_MS } = this.options;
    const started = performance.now();
    const backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof EventStoreUnavailable) || performance.now() - started > patienceMs) throw error;
        onTrouble?.(error);
        await delay(backoff.next(), undefined, { signal });
      }
    }
  }
}

const toNewEvent = (event: RecordedEvent): NewEvent => {
  const { id, type, data, metadata, recordedAt } = event;
  return { id, type, data, metadata: { ...metadata, recordedAt, position: originalPosition(event) } };
};

/** Groups consecutive events of one stream. */
async function* batchesOf(log: AsyncIterable<RecordedEvent>): AsyncGenerator<[RecordedEvent, ...RecordedEvent[]]> {
  let batch: [RecordedEvent, ...RecordedEvent[]] | undefined;
  let bytes = 0;
  for await (const event of log) {
    const size = bytesOf(event);
    if (batch?.[0].stream === event.stream && batch.length < MAX_BATCH_EVENTS && bytes + size <= MAX_BATCH_BYTES) {
      batch.push(event);
      bytes += size;
    } else {
      if (batch !== undefined) yield batch;
      batch = [event];
      bytes = size;
    }
  }
  if (batch !== undefined) yield batch;
}

/** Roughly the size that a server counts, without the recording time and the position in the metadata. */
const bytesOf = ({ id, type, data, metadata }: RecordedEvent): number =>
  appendBytes([{ id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) }]);
