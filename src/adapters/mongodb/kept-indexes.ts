import { inTime, ReadModelsUnavailable } from '../../event-store/index.js';
import type { MongoConnection } from './mongodb-connection.js';
import { IndexConflict } from './index-errors.js';
import { ensureIndexes, type Index } from './mongodb-indexes.js';

export interface KeptIndexesOptions {
  /** How often indexes are checked while the collection is used. */
  readonly everyMs?: number;
  /** How long the first use waits for the indexes. A build may take hours; the use goes on without them. */
  readonly waitMs?: number;
  /** Whether uses fail while another index stands in the place of a needed one. */
  readonly strict?: boolean;
  /** Called with a fault that keeps an index from being made and does not pass by itself. */
  readonly onTrouble?: (error: unknown) => void;
}

/** How many times longer the pause is after a failed build, as each try may read the whole collection. */
const AFTER_TROUBLE = 10;

/**
 * Keeps the indexes of a collection while it is used: they are made again when somebody drops them, or the whole database. Only the first
 * use waits for them, and no result depends on them.
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

  /** Makes the missing indexes, and returns them as `collection.index`. @throws IndexConflict, DuplicateValues, ReadModelsUnavailable */
  async make(): Promise<string[]> {
    const made = await ensureIndexes(this.mongo, this.collection, this.needed);
    this.#done(this.#options.everyMs);
    return made;
  }

  /** Await it before each use. @throws ReadModelsUnavailable, or IndexConflict if `strict`, until the indexes were made once */
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
