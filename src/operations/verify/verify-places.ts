// Checks that the log and its streams have the same events, and that whoever reads the text of an event reads the same.
import type { EventStore, RecordedEvent } from '../../event-store/index.js';
import { Faults } from './faults.js';

const STREAMS_AT_ONCE = 20;
const TEXTS_AT_ONCE = 50;
/** So many events before the beginning of the log are looked at. */
const MOST_HIDDEN = 1_000;

/** What is in the log and not in its stream, or in a stream and not in the log. */
export async function misplaced(store: EventStore, streams: Iterable<string>): Promise<Faults> {
  const faults = new Faults();
  await cutOff(store, streams, faults);
  return hiddenIn(store, faults);
}

/**
 * Streams that lack events which the log has. After a stream of an EventStoreDB was truncated or deleted, the log keeps its events until a
 * scavenge, but readers of the stream no longer see them.
 */
async function cutOff(store: EventStore, streams: Iterable<string>, faults: Faults): Promise<void> {
  let some: string[] = [];
  const look = async (): Promise<void> => {
    const firsts = await Promise.all(some.map((stream) => store.readStream(stream, 0, 1)));
    for (const [index, [first]] of firsts.entries()) {
      if (first?.revision === 0) continue;
      const what = first === undefined ? 'It was deleted' : `It begins at revision ${first.revision}`;
      faults.push(`Revision 0 of ${some[index]} is in the log and not in its stream. ${what}.`);
    }
    some = [];
  };
  for (const stream of streams) if (some.push(stream) === STREAMS_AT_ONCE) await look();
  await look();
}

/** Events that streams have and the log has not: gateways would count them, and nothing that reads the log sees them. */
export async function hiddenIn(store: EventStore, faults: Faults, only?: string): Promise<Faults> {
  for (const { stream, revision, type, position } of await store.readHidden(MOST_HIDDEN, only)) {
    const what = `Revision ${revision} of ${stream} (${type})`;
    faults.push(`${what} is at position ${position}, before the beginning of the log: no gateway wrote it.`);
  }
  return faults;
}

/** Names events whose text was written by somebody else: their hashes are right, as those are of what we read in it. */
export class TextCheck {
  /** Complete after `finish`. */
  readonly faults = new Faults();
  #some: RecordedEvent[] = [];

  constructor(private readonly store: EventStore) {}

  async take(event: RecordedEvent): Promise<void> {
    if (this.#some.push(event) === TEXTS_AT_ONCE) await this.finish();
  }

  /** After the last event. */
  async finish(): Promise<void> {
    const read = this.#some;
    this.#some = [];
    for (const { stream, revision, type } of await this.store.rewritten(read)) {
      const what = `Revision ${revision} of ${stream} (${type})`;
      this.faults.push(
        `${what} stands in the file in another text than a gateway writes, such as with a member twice.`,
      );
    }
  }
}
