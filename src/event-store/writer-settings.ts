import type { Decider } from '../kernel/index.js';
import type { Availability } from './availability.js';
import type { Upcasters } from './codec.js';
import type { EventStore } from './event-store.js';
import type { Snapshots } from './snapshots.js';

/** The default of `appendTimeoutMs`. */
export const APPEND_TIMEOUT_MS = 5_000;

/** What a stream writer works with. */
export interface WriterSettings<State, Command, Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, Event>;
  /**
   * A state that can be advanced apart from the given one. With it, a stream that several processes write to is not read from its last
   * snapshot on at every conflict.
   */
  readonly copy?: (state: State) => State;
  readonly upcasters?: Upcasters;
  readonly snapshots?: Snapshots<State>;
  /** Events between two snapshots of a stream, at least. */
  readonly snapshotEvery?: number;
  /** How long a read, or one try of an append, may take; an append is then sent again. In milliseconds. */
  readonly appendTimeoutMs?: number;
  /** How long all tries of an append may take before its commands fail as unknown, in milliseconds. */
  readonly appendDeadlineMs?: number;
  /** Told what the store answers, and asked whether it does. */
  readonly availability?: Availability;
  /** Told of each append that was stored: for metrics. */
  readonly onAppend?: (events: number, milliseconds: number) => void;
  /** Told when a snapshot could not be read or written: a loss of speed only. */
  readonly onSnapshotFailure?: (error: unknown) => void;
}
