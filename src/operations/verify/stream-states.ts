import { eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import type { BookedStream } from '../../ledger/index.js';

/** The state of a stream after one of its events. */
export interface StreamState {
  readonly state: unknown;
  readonly last: RecordedEvent;
}

/** How many are kept in memory. */
const LIMIT = 10_000;

/** The states of streams during a walk through the log. The ones used last are in memory; others are rebuilt from their streams. */
export class StreamStates {
  /** The least recently used comes first. */
  readonly #known = new Map<string, StreamState>();

  constructor(
    private readonly store: EventStore,
    /** Called each time the state of a stream leaves the memory. */
    private readonly onLeave: (stream: string, at: StreamState) => void,
    private readonly limit = LIMIT,
  ) {}

  /** The state before an event. @throws Error for an impossible history */
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

  /** Call it after the last event. */
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
