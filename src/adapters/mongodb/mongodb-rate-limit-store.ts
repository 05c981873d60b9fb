import { type RateLimit, RateLimitStore, type Verdict, type Use } from '../../proxy/index.js';
import { MemoryRateLimitStore } from '../memory/memory-rate-limit-store.js';
import { Circuit } from './circuit.js';
import type { MongoConnection } from './mongodb-connection.js';
import { MongoCounts } from './mongodb-counts.js';

export interface MongoRateLimitOptions {
  /** How long a call waits to be counted on the server, in milliseconds. */
  readonly timeoutMs?: number;
  /** Told why this process counts alone, and without a reason when it counts with the others again. */
  readonly onChange?: (reason?: unknown) => void;
}

const PROBE: RateLimit = { name: 'probe', points: 1, windowSeconds: 60 };

/** Counts in MongoDB, for all processes that use it together. While it is down or hangs, or is too slow, each process counts alone. */
export class MongoRateLimitStore extends RateLimitStore {
  readonly #together: MongoCounts;
  readonly #alone = new MemoryRateLimitStore();
  readonly #circuit: Circuit;
  readonly #timeoutMs: number;

  constructor(mongo: MongoConnection, { timeoutMs = 50, onChange }: MongoRateLimitOptions = {}) {
    super();
    this.#timeoutMs = timeoutMs;
    this.#together = new MongoCounts(mongo);
    // A write, like what it stands for: a server may read and not write.
    const probe = (): Promise<unknown> => this.#together.count([{ limit: PROBE, id: '', points: 0 }]);
    this.#circuit = new Circuit({ probe, signal: mongo.closing, ...(onChange && { onChange }) });
  }

  /** The migration step. Returns the indexes that were missing, as `collection.index`. @throws IndexConflict */
  ensureIndexes(): Promise<string[]> {
    return this.#together.ensureIndexes();
  }

  override async consume(uses: readonly Use[]): Promise<readonly Verdict[]> {
    let verdicts: Verdict[];
    try {
      verdicts = await this.#circuit.run(() => this.#together.count(uses), this.#timeoutMs);
    } catch {
      return this.#alone.consume(uses); // the circuit tells why
    }
    const upTo = verdicts.findIndex(({ allowed }) => !allowed) + 1;
    if (upTo === 0) return verdicts;
    // Where the window is about to end, all points come back with it, and these would be too many in the next.
    const back = uses.slice(upTo).filter((_use, n) => (verdicts[upTo + n]?.resetsInMs ?? 0) > this.#timeoutMs);
    if (back.length > 0) await this.#giveBack(back);
    return verdicts.slice(0, upTo);
  }

  /** What the server does not take back comes back with the end of the window. */
  async #giveBack(uses: readonly Use[]): Promise<void> {
    await this.#circuit.run(() => this.#together.giveBack(uses), this.#timeoutMs).catch(() => undefined);
  }
}
