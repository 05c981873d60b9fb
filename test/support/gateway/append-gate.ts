// Stands between a gateway and its event store, and keeps back the appends that hold an event of one type.
import type { EventStore, NewEvent } from '../../../src/event-store/index.js';

export type Store = () => Promise<void>;

export class AppendGate {
  /** How many appends have come to the gate. */
  arrived = 0;
  readonly #append: EventStore['append'];

  /** `pass` decides what becomes of an append: it calls `store` to let it through, or throws, or never returns. */
  constructor(
    private readonly events: EventStore,
    type: string,
    pass: (store: Store, nth: number) => Promise<void>,
  ) {
    this.#append = events.append.bind(events);
    events.append = (stream: string, expected: number, batch: readonly NewEvent[]) => {
      const store = () => this.#append(stream, expected, batch);
      if (!batch.some((event) => event.type === type)) return store();
      return pass(store, ++this.arrived);
    };
  }

  /** Takes the gate away; what it keeps back stays so. */
  remove(): void {
    this.events.append = this.#append;
  }
}
