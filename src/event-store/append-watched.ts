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
  /**
   * How long to wait for the answer before reading the stream, in milliseconds; 0 when the same append was sent before.
   * See `waitForAnswerMs`.
   */
  readonly firstLookMs?: number;
  /** The timeout of the append and of each read, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Longer than an append normally takes. */
const FIRST_LOOK_MS = 100;
const FIRST_LOOK_IN_APPENDS = 4;
const SHORTEST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;
/** Reads of this kind under way in this process; more would keep a busy store from the appends they look for. */
const MOST_LOOKS = 16;

/**
 * How long to wait for the answer of an append, given how long the last one took, in milliseconds. A store with much to
 * do answers late, and would have a read to answer for each append beside it.
 */
export const waitForAnswerMs = (lastAppendMs: number): number =>
  Math.min(Math.max(FIRST_LOOK_IN_APPENDS * lastAppendMs, FIRST_LOOK_MS), LONGEST_PAUSE_MS);

/**
 * Appends like the store, but does not wait for the answer when the stream itself shows the result. The same append may
 * already be in flight: sent earlier by this process, which got no answer in time, or by another process that decided
 * the same command. EventStoreDB leaves the second of two such appends unanswered until its deadline, however soon the
 * first is stored (StorageWriterService.ActOnCommitCheckFailure drops an append that is IdempotentNotReady, "and wait
 * for the client to retry"; seen on a 23.10 server 179 times of 200). So this reads the stream at growing intervals
 * until it has an event at the first revision of the append. It is either ours, since the exact revision leaves no
 * other place for it, or another writer's, and then ours can no longer be stored.
 * @throws the errors of the store's append; EventStoreUnavailable when the outcome is unknown after the timeout.
 */
export async function appendWatched(
  { store, read, firstLookMs = FIRST_LOOK_MS, timeoutMs = APPEND_TIMEOUT_MS }: Watch,
  watched: Watched,
): Promise<void> {
  const looks = new Looks(read, watched);
  try {
    const done = new Promise<void>((resolve, reject) => {
      store.append(watched.stream, watched.expected, watched.events).then(resolve, reject);
      looks.begin(firstLookMs, { resolve, reject });
    });
    await withTimeout(done, timeoutMs);
  } finally {
    looks.end();
  }
}

interface Found {
  /** The events are in the stream. */
  readonly resolve: () => void;
  /** Called with WrongExpectedRevision. */
  readonly reject: (error: Error) => void;
}

/**
 * The reads of the stream during one append. Most appends are answered before the first read, so they cost one timer.
 */
class Looks {
  static #underWay = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(
    private readonly read: Watch['read'],
    private readonly watched: Watched,
  ) {}

  /** Tells what is found, unless it was ended first. */
  begin(firstLookMs: number, found: Found): void {
    this.#timer = setTimeout(() => {
      const backoff = new Backoff(Math.max(firstLookMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      void this.#look(found, backoff);
    }, firstLookMs);
  }

  async #look({ resolve, reject }: Found, backoff: Backoff): Promise<void> {
    const { stream, expected } = this.watched;
    const found = await this.#place();
    if (this.#isOver) return;
    if (found === 'ours') resolve();
    else if (found !== undefined) reject(new WrongExpectedRevision(stream, expected, found));
    else this.#timer = setTimeout(() => void this.#look({ resolve, reject }, backoff), backoff.next());
  }

  /** What is found in the place of the events; nothing when it can't be looked for now. */
  async #place(): Promise<'ours' | number | undefined> {
    if (Looks.#underWay >= MOST_LOOKS) return undefined;
    Looks.#underWay++;
    try {
      return await place(this.read, this.watched);
    } catch {
      return undefined; // the append reports an unavailable store
    } finally {
      Looks.#underWay--;
    }
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** Whether the place of the events holds these events, another writer's (at a revision), or none yet. */
async function place(read: Watch['read'], { expected, events }: Watched): Promise<'ours' | number | undefined> {
  const [first] = await read(expected + 1, 1);
  if (first === undefined) return undefined;
  return (await isStored(read, { expected, events })) ? 'ours' : first.revision;
}

/**
 * Whether exactly these events follow the expected revision; the exact revision leaves no other place for them.
 * Comparing the last hash is enough, as it covers all events before it.
 */
export async function isStored(
  read: Watch['read'],
  { expected, events }: Pick<Watched, 'expected' | 'events'>,
): Promise<boolean> {
  const [last] = await read(expected + events.length, 1);
  const ours = events.at(-1);
  return last !== undefined && last.id === ours?.id && last.metadata['hash'] === ours.metadata['hash'];
}
