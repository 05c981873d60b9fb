// A clock that is ahead writes what can't be taken back: credit expires, days are over. Where a server tells the time, a command that is
// further ahead of it than clocks differ is refused before anything of it is written.
import { refuse, type Rejection, toInstant } from '../kernel/index.js';

/** The time as a server of ours has it, in epoch milliseconds; undefined where none tells it. Rejects when it can't be asked. */
export abstract class ServerClock {
  abstract now(): Promise<number | undefined>;
}

/** Where the ledger is in a file there is no clock but the machine's. */
export class NoServerClock extends ServerClock {
  override now(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

const MOST_AHEAD_MS = 5 * 60_000;
const ASK_EVERY_MS = 30_000;
/** A first command waits so long for an answer; without one it is let through. */
const ANSWERED_WITHIN_MS = 250;

/** Compares instants with a server's clock, which is asked now and then. */
export class SoundClock {
  /** What the server's clock is beyond `performance.now`; undefined while that is not known. */
  #offset: number | undefined;
  #askedAt = -Infinity;
  #asking: Promise<void> = Promise.resolve();

  constructor(private readonly server: ServerClock) {}

  /** Why nothing is to be written at an instant; undefined when it may, or nobody can tell. */
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
    // One that can't be asked is asked again later; meanwhile what is known holds.
    const now = await this.server.now().catch(() => undefined);
    if (now !== undefined) this.#offset = now - (asked + performance.now()) / 2;
  }
}
