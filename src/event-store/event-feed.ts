import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Backoff, pause } from '../kernel/index.js';
import type { EventStore, RecordedEvent } from './event-store.js';
import { EventWindow, type WindowLimits } from './event-window.js';

/** The next events of the log for a follower. An empty batch is sent once, when the follower has reached the end. */
export interface FeedBatch {
  readonly events: readonly RecordedEvent[];
  /**
   * True when they came by the subscription; false when the follower was behind the window and they were read for it.
   */
  readonly live: boolean;
}

export interface FeedSettings {
  /** How many events are kept in memory for followers that have not taken them yet. */
  readonly limits?: WindowLimits;
  /** Called once when the subscription breaks. The feed then reconnects by itself. */
  readonly onTrouble?: (error: unknown) => void;
}

/** Some seconds of the highest load. */
const LIMITS: WindowLimits = { events: 16_000, bytes: 32 * 1024 * 1024 };
/** The largest batch of live events. */
export const LIVE_BATCH = 1_000;
/** The largest batch for followers that are behind: they catch up even beside as many calls as the thread can take. */
const PAGE = 2_000;
/** Events per read. Calls on the same thread wait while they are parsed. */
const READ = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** How far apart the beats are. */
const BEAT_MS = 100;

/**
 * Serves the log to all followers in this process from one subscription, so that each event is received and parsed
 * once. The subscription starts with the first follower that has read to the end of the log and ends with the last
 * follower. Events are kept in memory until all followers have taken them, within limits. A follower that is further
 * behind reads the log by itself, together with others at the same place, until it reaches the window; so a slow
 * follower holds up nobody.
 * Followers share the events: no one may change one.
 */
export class EventFeed {
  readonly #news = new EventEmitter().setMaxListeners(0);
  /** By its number, the beat that followers wait for. */
  readonly #beats = new EventEmitter().setMaxListeners(0);
  readonly #limits: WindowLimits;
  readonly #onTrouble: (error: unknown) => void;
  readonly #followers = new Set<{ position: number }>();
  #live: { readonly window: EventWindow; readonly stop: AbortController } | undefined;
  /** How many followers are behind, the last page read for them, and the page being read. */
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

  /** Number of events in memory. */
  get held(): number {
    return (this.#live?.window.size ?? 0) + (this.#past?.size ?? 0);
  }

  /** How many follow the log now. */
  get followers(): number {
    return this.#followers.size;
  }

  /** The first event after a position; undefined when it is not in memory any more or does not exist yet. */
  next(position: number): RecordedEvent | undefined {
    return this.#live?.window.after(position, 1)?.[0];
  }

  /**
   * All events after a position, then new ones as they come, in order, without gap or repeat, until `signal` aborts.
   * @throws the store's error when the log can't be read. A broken subscription does not reach the follower.
   */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<FeedBatch> {
    const follower = { position: after };
    let hasReported = false;
    this.#followers.add(follower);
    try {
      while (!signal.aborted) {
        if (!this.#holds(follower.position)) {
          follower.position = yield* this.#catchUp(follower.position, signal);
          hasReported = true;
        }
        const events = this.#live?.window.after(follower.position, LIVE_BATCH) ?? [];
        if (events.length === 0 && hasReported) {
          await once(this.#news, 'news', { signal });
          continue;
        }
        hasReported = true;
        follower.position = events.at(-1)?.position ?? follower.position;
        this.#drop();
        yield { events, live: true };
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) this.#stop();
      else this.#drop();
    }
  }

  /**
   * Waits at least so long, until a beat that all followers have in common, so that what they do after it comes in the same turn of the event
   * loop. Returns early when the signal aborts. Never rejects.
   */
  async beat(atLeastMs: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const number = Math.ceil((now + atLeastMs) / BEAT_MS);
    const name = String(number);
    if (this.#beats.listenerCount(name) === 0) setTimeout(() => this.#beats.emit(name), number * BEAT_MS - now).unref();
    await once(this.#beats, name, { signal }).catch(() => undefined);
  }

  /** Lets go of what all followers have taken. */
  #drop(): void {
    let taken = Infinity;
    for (const { position } of this.#followers) taken = Math.min(taken, position);
    this.#live?.window.dropUpTo(taken);
  }

  /** Whether the window holds everything after a position. */
  #holds(position: number): boolean {
    return this.#live?.window.after(position, 0) !== undefined;
  }

  /** Reads up to the window, or to the end of the log, where a new subscription starts. Returns that position. */
  async *#catchUp(after: number, signal: AbortSignal): AsyncGenerator<FeedBatch, number> {
    let position = after;
    this.#behind++;
    try {
      while (!signal.aborted) {
        const events = await this.#read(position);
        position = events.at(-1)?.position ?? position;
        if (events.length === PAGE)
          this.#read(position).catch(() => undefined); // reads ahead while the follower takes this page in
        else if (this.#live === undefined) this.#start(position);
        // The log ends before events that the subscription delivered: an older copy was restored meanwhile.
        if (events.length === 0 && !this.#holds(position)) await pause(LONGEST_PAUSE_MS, signal);
        yield { events, live: false };
        if (this.#holds(position)) break;
      }
    } finally {
      if (--this.#behind === 0) this.#past = undefined;
    }
    return position;
  }

  /** The next page after a position, read once for all followers that request it at about the same time. */
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
