// Stands between gateways and their event store, and keeps back the appends that hold an event of one type.
import type { EventStore, NewEvent } from '../../../src/event-store/index.js';

export type Store = () => Promise<void>;

export class AppendGate {
  /** How many appends have come to the gate. */
  arrived = 0;
  readonly #opened: (() => void)[];

  /** `pass` decides what becomes of an append: it calls `store` to let it through, or throws, or never returns. */
  constructor(
    events: EventStore | readonly EventStore[],
    type: string,
    pass: (store: Store, nth: number) => Promise<void>,
  ) {
    this.#opened = [events].flat().map((way) => this.#close(way, type, pass));
  }

  /** Takes the gate away; what it keeps back stays so. */
  remove(): void {
    for (const open of this.#opened) open();
  }

  #close(events: EventStore, type: string, pass: (store: Store, nth: number) => Promise<void>): () => void {
    const append = events.append.bind(events);
    events.append = (stream: string, expected: number, batch: readonly NewEvent[]) => {
      const store = () => append(stream, expected, batch);
      if (!batch.some((event) => event.type === type)) return store();
      return pass(store, ++this.arrived);
    };
    return () => void (events.append = append);
  }
}
