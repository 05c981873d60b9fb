import { inTime, ReadModelsUnavailable } from '../../event-store/index.js';
import type { MongoConnection } from './mongodb-connection.js';
import { IndexConflict } from './index-errors.js';
import { ensureIndexes, type Index } from './mongodb-indexes.js';

export interface KeptIndexesOptions {
  /** How long after they were last looked at they are looked at again, when the collection is used. */
  readonly everyMs?: number;
  /** How long the first use waits for them to be made. A build may take hours; then it goes on without. */
  readonly waitMs?: number;
  /** Whether the collection is not used while another index is in the place of one of them. */
  readonly strict?: boolean;
  /** Told what keeps them from being made, when that is nothing that passes. */
  readonly onTrouble?: (error: unknown) => void;
}

/** What can't be made is tried more seldom: each try may read the whole collection. */
const AFTER_TROUBLE = 10;

/**
 * The indexes of a collection, looked after while it is used: whoever drops them, or the whole database, finds them made again. No use but
 * the first waits for that, and none depends on it to be right.
 */
export class KeptIndexes {
  readonly #options: Required<KeptIndexesOptions>;
  #making: Promise<unknown> | undefined;
  #isFirst = true;
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly mongo: MongoConnection,
    private readonly collection: string,
    private readonly needed: readonly Index[],
    options: KeptIndexesOptions = {},
  ) {
    this.#options = { everyMs: 30_000, waitMs: 5_000, strict: true, onTrouble: () => undefined, ...options };
  }

  /** Makes what is missing, and returns it, as `collection.index`. @throws IndexConflict, DuplicateValues, ReadModelsUnavailable */
  async make(): Promise<string[]> {
    const made = await ensureIndexes(this.mongo, this.collection, this.needed);
    this.#done(this.#options.everyMs);
    return made;
  }

  /** To be awaited before each use. @throws ReadModelsUnavailable, and IndexConflict where that is strict, until they were made once */
  async ready(): Promise<void> {
    if (this.#making === undefined && performance.now() >= this.#nextAt) this.#begin();
    if (!this.#isFirst || this.#making === undefined) return;
    const { waitMs, everyMs } = this.#options;
    const late = new Error('late');
    await inTime(this.#making, waitMs, (reject) => reject(late)).catch((error: unknown) => {
      if (error !== late) throw error;
      this.#done(everyMs); // the build goes on; nobody else waits for it
    });
  }

  #begin(): void {
    const making = this.make()
      .catch((error: unknown) => this.#take(error))
      .finally(() => (this.#making = undefined));
    this.#making = making;
    making.catch(() => undefined);
  }

  #take(error: unknown): void {
    const { everyMs, strict, onTrouble } = this.#options;
    if (error instanceof ReadModelsUnavailable || (error instanceof IndexConflict && strict)) {
      if (!this.#isFirst) this.#done(everyMs);
      throw error;
    }
    onTrouble(error);
    this.#done(everyMs * AFTER_TROUBLE);
  }

  #done(nextMs: number): void {
    this.#isFirst = false;
    this.#nextAt = performance.now() + nextMs;
  }
}
