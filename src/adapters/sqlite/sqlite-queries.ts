// The SQL of queries over documents in a column `doc`. A name reaches SQL text only after it matched the pattern here; values are always parameters.
import type { JsonValue } from '../../kernel/index.js';
import { checkField, DEFAULT_LIMIT, type StoredQuery } from '../stored-query.js';
import type { SqlValue, Statement } from './sqlite-thread.js';

interface Selection {
  readonly table: string;
  readonly columns: string;
}

/** A field of a document as SQL; `id` is the column. */
export function field(name: string): string {
  checkField(name);
  return name === 'id' ? 'id' : `json_extract(doc, '$.${name}')`;
}

export const sql = (text: string, ...params: SqlValue[]): Statement => ({ sql: text, params });

/**
 * The rows of a query: the result of the first statement, then of the next one as long as there is room, each with the
 * number of rows at most as its last parameter. They are apart because each alone can seek to where it continues.
 */
export function selectRows(
  { table, columns }: Selection,
  query: StoredQuery,
): { statements: Statement[]; limit: number } {
  const { orderBy, descending = false, limit = DEFAULT_LIMIT } = query;
  const direction = descending ? 'DESC' : 'ASC';
  const order = orderBy === undefined ? '' : `${field(orderBy)} ${direction}, `;
  const filters = conditionsOf(query);
  const statements = continuations(query).map((continuation) => {
    const conditions = [...filters, continuation];
    const where = conditions.map(({ text }) => text).join(' AND ');
    return sql(
      `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY ${order}id ${direction} LIMIT ?`,
      ...conditions.flatMap(({ params }) => params),
    );
  });
  return { statements, limit };
}

export interface Condition {
  readonly text: string;
  readonly params: readonly SqlValue[];
}

/** The conditions of a query. */
export const conditionsOf = (query: Pick<StoredQuery, 'where' | 'below'>): Condition[] => [
  ...equalities(query),
  ...bounds(query),
];

const equalities = ({ where = {} }: Pick<StoredQuery, 'where'>): Condition[] =>
  Object.entries(where).map(([name, value]) => ({ text: `${field(name)} = ?`, params: [toSql(value)] }));

/** SQLite sorts numbers before strings; the lower bound keeps a string from being compared with numbers. */
const bounds = ({ below = {} }: Pick<StoredQuery, 'below'>): Condition[] =>
  Object.entries(below).map(([name, value]) => {
    const range = typeof value === 'string' ? `${field(name)} < ? AND ${field(name)} >= ''` : `${field(name)} < ?`;
    return { text: range, params: [value] };
  });

/** Every row behind the row `after`, in the order of the query. A missing field sorts first, as null does in SQLite. */
function continuations({ after, orderBy, descending = false }: StoredQuery): Condition[] {
  if (after === undefined) return [{ text: 'TRUE', params: [] }];
  const beyond = descending ? '<' : '>';
  if (orderBy === undefined) return [{ text: `id ${beyond} ?`, params: [after.id] }];
  const key = field(orderBy);
  const value = toSql(after.doc[orderBy]);
  if (value === null) {
    const missing = { text: `${key} IS NULL AND id ${beyond} ?`, params: [after.id] };
    return descending ? [missing] : [missing, { text: `${key} IS NOT NULL`, params: [] }];
  }
  // The first comparison is implied by the second; alone it can use the index.
  const text = `${key} ${beyond}= ? AND (${key} ${beyond} ? OR id ${beyond} ?)`;
  const rest = { text, params: [value, value, after.id] };
  return descending ? [rest, { text: `${key} IS NULL`, params: [] }] : [rest];
}

/** A value as json_extract returns it. */
function toSql(value: JsonValue | undefined): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}
