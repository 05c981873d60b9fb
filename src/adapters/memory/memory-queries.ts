// Queries over what is in memory, in the order of SQLite and MongoDB.
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { DEFAULT_LIMIT, type StoredQuery } from '../stored-query.js';

interface Kept {
  readonly id: string;
  readonly doc: JsonObject;
}

/** What a query selects, in its order. */
export function selected<T extends Kept>(all: Iterable<T>, query: StoredQuery): T[] {
  const { orderBy, descending = false, limit = DEFAULT_LIMIT, after } = query;
  const sign = descending ? -1 : 1;
  const key = ({ doc }: Kept): JsonValue | undefined => (orderBy === undefined ? undefined : doc[orderBy]);
  const order = (a: Kept, b: Kept): number => sign * (compare(key(a), key(b)) || compare(a.id, b.id));
  const found = [...all].filter((one) => matches(one, query) && (after === undefined || order(one, after) > 0));
  return found.toSorted(order).slice(0, limit);
}

export function matches({ id, doc }: Kept, { where = {}, below = {} }: Pick<StoredQuery, 'where' | 'below'>): boolean {
  const value = (field: string): JsonValue | undefined => (field === 'id' ? id : doc[field]);
  return (
    Object.entries(where).every(([field, wanted]) => value(field) === wanted) &&
    Object.entries(below).every(([field, bound]) => isBelow(value(field), bound))
  );
}

const isBelow = (value: JsonValue | undefined, bound: string | number): boolean =>
  typeof value === typeof bound && compare(value, bound) < 0;

/** What is missing sorts before numbers, and numbers before strings, by code point: the order of SQLite and MongoDB. */
function compare(a: JsonValue | undefined, b: JsonValue | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'string' || typeof b === 'string') return typeof a === 'string' ? 1 : -1;
  return rank(a) - rank(b);
}

function rank(value: JsonValue | undefined): number {
  if (value === undefined || value === null) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}
