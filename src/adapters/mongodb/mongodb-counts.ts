import type { Connection } from 'mongoose';
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit, Verdict, Use } from '../../platform/http/index.js';
import { inTurn, limiterOptions, toVerdict } from '../memory/memory-rate-limit-store.js';
import { within } from './circuit.js';
import { databaseOf, type MongoConnection } from './mongodb-connection.js';
import { KeptIndexes } from './kept-indexes.js';
import { DuplicateValues } from './index-errors.js';
import { type Index } from './mongodb-indexes.js';

const COLLECTION = 'rate-limits';
/** As RateLimiterMongo would make them. Without the second, two that count the first use of an id would each begin a window. */
const INDEXES: readonly Index[] = [
  { key: { expire: -1 }, name: 'expire_-1', expireAfterSeconds: 0 },
  { key: { key: 1 }, name: 'key_1', unique: true },
];

/** The class has more than its types tell: for how many milliseconds it refuses a key from memory; 0 when it does not. */
type Limiter = RateLimiterMongo & { getInMemoryBlockMsBeforeExpire(key: string): number };

/** Uses of one limit and id that are counted in one command, in their order. */
interface Group {
  points: number;
  readonly counted: ReturnType<typeof outcomeOf>;
}

/** How long a group waits for the one before it: one that gets no answer must not stop those after it. */
const PATIENCE_MS = 50;

/**
 * What is used of limits, in a document for each limit and id, which MongoDB changes atomically. Windows end by the clocks of the gateways.
 *
 * The uses of one call are counted at the same time, not one after another. When one is refused, those after it get their points back;
 * for the moment in between, others find less than there is. Two rules keep that small: of one id, no more uses than its limit has
 * points are counted that way at a time, and the rest in turn; and a refusal is remembered (and the server asked no more until
 * the window ends) not when a count is at its limit, but when it is at twice that.
 *
 * Uses of one id that come while one is being counted would wait for each other at the server, as they change the same document. They are
 * counted together after it, in one command, each as if those before it had been counted alone.
 */
export class MongoCounts {
  /** The limiters belong to a connection, which may be replaced. */
  readonly #limiters = new WeakMap<Connection, Map<string, Limiter>>();
  /** How many calls are just now counting a use of an id that comes first in them. */
  readonly #counting = new Map<string, number>();
  /** By limit and id: the group that others may still join, and the newest one. */
  readonly #joinable = new Map<string, Group>();
  readonly #newest = new Map<string, Group>();
  readonly #indexes: KeptIndexes;

  constructor(private readonly mongo: MongoConnection) {
    const onTrouble = (error: unknown): void => {
      if (error instanceof DuplicateValues) void this.#beginAnew();
    };
    this.#indexes = new KeptIndexes(mongo, COLLECTION, INDEXES, { onTrouble });
  }

  /** Makes the collection with its indexes; counting does it, too. Returns those that were missing. @throws IndexConflict */
  async ensureIndexes(): Promise<string[]> {
    try {
      return await this.#indexes.make();
    } catch (error) {
      if (!(error instanceof DuplicateValues)) throw error;
      await this.#forget();
      return this.#indexes.make();
    }
  }

  /** The verdicts of the uses up to the first that is refused, and of some after it, whose points are to be given back. */
  async count(uses: readonly Use[]): Promise<Verdict[]> {
    await this.#indexes.ready();
    return this.mongo.run(async (connection) => {
      const limiters = uses.map(({ limit }) => this.#limiter(connection, limit));
      const refused = uses.findIndex(({ id }, n) => isRefused(limiters[n], id));
      const asked = refused === -1 ? uses : uses.slice(0, refused + 1);
      return this.#together(asked, (use) => this.#one(connection, use));
    });
  }

  async giveBack(uses: readonly Use[]): Promise<void> {
    await this.mongo.run((connection) =>
      Promise.all(uses.map(({ limit, id, points }) => this.#limiter(connection, limit).reward(id, points))),
    );
  }

  /** A failure is tried again with the next check of the indexes. */
  async #beginAnew(): Promise<void> {
    await this.ensureIndexes().catch(() => undefined);
  }

  /** Counts that began twice while the index was gone are wrong, so all begin again. They only cover a minute. */
  async #forget(): Promise<void> {
    await this.mongo.run((connection) => databaseOf(connection).collection(COLLECTION).deleteMany({}));
  }

  async #one(connection: Connection, { limit, id, points }: Use): Promise<Verdict> {
    const limiter = this.#limiter(connection, limit);
    const group = this.#joinable.get(limiter.getKey(id)) ?? this.#begin(limiter, id);
    group.points += points;
    const upToThis = group.points;
    const { allowed, used } = await group.counted;
    const isRemembered = !allowed && used.consumedPoints === 0; // refused without counting
    const consumedPoints = used.consumedPoints - (group.points - upToThis);
    return toVerdict(!isRemembered && consumedPoints <= limit.points, limit, {
      consumedPoints,
      msBeforeNext: used.msBeforeNext,
    });
  }

  #begin(limiter: Limiter, id: string): Group {
    const key = limiter.getKey(id);
    const before = this.#newest.get(key);
    const count = async (): Group['counted'] => {
      await (before && within(PATIENCE_MS, before.counted).catch(() => undefined));
      this.#joinable.delete(key);
      return outcomeOf(limiter.consume(id, group.points));
    };
    const group: Group = { points: 0, counted: Promise.resolve().then(count) };
    this.#joinable.set(key, group);
    this.#newest.set(key, group);
    const forget = (): void => {
      if (this.#newest.get(key) === group) this.#newest.delete(key);
    };
    group.counted.then(forget, forget);
    return group;
  }

  async #together(uses: readonly Use[], count: (use: Use) => Promise<Verdict>): Promise<Verdict[]> {
    const [first] = uses;
    if (first === undefined) return [];
    const who = `${limiterOptions(first.limit).keyPrefix}:${first.id}`;
    const others = this.#counting.get(who) ?? 0;
    this.#counting.set(who, others + 1);
    try {
      return others < first.limit.points ? await Promise.all(uses.map(count)) : await inTurn(uses, count);
    } finally {
      const left = (this.#counting.get(who) ?? 1) - 1;
      if (left > 0) this.#counting.set(who, left);
      else this.#counting.delete(who);
    }
  }

  #limiter(connection: Connection, limit: RateLimit): Limiter {
    const options = limiterOptions(limit);
    const limiters = this.#limiters.get(connection) ?? new Map<string, Limiter>();
    this.#limiters.set(connection, limiters);
    const known = limiters.get(options.keyPrefix);
    if (known !== undefined) return known;
    const limiter = new RateLimiterMongo({
      ...options,
      storeClient: databaseOf(connection, { w: 1 }), // a count only covers a minute, so it need not wait for a majority
      tableName: COLLECTION,
      disableIndexesCreation: true,
      inMemoryBlockOnConsumed: limit.refundable ? 0 : 2 * limit.points,
    }) as Limiter;
    limiters.set(options.keyPrefix, limiter);
    return limiter;
  }
}

/** What came of a use, and whether it is allowed: a limiter resolves with what it allows and rejects with what it refuses. */
async function outcomeOf(consumed: Promise<RateLimiterRes>): Promise<{ allowed: boolean; used: RateLimiterRes }> {
  try {
    return { allowed: true, used: await consumed };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return { allowed: false, used: refused };
  }
}

const isRefused = (limiter: Limiter | undefined, id: string): boolean =>
  limiter !== undefined && limiter.getInMemoryBlockMsBeforeExpire(limiter.getKey(id)) > 0;
