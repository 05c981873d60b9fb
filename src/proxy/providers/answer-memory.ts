// How much memory the plain answers of all calls under way may take together. An answer counts from its first bytes until it has been sent. One
// for which there is no room is not refused, as its provider has billed it: its connection is not read for a while, and the provider waits.
import type { Room } from './read-body.js';
import { NoRoom } from './upstream.js';

/** So that no one account takes all of it. */
const LARGEST_SHARE = 1 / 4;
/** The first bytes of an answer don't count: most have no more, and are not to wait for large ones. */
const FREE_BYTES = 65_536;
const LONGEST_WAIT_MS = 60_000;

interface Waiting {
  readonly room: Promise<void>;
  readonly goOn: () => void;
  readonly giveUp: NodeJS.Timeout;
}

export class AnswerMemory {
  #taken = 0;
  readonly #byOwner = new Map<string, number>();
  /** In the order of their arrival. */
  readonly #waiting = new Map<AnswerRoom, Waiting>();
  /** The one that may take more than there is, so that answers that are halfway there never all wait for each other. */
  #beyond: AnswerRoom | undefined;

  constructor(
    private readonly bytes: number,
    private readonly longestWaitMs = LONGEST_WAIT_MS,
  ) {}

  get taken(): number {
    return this.#taken;
  }

  /** For the answer of one call of an account. */
  roomFor(owner: string): AnswerRoom {
    return new AnswerRoom(this, owner);
  }

  /** Counts what has come. Undefined where more may come at once. */
  take(room: AnswerRoom, bytes: number): Promise<void> | undefined {
    this.#count(room.owner, bytes);
    const waiting = this.#waiting.get(room);
    if (waiting !== undefined) return waiting.room; // it was on its way already
    return this.#mayGoOn(room) ? undefined : this.#wait(room);
  }

  leave(room: AnswerRoom, bytes: number): void {
    this.#count(room.owner, -bytes);
    clearTimeout(this.#waiting.get(room)?.giveUp);
    this.#waiting.delete(room);
    if (this.#beyond === room) this.#beyond = undefined;
    for (const [next, { goOn, giveUp }] of this.#waiting) {
      if (!this.#mayGoOn(next)) continue;
      clearTimeout(giveUp);
      this.#waiting.delete(next);
      goOn();
    }
  }

  #wait(room: AnswerRoom): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = setTimeout(() => {
      this.#waiting.delete(room);
      reject(new NoRoom(this.longestWaitMs));
    }, this.longestWaitMs);
    this.#waiting.set(room, { room: promise, goOn: resolve, giveUp });
    return promise;
  }

  #mayGoOn(room: AnswerRoom): boolean {
    if (this.#taken <= this.bytes && this.#ofOwner(room.owner) <= this.bytes * LARGEST_SHARE) return true;
    this.#beyond ??= room;
    return this.#beyond === room;
  }

  #count(owner: string, bytes: number): void {
    this.#taken += bytes;
    const left = this.#ofOwner(owner) + bytes;
    if (left > 0) this.#byOwner.set(owner, left);
    else this.#byOwner.delete(owner);
  }

  #ofOwner(owner: string): number {
    return this.#byOwner.get(owner) ?? 0;
  }
}

/** What one call’s answers take. */
export class AnswerRoom implements Room {
  #come = 0;
  #counted = 0;

  constructor(
    private readonly memory: AnswerMemory,
    readonly owner: string,
  ) {}

  get isEmpty(): boolean {
    return this.#counted === 0;
  }

  /** Rejects with `NoRoom` when that takes too long. */
  took(bytes: number): Promise<void> | undefined {
    this.#come += bytes;
    if (this.#come <= FREE_BYTES) return undefined;
    this.#counted += bytes;
    return this.memory.take(this, bytes);
  }

  /** When nobody needs the answer any more. */
  leave(): void {
    if (this.isEmpty) return;
    const counted = this.#counted;
    this.#counted = 0;
    this.memory.leave(this, counted);
  }
}
