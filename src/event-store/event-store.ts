import type { JsonObject } from '../kernel/index.js';

/** An event to append. Data and metadata are plain JSON: no undefined, no bigint. They never change: subscribers may get the very objects. */
export interface NewEvent {
  /** A UUID. Appending the same id again at the same revision stores nothing new. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  /** The data as JSON text, where whoever appends it has written that already. */
  readonly dataText?: string;
  readonly metadata: JsonObject;
}

export interface RecordedEvent extends Omit<NewEvent, 'dataText'> {
  readonly stream: string;
  /** Counts from 0 within the stream, without gaps. */
  readonly revision: number;
  /** Grows over the whole store in the order of commits; gaps are allowed. */
  readonly position: number;
  /** When a store first wrote it; operational, not covered by the hash chain. */
  readonly recordedAt: string;
}

/** What of a recorded event stands around its data. */
export type EventEnvelope = Omit<RecordedEvent, keyof NewEvent> & Pick<NewEvent, 'metadata'>;

/**
 * The `recordedAt` of an event that this store wrote at `written`. An event that was moved from another store brings
 * its original one in its metadata, since a server's own timestamp can't be set.
 */
export const recordedAtOf = ({ recordedAt }: JsonObject, written: string): string =>
  typeof recordedAt === 'string' ? recordedAt : written;

/** The position that an event had in the store that first wrote it: one that was moved brings it in its metadata. */
export const originalPosition = ({ position, metadata }: EventEnvelope): number =>
  typeof metadata['position'] === 'number' ? metadata['position'] : position;

/** The expected revision of a stream that has no events. */
export const NO_STREAM = -1;
/** The position before the first event of the store. */
export const START = -1;

/** The stream is not at the expected revision; nothing of this append was stored. */
export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';

  constructor(
    readonly stream: string,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`${stream} is at revision ${actual}, not at ${expected}`);
  }
}

/** The append can never be stored as it is: nothing of it was stored, and it must not be sent again. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}

/** The text of an event is no event: something else wrote it, or a disk failed. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** Events of a stream do not follow each other, whoever wrote them. The message says which, and why. */
export class ImpossibleHistory extends Error {
  override readonly name = 'ImpossibleHistory';

  constructor({ stream, revision }: RecordedEvent, cause: unknown) {
    super(`${(cause as Error).message} (revision ${revision} of ${stream})`, { cause });
  }
}

/** The store can't be reached or did not answer in time: whether an append was stored is unknown. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

/**
 * An append-only log of streams with a global order. The contract is executable: test/contract/event-store.contract.ts.
 * - Durable: `append` resolves when its events survive a crash of the process and of the machine.
 * - All or nothing: a batch is stored whole or not at all.
 * - Exact: `append` rejects with `WrongExpectedRevision` unless the stream's last revision is `expected`.
 *   The revision is a number, not a name: whose events lead up to it, no store checks.
 * - Idempotent: the same ids sent again at the same `expected` revision are accepted and stored once. While the first
 *   append is in flight, the second may stay unanswered, with an unknown outcome: see `appendWatched`.
 * - Permanent refusals: `append` rejects with `AppendRefused` when no adapter could store it (see `toAppend`), or when
 *   the server refuses it permanently.
 * - Every other rejection means the outcome is unknown.
 * - Probed: `probe` writes nothing to the log. It may cost as much as an append, so call it only when the store is in
 *   doubt.
 */
export abstract class EventStore {
  /** Appends to one stream whose last revision is `expected` (`NO_STREAM` when it has none). */
  abstract append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void>;

  /**
   * Up to `limit` events of a stream from revision `from` (inclusive), in order; fewer only where it ends.
   * @throws UnreadableEvent for one that no program of ours wrote: leaving it out would look like the end
   */
  abstract readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]>;

  /** Up to `limit` events of all streams after position `after` (exclusive), in order. */
  abstract readAll(after: number, limit: number): Promise<readonly RecordedEvent[]>;

  /** The envelopes of the same events: cheaper where a store can leave the data alone. */
  readEnvelopes(after: number, limit: number): Promise<readonly EventEnvelope[]> {
    return this.readAll(after, limit);
  }

  /**
   * Up to `limit` events, of one stream or of all, that stand before the beginning of the log, where no gateway puts any: readers of their streams see them, readers of
   * the log don’t. Only who writes to a file past its triggers can put them there.
   */
  async readHidden(_limit: number, _stream?: string): Promise<readonly RecordedEvent[]> {
    return [];
  }

  /**
   * Those of events that were read whose text in the store is not what an append writes, so that who reads the text may read something else:
   * of a member that stands in it twice, a program reads the last. A server keeps no text that anybody reads without it.
   */
  async rewritten(_read: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    return [];
  }

  /** All events after `after`, then new ones as they come, in batches, in order, without gap or repeat, until `signal` aborts. */
  abstract subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;

  /** Position of the last event, `START` when there is none. */
  abstract head(): Promise<number>;

  /**
   * Resolves when the store takes appends, as far as that can be known without one; rejects with the reason otherwise.
   */
  abstract probe(): Promise<void>;

  abstract close(): Promise<void>;
}
