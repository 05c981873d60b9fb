import type { Decider } from '../kernel/index.js';
import type { Availability } from './availability.js';
import type { Upcasters } from './codec.js';
import type { EventStore } from './event-store.js';
import type { Snapshots } from './snapshots.js';

/** The default of `appendTimeoutMs`. */
export const APPEND_TIMEOUT_MS = 5_000;

/** The settings of a stream writer. */
export interface WriterSettings<State, Command, Event> {
  readonly store: EventStore;
  readonly decider: Decider<State, Command, Event>;
  /**
   * Copies a state so that the copy can advance on its own. With it, a conflict does not make a stream that several
   * processes write to be read from its last snapshot again.
   */
  readonly copy?: (state: State) => State;
  readonly upcasters?: Upcasters;
  readonly snapshots?: Snapshots<State>;
  /** The fewest events between two snapshots of a stream. */
  readonly snapshotEvery?: number;
  /** How long a read, or one attempt of an append, may take, in milliseconds; an append is then sent again. */
  readonly appendTimeoutMs?: number;
  /** How long all attempts of an append may take before its commands fail as unknown, in milliseconds. */
  readonly appendDeadlineMs?: number;
  /** Receives the store's results and says whether it is down. */
  readonly availability?: Availability;
  /** Called after each stored append: for metrics. */
  readonly onAppend?: (events: number, milliseconds: number) => void;
  /** Called when a snapshot could not be read or written, which only costs speed. */
  readonly onSnapshotFailure?: (error: unknown) => void;
}
