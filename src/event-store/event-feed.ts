import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Backoff, pause } from '../kernel/index.js';
import type { EventStore, RecordedEvent } from './event-store.js';
import { EventWindow, type WindowLimits } from './event-window.js';

/** What a follower is handed: the next events of the log; none, once, when it has found that there are none. */
export interface FeedBatch {
  readonly events: readonly RecordedEvent[];
  /** Whether they came with the subscription; otherwise the follower is behind what the feed holds, and they were read for it. */
  readonly live: boolean;
}

export interface FeedSettings {
  /** How much of what came last is held for those who have not taken it yet. */
  readonly limits?: WindowLimits;
  /** Told once when the subscription broke, which the feed mends by itself. */
  readonly onTrouble?: (error: unknown) => void;
}

/** Some seconds of the highest load. */
const LIMITS: WindowLimits = { events: 16_000, bytes: 32 * 1024 * 1024 };
/** Live events that are handed out at once, at most. */
export const LIVE_BATCH = 1_000;
/** Events that are handed at once to followers that are behind: so many that they get on beside as many calls as the thread can take. */
const PAGE = 2_000;
/** Events that are read in one go. Calls on the same thread wait while they are parsed. */
const READ = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * The log for all who follow it in this process: one subscription, from which each event is received and parsed once. It begins with the
 * first follower that has read all there was and ends with the last one. What came last is held within limits. Who is further behind reads
 * by itself, together with others that are as far, until it comes to what is held: so a slow follower holds nobody up.
 *
 * Followers share the events: nobody may change one.
 */
export class EventFeed {
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #limits: WindowLimits;
  readonly #onTrouble: (error: unknown) => void;
  #followers = 0;
  #live: { readonly window: EventWindow; readonly stop: AbortController } | undefined;
  /** Those who are behind, what was read for them last, and what is being read. */
  #behind = 0;
  #past: EventWindow | undefined;
  readonly #reading = new Map<number, Promise<readonly RecordedEvent[]>>();

  constructor(
    private readonly store: EventStore,
    { limits = LIMITS, onTrouble = () => undefined }: FeedSettings = {},
  ) {
    this.#limits = limits;
    this.#onTrouble = onTrouble;
  }

  /** Events that are held in memory. */
  get held(): number {
    return (this.#live?.window.size ?? 0) + (this.#past?.size ?? 0);
  }

  /** The first event after a position; undefined when that is not held, or has not come. */
  next(position: number): RecordedEvent | undefined {
    return this.#live?.window.after(position, 1)?.[0];
  }

  /**
   * All events after a position, then new ones as they come, in order, without gap or repeat, until `signal` aborts.
   * @throws what the store says when it can't be read; a broken subscription is no matter of the follower.
   */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<FeedBatch> {
    let position = after;
    let told = false;
    this.#followers++;
    try {
      while (!signal.aborted) {
        if (!this.#holds(position)) {
          position = yield* this.#catchUp(position, signal);
          told = true;
        }
        const events = this.#live?.window.after(position, LIVE_BATCH) ?? [];
        if (events.length === 0 && told) {
          await once(this.#news, 'news', { signal });
          continue;
        }
        told = true;
        position = events.at(-1)?.position ?? position;
        yield { events, live: true };
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (--this.#followers === 0) this.#stop();
    }
  }

  /** Whether it has all that came after a position. */
  #holds(position: number): boolean {
    return this.#live?.window.after(position, 0) !== undefined;
  }

  /** Reads up to what the feed holds, or to the end of the log, where the feed begins if there is none. Returns where that is. */
  async *#catchUp(after: number, signal: AbortSignal): AsyncGenerator<FeedBatch, number> {
    let position = after;
    this.#behind++;
    try {
      while (!signal.aborted) {
        const events = await this.#read(position);
        position = events.at(-1)?.position ?? position;
        if (events.length === PAGE)
          this.#read(position).catch(() => undefined); // ahead, while this page is taken in
        else if (this.#live === undefined) this.#start(position);
        // The log ends before what came of it: an older copy was restored under way.
        if (events.length === 0 && !this.#holds(position)) await pause(LONGEST_PAUSE_MS, signal);
        yield { events, live: false };
        if (this.#holds(position)) break;
      }
    } finally {
      if (--this.#behind === 0) this.#past = undefined;
    }
    return position;
  }

  /** The next page after a position, read once for all who ask for it at about the same time. */
  #read(after: number): Promise<readonly RecordedEvent[]> {
    const known = this.#past?.after(after, PAGE);
    if (known !== undefined && known.length > 0) return Promise.resolve(known);
    const running = this.#reading.get(after);
    if (running !== undefined) return running;
    const reading = this.#readPage(after).finally(() => this.#reading.delete(after));
    this.#reading.set(after, reading);
    return reading;
  }

  async #readPage(after: number): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (let [read, from] = [READ, after]; read === READ && events.length < PAGE; await nextTurn()) {
      const some = await this.store.readAll(from, READ);
      events.push(...some);
      from = some.at(-1)?.position ?? from;
      read = some.length;
    }
    if (this.#past === undefined || this.#past.newest < after) this.#past = new EventWindow(after, this.#limits);
    if (this.#past.newest === after) this.#past.push(events);
    return events;
  }

  #start(after: number): void {
    const live = { window: new EventWindow(after, this.#limits), stop: new AbortController() };
    this.#live = live;
    void this.#receive(live.window, live.stop.signal);
  }

  #stop(): void {
    this.#live?.stop.abort();
    this.#live = undefined;
  }

  async #receive(window: EventWindow, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    let isReported = false;
    while (!signal.aborted) {
      try {
        for await (const events of this.store.subscribe(window.newest, signal)) {
          backoff.reset();
          isReported = false;
          window.push(events);
          this.#news.emit('news');
        }
      } catch (error) {
        if (!signal.aborted && !isReported) this.#onTrouble(error);
        isReported = true;
      }
      await pause(backoff.next(), signal);
    }
  }
}
