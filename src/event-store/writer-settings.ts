import type { Decider } from '../kernel/index.js';
import type { Upcasters } from './codec.js';
import type { EventStore } from './event-store.js';
import type { Snapshots } from './snapshots.js';

/** What a stream writer works with. */
export interface WriterSettings<State, Command, Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, Event>;
  readonly upcasters?: Upcasters;
  readonly snapshots?: Snapshots<State>;
  /** Events between two snapshots of a stream, at least. */
  readonly snapshotEvery?: number;
  /** How long a read, or one try of an append, may take; an append is then sent again. In milliseconds. */
  readonly appendTimeoutMs?: number;
  /** How long all tries of an append may take before its commands fail as unknown, in milliseconds. */
  readonly appendDeadlineMs?: number;
  /** Told of each append that was stored: for metrics. */
  readonly onAppend?: (events: number, milliseconds: number) => void;
  /** Told when a snapshot could not be read or written: a loss of speed only. */
  readonly onSnapshotFailure?: (error: unknown) => void;
}
