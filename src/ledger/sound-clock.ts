// A clock that is ahead causes what can't be undone: credit expires, days end. Where a server gives the time, a command that is too far ahead of
// it is refused before anything is written.
import { refuse, type Rejection, toInstant } from '../kernel/index.js';

/** The time of a server of ours in epoch milliseconds; undefined where no server gives it. Rejects when the server can't be reached. */
export abstract class ServerClock {
  abstract now(): Promise<number | undefined>;
}

/** For a ledger in a file: there is no clock but the machine's. */
export class NoServerClock extends ServerClock {
  override now(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

const MOST_AHEAD_MS = 5 * 60_000;
const ASK_EVERY_MS = 30_000;
/** How long a first command waits for the server's time. Without an answer it is let through. */
const ANSWERED_WITHIN_MS = 250;

/** Compares instants with a server's clock, which it reads now and then. */
export class SoundClock {
  /** The server's time less `performance.now`; undefined while it is unknown. */
  #offset: number | undefined;
  #askedAt = -Infinity;
  #asking: Promise<void> = Promise.resolve();

  constructor(private readonly server: ServerClock) {}

  /** Why nothing may be written at an instant; undefined when it may, or the server's time is unknown. */
  async refusal(at: number): Promise<Rejection | undefined> {
    if (performance.now() - this.#askedAt >= ASK_EVERY_MS) this.#ask();
    if (this.#offset === undefined) await this.#asking;
    if (this.#offset === undefined) return undefined;
    const now = performance.now() + this.#offset;
    if (at - now <= MOST_AHEAD_MS) return undefined;
    return refuse(
      'unavailable',
      'clock_ahead',
      `The clock of this machine says ${toInstant(at)}, that of the database server ${toInstant(now)}. Set it right (NTP); nothing was written.`,
    );
  }

  #ask(): void {
    const asked = (this.#askedAt = performance.now());
    const answer = this.#take(asked);
    const patience = new Promise<void>((resolve) => setTimeout(resolve, ANSWERED_WITHIN_MS).unref());
    this.#asking = Promise.race([answer, patience]);
  }

  async #take(asked: number): Promise<void> {
    // When the server can't be reached, the last known offset stands until the next try.
    const now = await this.server.now().catch(() => undefined);
    if (now !== undefined) this.#offset = now - (asked + performance.now()) / 2;
  }
}
