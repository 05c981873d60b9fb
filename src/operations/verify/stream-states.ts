import { eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import type { BookedStream } from '../../ledger/index.js';

/** The state of a stream after one of its events. */
export interface StreamState {
  readonly state: unknown;
  readonly last: RecordedEvent;
}

/** More are not in memory at once. */
const LIMIT = 10_000;

/** The states of streams, for who walks through the log. Those that were used last are in memory; the others are made again from their streams. */
export class StreamStates {
  /** In the order of their use. */
  readonly #known = new Map<string, StreamState>();

  constructor(
    private readonly store: EventStore,
    /** Told how a stream stands when its state leaves the memory, each time. */
    private readonly onLeave: (stream: string, at: StreamState) => void,
    private readonly limit = LIMIT,
  ) {}

  /** The state that an event meets. @throws Error on history that can't have been */
  async before(kind: BookedStream, { stream, revision }: RecordedEvent): Promise<unknown> {
    const known = this.#known.get(stream);
    if (known !== undefined) return known.state;
    let state = kind.initial();
    if (revision === 0) return state;
    for await (const event of eventsOf(this.store, stream)) {
      if (event.revision >= revision) break;
      state = kind.evolve(state, event);
    }
    return state;
  }

  after(last: RecordedEvent, state: unknown): void {
    this.#known.delete(last.stream);
    this.#known.set(last.stream, { state, last });
    if (this.#known.size > this.limit) this.#leaveOldest();
  }

  /** There are no more events. */
  end(): void {
    while (this.#known.size > 0) this.#leaveOldest();
  }

  #leaveOldest(): void {
    for (const [stream, at] of this.#known) {
      this.#known.delete(stream);
      return this.onLeave(stream, at);
    }
  }
}
