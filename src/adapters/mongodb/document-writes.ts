// The writes of one call. They may be repeated after an answer was lost.
import { randomUUID } from 'node:crypto';
import { DocumentsUnavailable } from '../../platform/documents/index.js';
import type { JsonObject } from '../../kernel/index.js';
import type { Condition } from './mongodb-queries.js';
import {
  type Documents,
  isInserted,
  type StoredDocument,
  THERE,
  type UniqueValue,
  type UniqueValues,
} from './unique-values.js';

interface Write {
  readonly id: string;
  readonly doc: JsonObject;
  readonly values: readonly UniqueValue[];
}

/** Shared by all tries of one call. */
export interface Call {
  /** Marks everything that the call writes. */
  readonly by: string;
  hasRemoved: boolean;
}

const ATTEMPTS = 20;

export class DocumentWrites {
  constructor(
    private readonly documents: Documents,
    private readonly unique: UniqueValues,
    private readonly call: Call,
  ) {}

  /** @param isAgain whether this call may have done it already */
  async insert(write: Write, isAgain: boolean): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const claim = randomUUID();
      const first = write.values.length > 0 ? { version: 0, claim } : { version: 1, doc: write.doc };
      if (!(await isInserted(this.documents.insertOne({ _id: write.id, by: this.call.by, ...first })))) {
        const there = await this.#isThere(write.id, isAgain);
        if (there !== undefined) return there === 'ours';
      } else if (write.values.length === 0) return true;
      else {
        const outcome = await this.#fill(write, claim);
        if (outcome !== undefined) return outcome;
      }
    }
    throw new DocumentsUnavailable(`document ${write.id} is given up as fast as it is inserted`);
  }

  async replace(
    { id, version, doc, values }: Write & { readonly version: number },
    isAgain: boolean,
  ): Promise<boolean> {
    const put = async (): Promise<boolean> => {
      const replaced = this.documents.replaceOne({ _id: id, version }, { version: version + 1, doc, by: this.call.by });
      let isThere = false;
      return (await isInserted(replaced.then(({ matchedCount }) => (isThere = matchedCount === 1)))) && isThere;
    };
    const before = values.length > 0 || isAgain ? await this.documents.findOne({ _id: id }) : undefined;
    if (isAgain && before?.by === this.call.by) return true;
    if (isAgain && (before?.version ?? 0) > version + 1) throw unknown(id);
    const changed = values.filter(([field, value]) => before?.doc?.[field] !== value);
    return changed.length === 0 ? put() : this.unique.holding(changed, { of: id, claim: randomUUID() }, put);
  }

  /** Removes in two steps; the first leaves only the mark of the call. */
  async remove(id: string, filter: Condition, isAgain: boolean): Promise<boolean> {
    const taken = { version: 0, by: this.call.by };
    const take = async (): Promise<boolean> => {
      const change = { $set: taken, $unset: { doc: 1 as const } };
      const { matchedCount } = await this.documents.updateOne({ ...filter, _id: id, ...THERE }, change);
      return matchedCount === 1 || (isAgain && (await this.documents.findOne({ _id: id, ...taken })) !== null);
    };
    this.call.hasRemoved ||= await take();
    if (this.call.hasRemoved) await this.documents.deleteOne({ _id: id, ...taken });
    return this.call.hasRemoved;
  }

  /** Fills an empty document. Undefined when it is gone, because another call took its value over or dropped the collection. */
  async #fill({ id, doc, values }: Write, claim: string): Promise<boolean | undefined> {
    const waiting = { _id: id, version: 0, claim };
    let isThere = false;
    const fill = async (): Promise<boolean> => {
      const change = { $set: { version: 1, doc }, $unset: { claim: 1 as const } };
      const filled = this.documents.updateOne(waiting, change);
      return isInserted(filled.then(({ matchedCount }) => (isThere = matchedCount === 1)));
    };
    const isFree = await this.unique.holding(values, { of: id, claim }, fill);
    if (isFree) return isThere ? true : undefined;
    await this.documents.deleteOne(waiting);
    return false;
  }

  /** Whose document is there; undefined when there is none any more. One that someone left behind empty is taken away. */
  async #isThere(id: string, isAgain: boolean): Promise<'ours' | 'taken' | undefined> {
    const found: StoredDocument | null = await this.documents.findOne({ _id: id });
    if (found === null) return undefined;
    if (found.version > 0 && found.by === this.call.by) return 'ours';
    if (found.version > 1 && isAgain) throw unknown(id);
    if (found.version > 0) return 'taken';
    const { claim } = found;
    await this.documents.deleteOne({ _id: id, version: 0, ...(claim !== undefined && { claim }) });
    return undefined;
  }
}

/** Later changes by others hide what this call did. */
const unknown = (id: string): DocumentsUnavailable =>
  new DocumentsUnavailable(`whether document ${id} was written is unknown: others have written it since`);
