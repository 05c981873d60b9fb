// Unique values without a unique index, which may be dropped, with its database or alone, while gateways write.
//
// Who gives a document a unique value first claims the value: a document of its own, whose `_id` is made from the value, and no collection
// is ever without the index of `_id` (https://www.mongodb.com/docs/manual/core/document/#the-_id-field). Holding that, it looks whether
// another document has the value, writes, and gives the claim back. So any number of gateways do that one after the other.
//
// A claim may be left behind by a crash, and nobody can tell that from one whose owner is slow. So who takes it over first makes sure that
// its owner can't write any more: the document that was to be inserted stands there, without its content, before the claim, and is
// removed; the document that was to be replaced gets another version. Whose write no longer finds what it was to change begins again.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type mongoose from 'mongoose';
import type { JsonObject } from '../../kernel/index.js';
import { pathOf } from './mongodb-queries.js';
import { isDuplicateKey } from './mongodb-schema.js';

export interface StoredDocument {
  readonly _id: string;
  /** 0 while it is not there yet, or no more; then it has no content. */
  readonly version: number;
  readonly doc?: JsonObject;
  /** The call that wrote it. */
  readonly by?: string;
  /** While it is not there yet: the claim with which it is being inserted. */
  readonly claim?: string;
}

export interface Claim {
  readonly _id: string;
  /** The document that is to have the value. */
  readonly of: string;
  /** New for each try. */
  readonly claim: string;
}

export type Documents = mongoose.mongo.Collection<StoredDocument>;
export type Claims = mongoose.mongo.Collection<Claim>;
export type UniqueValue = readonly [field: string, value: unknown];
/** Who wants values: a document, and its try. */
export type Claimant = Pick<Claim, 'of' | 'claim'>;

/** The documents that are there. */
export const THERE = { version: { $gt: 0 } } as const;

const POLL_MS = 20;

export class UniqueValues {
  /** @param patienceMs how long a claim is respected, by our own clock from when we saw it; whenever that ends, values stay unique */
  constructor(
    private readonly documents: Documents,
    private readonly claims: Claims,
    private readonly patienceMs: number,
  ) {}

  /** What `write` comes to while nobody else can give one of the values to a document; false when another document has one. */
  async holding(values: readonly UniqueValue[], who: Claimant, write: () => Promise<boolean>): Promise<boolean> {
    const held: string[] = [];
    try {
      // Always in the same order: of two that want the same values, none waits for the other with one that the other wants.
      for (const value of values.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        held.push(this.#idOf(value));
        if (!(await this.#claim(value, who)) || (await this.#isTaken(value, who.of))) return false;
      }
      return await write();
    } finally {
      await this.#release(held, who);
    }
  }

  /** A claim that can't be given back now is taken over by the next one who wants the value. */
  async #release(ids: readonly string[], { claim }: Claimant): Promise<void> {
    if (ids.length > 0) await this.claims.deleteMany({ _id: { $in: [...ids] }, claim }).catch(() => undefined);
  }

  async #isTaken([field, value]: UniqueValue, of: string): Promise<boolean> {
    const other = { [pathOf(field)]: { $eq: value }, _id: { $ne: of }, ...THERE };
    return (await this.documents.findOne(other, { projection: { _id: 1 } })) !== null;
  }

  /** False when another document is about to have the value. */
  async #claim(value: UniqueValue, who: Claimant): Promise<boolean> {
    const id = this.#idOf(value);
    let seen: string | undefined;
    let since = 0;
    for (;;) {
      if (await isInserted(this.claims.insertOne({ _id: id, ...who }))) return true;
      const other = await this.claims.findOne({ _id: id });
      if (other === null) continue;
      if (other.claim !== seen) [seen, since] = [other.claim, performance.now()];
      const owner = await this.documents.findOne({ _id: other.of });
      if (isThereWith(owner, value)) return false;
      // The claim of another try for the same document is of no use to anybody.
      if (owner !== null && other.of !== who.of && performance.now() - since < this.patienceMs) await delay(POLL_MS);
      else if (await this.#takeOver(other, owner, who)) return true;
    }
  }

  async #takeOver(other: Claim, owner: StoredDocument | null, who: Claimant): Promise<boolean> {
    if (owner !== null && owner.claim !== who.claim && !(await this.#isStopped(owner))) return false;
    const { matchedCount } = await this.claims.updateOne({ ...other }, { $set: who });
    return matchedCount === 1;
  }

  /** Makes what its owner was about to do fail. */
  async #isStopped({ _id, version, claim }: StoredDocument): Promise<boolean> {
    if (version > 0)
      return (await this.documents.updateOne({ _id, version }, { $inc: { version: 1 } })).matchedCount === 1;
    const waiting = claim === undefined ? { claim: { $exists: false } } : { claim };
    return (await this.documents.deleteOne({ _id, version, ...waiting })).deletedCount === 1;
  }

  /** Of a value it shows nothing. */
  #idOf([field, value]: UniqueValue): string {
    const text = JSON.stringify([this.documents.collectionName, field, value]);
    return createHash('sha256').update(text).digest('hex');
  }
}

const isThereWith = (stored: StoredDocument | null, [field, value]: UniqueValue): boolean =>
  stored !== null && stored.version > 0 && stored.doc?.[field] === value;

/** False when the id is taken, or a value of a unique index. */
export async function isInserted(inserting: Promise<unknown>): Promise<boolean> {
  try {
    await inserting;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
