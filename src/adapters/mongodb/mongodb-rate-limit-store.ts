import { type RateLimit, RateLimitStore, type Verdict, type Use } from '../../platform/http/index.js';
import { MemoryRateLimitStore } from '../memory/memory-rate-limit-store.js';
import { Circuit, type CircuitSettings } from './circuit.js';
import type { MongoConnection } from './mongodb-connection.js';
import { MongoCounts } from './mongodb-counts.js';

/** `onChange` is told why this process counts alone, and without a reason when it counts with the others again. */
export interface MongoRateLimitOptions extends Pick<CircuitSettings, 'onChange' | 'onLate'> {
  /** How long a call waits to be counted on the server, in milliseconds. */
  readonly timeoutMs?: number;
}

const PROBE: RateLimit = { name: 'probe', points: 1, windowSeconds: 60 };

/** Counts in MongoDB, for all processes that use it together. While it is down or hangs, or is too slow, each process counts alone. */
export class MongoRateLimitStore extends RateLimitStore {
  override readonly asksServer = true;
  readonly #together: MongoCounts;
  readonly #alone = new MemoryRateLimitStore();
  readonly circuit: Circuit;
  readonly #timeoutMs: number;
  /** What was counted by this process alone is given back to it alone. */
  readonly #countedAlone = new WeakSet<Verdict>();

  constructor(mongo: MongoConnection, { timeoutMs = 50, ...told }: MongoRateLimitOptions) {
    super();
    this.#timeoutMs = timeoutMs;
    this.#together = new MongoCounts(mongo);
    // A write, like what it stands for: a server may read and not write.
    const probe = (): Promise<unknown> => this.#together.count([{ limit: PROBE, id: '', points: 0 }]);
    this.circuit = new Circuit({ probe, signal: mongo.closing, ...told });
  }

  /** The migration step. Returns the indexes that were missing, as `collection.index`. @throws IndexConflict */
  ensureIndexes(): Promise<string[]> {
    return this.#together.ensureIndexes();
  }

  override async consume(uses: readonly Use[]): Promise<readonly Verdict[]> {
    let verdicts: Verdict[];
    try {
      verdicts = await this.circuit.run(() => this.#together.count(uses), this.#timeoutMs);
    } catch {
      const alone = await this.#alone.consume(uses); // the circuit tells why
      for (const verdict of alone) this.#countedAlone.add(verdict);
      return alone;
    }
    const upTo = verdicts.findIndex(({ allowed }) => !allowed) + 1;
    if (upTo === 0) return verdicts;
    const back = uses.slice(upTo).filter((_use, n) => this.#lasts(verdicts[upTo + n]));
    if (back.length > 0) await this.#giveBack(back);
    return verdicts.slice(0, upTo);
  }

  override async giveBack(use: Use, verdict: Verdict): Promise<void> {
    if (this.#countedAlone.has(verdict)) await this.#alone.giveBack(use, verdict);
    else if (this.#lasts(verdict)) await this.#giveBack([use]);
  }

  /** Where the window is about to end, all points come back with it, and what is given back would be too many in the next. */
  #lasts(verdict: Verdict | undefined): boolean {
    return verdict !== undefined && verdict.resetsAt - Date.now() > this.#timeoutMs;
  }

  /** What the server does not take back comes back with the end of the window. */
  async #giveBack(uses: readonly Use[]): Promise<void> {
    await this.circuit.run(() => this.#together.giveBack(uses), this.#timeoutMs).catch(() => undefined);
  }
}
