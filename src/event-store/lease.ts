import { START } from './event-store.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

const LEASES: ViewDefinition = { name: 'leases-1', indexes: [] };

/**
 * Who of several processes does a piece of work now. It spares work and no more: what the work writes must be right even when two
 * processes hold a lease for a moment, because their clocks differ.
 */
export class Lease {
  constructor(
    private readonly store: ReadModelStore,
    /** What is leased. */
    private readonly name: string,
    /** Who asks; unique to the process. */
    private readonly owner: string,
    /** How long it is held without being renewed, in milliseconds. */
    private readonly ttlMs: number,
  ) {}

  /** Takes or renews the lease at `now` (epoch milliseconds); false while another owner has it. */
  async acquire(now: number): Promise<boolean> {
    const held = await this.#read();
    if (held.owner !== this.owner && held.until > now) return false;
    // The guard by position lets one of two that take the same term win; reading again tells which.
    await this.#write(held.term + 1, now + this.ttlMs);
    return (await this.#read()).owner === this.owner;
  }

  /** Lets another process take over at once. */
  async release(): Promise<void> {
    const held = await this.#read();
    if (held.owner === this.owner) await this.#write(held.term + 1, 0);
  }

  async #read(): Promise<{ readonly term: number; readonly owner: string; readonly until: number }> {
    const row = (await this.store.load(LEASES, [this.name])).get(this.name);
    if (row === undefined) return { term: START, owner: '', until: 0 };
    const { owner, until } = row.doc as { owner: string; until: number };
    return { term: row.position, owner, until };
  }

  async #write(term: number, until: number): Promise<void> {
    const doc = { owner: this.owner, until };
    await this.store.apply(LEASES, { rows: [{ id: this.name, position: term, doc }] });
  }
}
