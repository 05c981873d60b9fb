// Unique values that do not depend on a unique index, as somebody may drop that, or the whole database, while gateways write.
//
// A call that gives a document a unique value first claims the value: it inserts a document whose `_id` is made from the value, as no
// collection is ever without the index of `_id` (https://www.mongodb.com/docs/manual/core/document/#the-_id-field). With the claim, it checks that
// no other document has the value, writes, and releases the claim. So any number of gateways take turns.
//
// A crash may leave a claim behind, which looks like that of a slow owner. So a call that takes a claim over first makes sure that the owner
// can't write any more. A document to be inserted exists without content before its claim: it is removed. A document to be replaced gets
// another version. An owner whose write no longer finds its document begins again.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type mongoose from 'mongoose';
import type { JsonObject } from '../../kernel/index.js';
import { pathOf } from './mongodb-queries.js';
import { isDuplicateKey } from './mongodb-schema.js';

export interface StoredDocument {
  readonly _id: string;
  /** 0 before it is inserted and after it is removed; it has no content then. */
  readonly version: number;
  readonly doc?: JsonObject;
  /** The call that wrote it. */
  readonly by?: string;
  /** Before it is inserted: the claim of the call that inserts it. */
  readonly claim?: string;
}

export interface Claim {
  readonly _id: string;
  /** The document that will get the value. */
  readonly of: string;
  /** New for each try. */
  readonly claim: string;
}

export type Documents = mongoose.mongo.Collection<StoredDocument>;
export type Claims = mongoose.mongo.Collection<Claim>;
export type UniqueValue = readonly [field: string, value: unknown];
/** A document that will get values, and the try that gives them. */
export type Claimant = Pick<Claim, 'of' | 'claim'>;

/** The stored documents. */
export const THERE = { version: { $gt: 0 } } as const;

const POLL_MS = 20;

export class UniqueValues {
  /** @param patienceMs how long a claim is respected, by our own clock from when we saw it; whenever that ends, values stay unique */
  constructor(
    private readonly documents: Documents,
    private readonly claims: Claims,
    private readonly patienceMs: number,
  ) {}

  /** Runs `write` while no other call can give one of the values to a document; false when another document has one. */
  async holding(values: readonly UniqueValue[], who: Claimant, write: () => Promise<boolean>): Promise<boolean> {
    const held: string[] = [];
    try {
      // Always in the same order, so two calls for the same values never wait for each other.
      for (const value of values.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        held.push(this.#idOf(value));
        if (!(await this.#claim(value, who)) || (await this.#isTaken(value, who.of))) return false;
      }
      return await write();
    } finally {
      await this.#release(held, who);
    }
  }

  /** A claim that can't be released now is taken over by the next call that wants the value. */
  async #release(ids: readonly string[], { claim }: Claimant): Promise<void> {
    if (ids.length > 0) await this.claims.deleteMany({ _id: { $in: [...ids] }, claim }).catch(() => undefined);
  }

  async #isTaken([field, value]: UniqueValue, of: string): Promise<boolean> {
    const other = { [pathOf(field)]: { $eq: value }, _id: { $ne: of }, ...THERE };
    return (await this.documents.findOne(other, { projection: { _id: 1 } })) !== null;
  }

  /** False when another document is about to get the value. */
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
      // A claim of an earlier try for the same document is obsolete.
      if (owner !== null && other.of !== who.of && performance.now() - since < this.patienceMs) await delay(POLL_MS);
      else if (await this.#takeOver(other, owner, who)) return true;
    }
  }

  async #takeOver(other: Claim, owner: StoredDocument | null, who: Claimant): Promise<boolean> {
    if (owner !== null && owner.claim !== who.claim && !(await this.#isStopped(owner))) return false;
    const { matchedCount } = await this.claims.updateOne({ ...other }, { $set: who });
    return matchedCount === 1;
  }

  /** Makes the write of the claim's owner fail. */
  async #isStopped({ _id, version, claim }: StoredDocument): Promise<boolean> {
    if (version > 0)
      return (await this.documents.updateOne({ _id, version }, { $inc: { version: 1 } })).matchedCount === 1;
    const waiting = claim === undefined ? { claim: { $exists: false } } : { claim };
    return (await this.documents.deleteOne({ _id, version, ...waiting })).deletedCount === 1;
  }

  /** A hash, which does not reveal the value. */
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
