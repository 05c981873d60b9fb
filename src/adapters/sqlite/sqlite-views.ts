// The SQL of views. A name reaches SQL text only after it matched one of the patterns here; values are always parameters.
import type { JsonValue } from '../../kernel/index.js';
import type { Query, Row, ViewDefinition } from '../../event-store/read-model-store.js';
import type { SqlValue, Statement } from './sqlite-thread.js';

const VIEW_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const FIELD_NAME = /^[a-zA-Z][a-zA-Z0-9]*$/;
const DEFAULT_LIMIT = 100;

/** The table of a view. Names have no underscore, so two views never share one. */
export function tableOf({ name }: ViewDefinition): string {
  if (!VIEW_NAME.test(name)) throw new RangeError(`"${name}" is not the name of a view, such as "balances-1"`);
  return `view_${name.replaceAll('-', '_')}`;
}

function field(name: string): string {
  if (!FIELD_NAME.test(name)) throw new RangeError(`"${name}" is not the name of a field to query by`);
  return `json_extract(doc, '$.${name}')`;
}

const indexName = (view: ViewDefinition, fields: readonly string[]): string =>
  `${tableOf(view)}_by_${fields.join('_')}`;

/** Makes the view's table, indexes and checkpoint where they don't exist. */
export function createView(view: ViewDefinition): Statement[] {
  const table = tableOf(view);
  return [
    sql(
      `CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, position INTEGER NOT NULL, doc TEXT NOT NULL) STRICT`,
    ),
    // The id at the end lets an index also serve the order of pages.
    ...view.indexes.map((fields) =>
      sql(`CREATE INDEX IF NOT EXISTS ${indexName(view, fields)} ON ${table} (${fields.map(field).join(', ')}, id)`),
    ),
    sql('INSERT OR IGNORE INTO checkpoints (view, position) VALUES (?, -1)', view.name),
  ];
}

/** Both views exist before. The rebuilt table takes the place of the live one, with the indexes of the live view. */
export function replaceView(live: ViewDefinition, rebuilt: ViewDefinition): Statement[] {
  return [
    sql(`DROP TABLE ${tableOf(live)}`),
    ...rebuilt.indexes.map((fields) => sql(`DROP INDEX IF EXISTS ${indexName(rebuilt, fields)}`)),
    sql(`ALTER TABLE ${tableOf(rebuilt)} RENAME TO ${tableOf(live)}`),
    ...createView(live),
    sql(
      'UPDATE checkpoints SET position = (SELECT position FROM checkpoints WHERE view = ?) WHERE view = ?',
      rebuilt.name,
      live.name,
    ),
    sql('UPDATE checkpoints SET position = -1 WHERE view = ?', rebuilt.name),
    // It is there again at once, so that no process that knows it meets a missing table.
    ...createView(rebuilt),
  ];
}

export function writeRow(view: ViewDefinition, { id, position, doc }: Row): Statement {
  return sql(
    `INSERT INTO ${tableOf(view)} AS stored (id, position, doc) VALUES (?, ?, ?) ON CONFLICT (id)
     DO UPDATE SET position = excluded.position, doc = excluded.doc WHERE excluded.position > stored.position`,
    id,
    position,
    JSON.stringify(doc),
  );
}

export function moveCheckpoint(view: ViewDefinition, { from, to }: { from: number; to: number }): Statement {
  return {
    ...sql('UPDATE checkpoints SET position = ? WHERE view = ? AND position = ?', to, view.name, from),
    changes: 1,
  };
}

/** Refuses the whole unit when the checkpoint is elsewhere. */
export const standsAt = (view: ViewDefinition, position: number): Statement =>
  moveCheckpoint(view, { from: position, to: position });

/**
 * The rows of a query: the result of the first statement, then of the next one as long as there is room, each with the
 * number of rows at most as its last parameter. They are apart because each alone can seek to where it continues.
 */
export function selectRows(view: ViewDefinition, query: Query): { statements: Statement[]; limit: number } {
  const { orderBy, descending = false, limit = DEFAULT_LIMIT } = query;
  const direction = descending ? 'DESC' : 'ASC';
  const order = orderBy === undefined ? '' : `${field(orderBy)} ${direction}, `;
  const filters = [...equalities(query), ...bounds(query)];
  const statements = continuations(query).map((continuation) => {
    const conditions = [...filters, continuation];
    const where = conditions.map(({ text }) => text).join(' AND ');
    return sql(
      `SELECT id, position, doc FROM ${tableOf(view)} WHERE ${where} ORDER BY ${order}id ${direction} LIMIT ?`,
      ...conditions.flatMap(({ params }) => params),
    );
  });
  return { statements, limit };
}

interface Condition {
  readonly text: string;
  readonly params: readonly SqlValue[];
}

const equalities = ({ where = {} }: Query): Condition[] =>
  Object.entries(where).map(([name, value]) => ({ text: `${field(name)} = ?`, params: [toSql(value)] }));

/** SQLite sorts numbers before strings; the lower bound keeps a string from being compared with numbers. */
const bounds = ({ below = {} }: Query): Condition[] =>
  Object.entries(below).map(([name, value]) => {
    const range = typeof value === 'string' ? `${field(name)} < ? AND ${field(name)} >= ''` : `${field(name)} < ?`;
    return { text: range, params: [value] };
  });

/** Everything behind the row `after`, in the query's order. A missing field sorts first, as null does in SQLite. */
function continuations({ after, orderBy, descending = false }: Query): Condition[] {
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

const sql = (text: string, ...params: SqlValue[]): Statement => ({ sql: text, params });
