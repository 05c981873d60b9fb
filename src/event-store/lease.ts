import type { JsonObject } from '../kernel/index.js';
import { START } from './event-store.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

const LEASES: ViewDefinition = { name: 'leases-1', indexes: [] };

/**
 * A lease that ends later than any could was taken by a clock that was ahead, and would lock everyone out until then.
 * It is ignored, even though two processes may then hold it at once.
 */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** At most this many are listed. */
const MOST = 10_000;

/** A lease as stored: its last owner, when it ends (epoch milliseconds), and the owner's note about its work. */
export interface Leased {
  readonly name: string;
  readonly owner: string;
  readonly until: number;
  readonly note: JsonObject;
}

/** The position of its row is the term: each renewal is a new one. */
interface Held extends Leased {
  readonly term: number;
}

/**
 * Decides which of several processes does a piece of work now. It only saves work: the work must stay correct even when
 * two processes hold the lease for a moment because their clocks differ.
 */
export class Lease {
  /** The lease as it was read last, while we own it: a renewal need not read it first. */
  #ours: Held | undefined;

  constructor(
    private readonly store: ReadModelStore,
    /** The name of the leased work. */
    readonly name: string,
    /** The id of this process, unique. */
    private readonly owner: string,
    /** How long it lasts without renewal, in milliseconds. */
    private readonly ttlMs: number,
  ) {}

  /** Every lease that ever existed. */
  static async all(store: ReadModelStore): Promise<readonly Leased[]> {
    const rows = await store.find(LEASES, { limit: MOST });
    return rows.map(({ id, doc }) => leased(id, doc));
  }

  /**
   * Takes or renews the lease at `now` (epoch milliseconds), with a note for those who list leases; false while another
   * owner holds it.
   */
  async acquire(now: number, note: JsonObject = {}): Promise<boolean> {
    const held = this.#ours ?? (await this.read());
    this.#ours = undefined; // whether a write that fails was stored, only a read tells
    if (held.owner !== this.owner && held.until > now && held.until <= now + this.ttlMs + CLOCKS_DIFFER_MS)
      return false;
    // The guard by position lets one of two processes that take the same term win; reading again shows which.
    await this.#write(held.term + 1, now + this.ttlMs, note);
    const taken = await this.read();
    if (taken.owner === this.owner) this.#ours = taken;
    return this.#ours !== undefined;
  }

  /** Lets another process take over from `now` on. */
  async release(now: number): Promise<void> {
    this.#ours = undefined;
    const held = await this.read();
    if (held.owner === this.owner) await this.#write(held.term + 1, now, held.note);
  }

  /** The lease, whoever holds it; its `until` is 0 when nobody ever held it. */
  async read(): Promise<Held> {
    const row = (await this.store.load(LEASES, [this.name])).get(this.name);
    if (row === undefined) return { term: START, name: this.name, owner: '', until: 0, note: {} };
    return { term: row.position, ...leased(this.name, row.doc) };
  }

  async #write(term: number, until: number, note: JsonObject): Promise<void> {
    const doc = { owner: this.owner, until, note };
    await this.store.apply(LEASES, { rows: [{ id: this.name, position: term, doc }] });
  }
}

function leased(name: string, doc: JsonObject): Leased {
  const { owner, until, note = {} } = doc as { owner: string; until: number; note?: JsonObject };
  return { name, owner, until, note };
}
