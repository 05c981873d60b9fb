// How much memory the bodies of all requests under way may take together. A body counts from the moment its bytes come until its request has
// ended: until then it is kept, and so is what was made of it.
import { totalmem } from 'node:os';
import { ApiError, serviceUnavailable } from './api-error.js';

/** So that no one client takes all of it. */
const LARGEST_SHARE = 1 / 4;

/** What is made of a body takes several times its size: text, values, and what is sent on. */
const PART_OF_MEMORY = 1 / 12;
const MOST_BYTES = 1_073_741_824;

/** How many bytes of one kind, bodies or answers, may be in memory, by the memory that this process may use. */
export function partOfMemory(): number {
  // Without a limit it is 0, or larger than the machine's.
  const memory = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return Math.min(MOST_BYTES, Math.floor(memory * PART_OF_MEMORY));
}

/** How many bytes all bodies may come to; room for at least two of the largest. */
export const bodyMemory = (largestBody: number): number => Math.max(2 * largestBody, partOfMemory());

export class BodyBudget {
  #taken = 0;
  readonly #byOwner = new Map<string, number>();
  readonly #share: number;

  constructor(
    private readonly bytes: number,
    largestBody: number,
  ) {
    this.#share = Math.max(largestBody, Math.floor(bytes * LARGEST_SHARE));
  }

  get taken(): number {
    return this.#taken;
  }

  /** @throws ApiError 503 when `bytes` more are too much for all, 429 when they are for this owner. */
  check(owner: string, bytes: number): void {
    if (this.#ofOwner(owner) + bytes > this.#share) throw tooManyOfYours();
    if (this.#taken + bytes > this.bytes) throw tooManyInAll();
  }

  take(owner: string, bytes: number): void {
    this.check(owner, bytes);
    this.#taken += bytes;
    this.#byOwner.set(owner, this.#ofOwner(owner) + bytes);
  }

  giveBack(owner: string, bytes: number): void {
    this.#taken -= bytes;
    const left = this.#ofOwner(owner) - bytes;
    if (left > 0) this.#byOwner.set(owner, left);
    else this.#byOwner.delete(owner);
  }

  #ofOwner(owner: string): number {
    return this.#byOwner.get(owner) ?? 0;
  }
}

const tooManyInAll = (): ApiError =>
  serviceUnavailable('The requests under way are as large together as this gateway takes. Try again in a moment.');

const tooManyOfYours = (): ApiError =>
  new ApiError({
    status: 429,
    type: 'rate_limit_exceeded',
    code: 'too_many_bytes',
    message: 'Your requests under way are as large together as one client’s may be. Try again when some have ended.',
    headers: { 'retry-after': '1' },
  });
