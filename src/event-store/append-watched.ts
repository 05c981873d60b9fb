import { Backoff } from '../kernel/index.js';
import { type EventStore, type NewEvent, type RecordedEvent, WrongExpectedRevision } from './event-store.js';
import { withTimeout } from './with-timeout.js';
import { APPEND_TIMEOUT_MS } from './writer-settings.js';

export interface Watched {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
}

export interface Watch {
  readonly store: Pick<EventStore, 'append'>;
  readonly read: (from: number, limit: number) => Promise<readonly RecordedEvent[]>;
  /** How long the answer may take before the stream is looked at, in milliseconds; 0 when the same was sent before. */
  readonly firstLookMs?: number;
  /** How long to wait for either, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Longer than an append takes, but under load; then the looks are soon rare. */
const FIRST_LOOK_MS = 100;
const SHORTEST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;

/**
 * An append as of the store, of which the answer is not waited for when the stream itself tells what became of it.
 *
 * The same append may be under way already: sent before by this process, which got no answer in time, or by another one that decided the
 * same command. EventStoreDB leaves the second of two such appends unanswered until its deadline, however soon the first is stored
 * (StorageWriterService.ActOnCommitCheckFailure drops what is IdempotentNotReady, "and wait for the client to retry"; seen on a 23.10 server
 * 179 times of 200). So the stream is looked at, now and then, until it has an event at the revision of the first: these very events, as
 * they can stand nowhere else by the exact revision, or those of another writer, after whom they can't be stored any more.
 *
 * @throws what the store's append throws; EventStoreUnavailable when the outcome is unknown after the timeout.
 */
export async function appendWatched(
  { store, read, firstLookMs = FIRST_LOOK_MS, timeoutMs = APPEND_TIMEOUT_MS }: Watch,
  watched: Watched,
): Promise<void> {
  const looks = new Looks(read, watched);
  try {
    const sent = store.append(watched.stream, watched.expected, watched.events);
    await withTimeout(Promise.race([sent, looks.begin(firstLookMs)]), timeoutMs);
  } finally {
    looks.end();
  }
}

/** The looks at the stream during one append. Most appends are answered before the first, so that costs a timer and no more. */
class Looks {
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(
    private readonly read: Watch['read'],
    private readonly watched: Watched,
  ) {}

  /** Resolves when the events are found in the stream; never when it was ended before. @throws WrongExpectedRevision */
  begin(firstLookMs: number): Promise<void> {
    const { stream, expected } = this.watched;
    return new Promise((resolve, reject) => {
      const backoff = new Backoff(Math.max(firstLookMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      const lookAfter = (ms: number): void => {
        this.#timer = setTimeout(() => void look(), ms);
      };
      const look = async (): Promise<void> => {
        const found = await place(this.read, this.watched).catch(() => undefined); // the append itself tells of a store that is away
        if (this.#isOver) return;
        if (found === 'ours') resolve();
        else if (found === undefined) lookAfter(backoff.next());
        else reject(new WrongExpectedRevision(stream, expected, found));
      };
      lookAfter(firstLookMs);
    });
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** What stands where the events are to stand: they, or a revision of others, or nothing yet. */
async function place(read: Watch['read'], { expected, events }: Watched): Promise<'ours' | number | undefined> {
  const [first] = await read(expected + 1, 1);
  if (first === undefined) return undefined;
  return (await isStored(read, { expected, events })) ? 'ours' : first.revision;
}

/**
 * Whether these very events stand in the stream after the expected revision; by the exact revision they can stand nowhere else. The last
 * one's hash tells, as it covers all before it.
 */
export async function isStored(
  read: Watch['read'],
  { expected, events }: Pick<Watched, 'expected' | 'events'>,
): Promise<boolean> {
  const [last] = await read(expected + events.length, 1);
  const ours = events.at(-1);
  return last !== undefined && last.id === ours?.id && last.metadata['hash'] === ours.metadata['hash'];
}
