import type { JsonObject } from '../kernel/index.js';

/** An event to append. Data and metadata are plain JSON: no undefined, no bigint. */
export interface NewEvent {
  /** A UUID. The same id appended again at the same revision is the same event. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Counts from 0 within the stream, without gaps. */
  readonly revision: number;
  /** Grows over the whole store in the order of commits; gaps are allowed. */
  readonly position: number;
  /** When a store first wrote it; operational, not covered by the hash chain. */
  readonly recordedAt: string;
}

/**
 * The `recordedAt` of an event that the store itself wrote at `written`: an event that was moved here from another store brings its first
 * one along in its metadata, since a server's own time can't be set.
 */
export const recordedAtOf = ({ recordedAt }: JsonObject, written: string): string =>
  typeof recordedAt === 'string' ? recordedAt : written;

/** The expected revision of a stream that has no event yet. */
export const NO_STREAM = -1;
/** The position before the first event of the store. */
export const START = -1;

/** The stream's head is not where the caller expected it; nothing of this append was stored. */
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

/** What can't be appended as it is, however often it is sent: nothing of this append was stored, and it is not to be sent again. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}

/** The store can't be reached or did not answer in time: whether an append was stored is unknown. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

/**
 * An append-only log of streams with a global order. The contract is executable: test/contract/event-store.contract.ts.
 *
 * - Durable: `append` resolves when its events survive a crash of the process and of the machine.
 * - All or nothing: a batch is stored whole or not at all.
 * - Exact: `append` rejects with `WrongExpectedRevision` unless the stream's last revision is `expected`.
 * - Idempotent: the same ids sent again at the same `expected` revision are accepted and stored once. While the first is still under way,
 *   the second may be left without an answer, and its outcome be unknown: see `appendWatched`.
 * - Refused for good: `append` rejects with `AppendRefused` what no adapter could store (see `toAppend`), and what its server says it
 *   never will.
 * - Every other rejection means the outcome is unknown.
 * - Probed: `probe` leaves nothing in the log, and is for a store that is in doubt: it may cost as much as an append.
 */
export abstract class EventStore {
  /** Appends to one stream whose last revision is `expected` (`NO_STREAM` when it has none). */
  abstract append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void>;

  /** Up to `limit` events of a stream from revision `from` (inclusive), in order; empty when there is none. */
  abstract readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]>;

  /** Up to `limit` events of all streams after position `after` (exclusive), in order. */
  abstract readAll(after: number, limit: number): Promise<readonly RecordedEvent[]>;

  /** All events after `after`, then new ones as they come, in batches, in order, without gap or repeat, until `signal` aborts. */
  abstract subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;

  /** Position of the last event, `START` when there is none. */
  abstract head(): Promise<number>;

  /** Resolves when the store takes appends, as far as can be found out without one; rejects with why not. */
  abstract probe(): Promise<void>;

  abstract close(): Promise<void>;
}
