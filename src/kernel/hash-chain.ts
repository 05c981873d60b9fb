// The hash chain of a stream: each event's hash covers the one before it, so an altered, inserted, removed or swapped
// event breaks every later hash. The input of the hash is the 32 bytes of the previous hash (zeros before the first
// event), then the RFC 8785 canonical JSON, in UTF-8, of {data, id, revision, stream, type}. Frozen vectors:
// hash-chain.spec.ts.
import { canonicalJson } from './canonical-json.js';
import { hashAfter } from './hash-after.js';
import { isJsonArray, type JsonObject, type JsonValue } from './json.js';

export interface ChainedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly id: string;
  readonly data: JsonObject;
}

/** The hash before a stream's first event: 32 zero bytes in hex. */
export const GENESIS = '0'.repeat(64);

/** Less than the 100 levels that MongoDB takes of a row with such a value (https://www.mongodb.com/docs/manual/reference/limits/#nested-depth-for-bson-documents). */
const MOST_LEVELS = 64;

/** Whether an event can hold this value: no lone surrogate, no infinite number (JSON can spell one: 1e999), at most 64 levels. */
export function isStorable(value: JsonValue | undefined, levels = MOST_LEVELS): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (isJsonArray(value)) return value.every((each) => isStorable(each, levels - 1));
  for (const key in value) if (!key.isWellFormed() || !isStorable(value[key], levels - 1)) return false;
  return true;
}

/** SHA-256 in hex of `previousHash` and the event. */
export function chainHash(previousHash: string, { data, id, revision, stream, type }: ChainedEvent): string {
  return hashAfter('sha256', previousHash, canonicalJson({ data, id, revision, stream, type }));
}
