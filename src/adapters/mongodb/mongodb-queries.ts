// A query in MongoDB's words. Field names are checked, and values are never names or operators.
// Fields that queries name hold strings, numbers or booleans: an array would match by any of its items. A comparison only
// meets values of its own type, and types sort as: missing, number, string, boolean.
import type { JsonValue } from '../../kernel/index.js';
import { checkField, DEFAULT_LIMIT, type StoredQuery } from '../stored-query.js';

export type Condition = Record<string, unknown>;

export interface Selection {
  readonly filter: Condition;
  readonly sort: Record<string, 1 | -1>;
  readonly limit: number;
}

/** The path of a field of `doc`, or of the id. @throws RangeError when no query may name it. */
export function pathOf(field: string): string {
  checkField(field);
  return field === 'id' ? '_id' : `doc.${field}`;
}

export function selectionOf(query: StoredQuery): Selection {
  const { where = {}, below = {}, orderBy, descending = false, limit = DEFAULT_LIMIT } = query;
  const direction = descending ? -1 : 1;
  const conditions = [
    ...Object.entries(where).map(([field, value]) => ({ [pathOf(field)]: { $eq: value } })),
    ...Object.entries(below).map(([field, value]) => ({ [pathOf(field)]: { $lt: value } })),
    ...continuation(query),
  ];
  return {
    filter: conditions.length > 0 ? { $and: conditions } : {},
    sort: { ...(orderBy !== undefined && { [pathOf(orderBy)]: direction }), _id: direction },
    limit,
  };
}

/** All values of a type, in the order of types. */
const TYPES = [{ $eq: null }, { $gte: -Infinity }, { $gte: '' }, { $gte: false }] as const;

/** Everything behind the row `after`, in the query's order; each alternative alone can use the index. */
function continuation({ after, orderBy, descending = false }: StoredQuery): Condition[] {
  if (after === undefined) return [];
  const beyond = descending ? '$lt' : '$gt';
  const behindId = { _id: { [beyond]: after.id } };
  if (orderBy === undefined) return [behindId];
  const path = pathOf(orderBy);
  const value = after.doc[orderBy] ?? null;
  const type = typeOf(value);
  const types = descending ? TYPES.slice(0, type) : TYPES.slice(type + 1);
  const behind = [...(value === null ? [] : [{ [beyond]: value }]), ...types];
  return [{ $or: [{ [path]: { $eq: value }, ...behindId }, ...behind.map((range) => ({ [path]: range }))] }];
}

function typeOf(value: JsonValue): number {
  if (value === null) return 0;
  const type = ['number', 'string', 'boolean'].indexOf(typeof value) + 1;
  if (type === 0) throw new RangeError('rows are not sorted by lists or objects');
  return type;
}
