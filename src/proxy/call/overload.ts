// Refuses new calls early while this process can't keep up, so that those it has let in are answered and charged nearly as fast as ever.
//
// The signal is CoDel's (RFC 8289): not how much waits but for how long, and only a queue that stands for a whole interval, as a burst passes
// by itself. The queue is the event loop's: a call gets on by a step in each turn, so the length of a turn is the delay that every call meets,
// and none of it is a provider's or a store's, which refusing calls would make no faster. The remedy is a limit on how many calls wait at
// once for their hold, made from the delay as https://github.com/Netflix/concurrency-limits makes it: as many as wait × (the delay that may be
// ÷ the delay there is). Both are measured anew all the time and nothing is raised and lowered by trial, so the limit settles. A loop that
// waits for events is no queue, however long its turns are: a slow store answers many calls at once, and has them wait together.
import { ApiError } from '../../platform/http/index.js';

/** What an event loop has done so far. */
export interface LoopReading {
  readonly turns: number;
  /** The time it did not wait for events, in milliseconds. */
  readonly busyMs: number;
}

export const TICK_MS = 50;
/** What a garbage collection of 100 ms has held up is done by then on a gateway that is two thirds busy. */
const STANDING_MS = 500;
/** Fewer are no queue: what takes the time then is something else. */
const LEAST_QUEUE = 8;
/** One that is decided, and one that comes next. */
const LEAST_WAITING = 2;
/** So many wait for a second or so: a burst may be as large, and a store that stands still may gather as many. */
const MOST_WAITING = 1_000;
/** Five steps (the request, its hold, the start and the end of the answer, its charge), and waits between them for what others have on their way: measured. */
const TURNS_OF_A_CALL = 11;
/** Of the newest tick in what is remembered; the rest is of those before. */
const WEIGHT = 0.2;
/** The part of its time that a loop with too much to do waits for events, at most. */
const MOST_IDLE = 0.05;
/** In a tick, at most: a call that is let in takes its time of the loop only in the turns that follow. */
const GROWTH = 1.05;
const LEAST_RETRY_MS = 1_000;
const MOST_RETRY_MS = 30_000;

export class Overload {
  /** Calls that wait for their hold. */
  waiting = 0;
  /** The mean length of a turn of the event loop lately, in milliseconds. */
  turnMs = 0;

  #limit = MOST_WAITING;
  readonly #waitingOf = new Map<string, number>();
  #last: LoopReading & { readonly turnMs: number };
  #tickedAt: number;
  /** How long there has been a queue without a pause. */
  #standingMs = 0;
  /** How many waited lately. */
  #queue = 0;
  #tick = { letIn: 0, refused: 0 };
  #lately = { letIn: 0, refused: 0 };

  /** @param mostMs how long this process itself may keep a call, in milliseconds */
  constructor(
    private readonly mostMs: number,
    private readonly loop: () => LoopReading,
    private readonly source = { now: () => performance.now(), random: () => Math.random() },
  ) {
    this.#last = { ...loop(), turnMs: 0 };
    this.#tickedAt = source.now();
  }

  /** How many may wait. */
  get limit(): number {
    return Math.round(this.#limit);
  }

  /**
   * Lets a call go on, or not. At the limit, accounts that have their share of it are refused: one that floods keeps out no other.
   * @throws ApiError 503 `server_overloaded`
   */
  check(accountId: string): void {
    if (this.waiting < this.#limit) return;
    const own = this.#waitingOf.get(accountId) ?? 0;
    const accounts = this.#waitingOf.size + (own === 0 ? 1 : 0);
    if ((own + 1) * accounts <= this.#limit) return;
    this.#tick.refused++;
    throw overloaded(this.#retryAfterMs());
  }

  /** A call waits for its hold until its admission is over. */
  enter(accountId: string): Admission {
    this.waiting++;
    this.#tick.letIn++;
    this.#waitingOf.set(accountId, (this.#waitingOf.get(accountId) ?? 0) + 1);
    return new Admission(() => this.#leave(accountId));
  }

  /** To be called every 50 ms. */
  tick(): void {
    const { refused } = this.#tick;
    this.#remember();
    const now = this.source.now();
    const tookMs = now - this.#tickedAt;
    this.#tickedAt = now;
    const pressure = this.#pressure(tookMs);
    this.#queue = mixed(this.#queue, refused > 0 ? Math.max(this.waiting, this.#limit) : this.waiting);
    this.#standingMs = pressure > 1 && this.#queue >= LEAST_QUEUE ? this.#standingMs + tookMs : 0;
    const stands = this.#standingMs >= STANDING_MS;
    const limited = this.#limit < MOST_WAITING;
    if (stands || (limited && refused > 0)) {
      const room = this.#queue / pressure;
      this.#limitTo(limited ? Math.min(mixed(this.#limit, room), this.#limit * GROWTH) : room);
    } else if (limited && (pressure < 1 / 2 || this.#queue < LEAST_QUEUE)) this.#limitTo(this.#limit * GROWTH);
  }

  #limitTo(calls: number): void {
    this.#limit = Math.min(MOST_WAITING, Math.max(LEAST_WAITING, calls));
  }

  /** The delay that calls meet, in parts of that which may be; less than 1 while the loop could do more. A tick counts no more than the one before it, as the loop may stand still just once. */
  #pressure(tookMs: number): number {
    const { turns, busyMs } = this.loop();
    const workedMs = busyMs - this.#last.busyMs;
    const turnMs = workedMs / Math.max(1, turns - this.#last.turns);
    this.turnMs = mixed(this.turnMs, Math.min(turnMs, this.#last.turnMs));
    this.#last = { turns, busyMs, turnMs };
    const pressure = (this.turnMs * TURNS_OF_A_CALL) / this.mostMs;
    const isBusy = workedMs >= (1 - MOST_IDLE) * tookMs;
    return isBusy ? pressure : Math.min(pressure, 1 / GROWTH);
  }

  #remember(): void {
    const { letIn, refused } = this.#tick;
    this.#lately = { letIn: mixed(this.#lately.letIn, letIn), refused: mixed(this.#lately.refused, refused) };
    this.#tick = { letIn: 0, refused: 0 };
  }

  /** Each is told another time, and the later the more are refused for one that is let in: so long it would take to let in all of them. */
  #retryAfterMs(): number {
    const { letIn, refused } = this.#lately;
    const spreadMs = (2_000 * (refused + 1)) / (letIn + 1);
    return Math.round(Math.min(MOST_RETRY_MS, LEAST_RETRY_MS + this.source.random() * spreadMs));
  }

  #leave(accountId: string): void {
    this.waiting--;
    const left = (this.#waitingOf.get(accountId) ?? 1) - 1;
    if (left === 0) this.#waitingOf.delete(accountId);
    else this.#waitingOf.set(accountId, left);
  }
}

/** A call that waits for its hold. */
export class Admission {
  #isOver = false;

  constructor(private readonly leave: () => void) {}

  /** It has its hold, or gets none; to say so again changes nothing. */
  over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.leave();
  }
}

const mixed = (before: number, now: number): number => before + (now - before) * WEIGHT;

/** `retry-after-ms` is what OpenAI's clients look for first. It has no stack, which would take longer than all else here. */
function overloaded(retryAfterMs: number): ApiError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new ApiError({
    status: 503,
    type: 'service_unavailable',
    code: 'server_overloaded',
    message:
      'This gateway has more to do than it can just now, so it did not take the request. Send it again in a moment.',
    headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)), 'retry-after-ms': String(retryAfterMs) },
  });
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}
