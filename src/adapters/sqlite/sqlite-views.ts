// The SQL of views. A name reaches SQL text only after it matched the pattern here; values are always parameters.
import type { CheckpointStep, Query, Row, ViewDefinition } from '../../event-store/index.js';
import { field, selectRows, sql } from './sqlite-queries.js';
import type { Statement } from './sqlite-thread.js';

const VIEW_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The table of a view. Names have no underscore, so two views never share one. */
export function tableOf({ name }: ViewDefinition): string {
  if (!VIEW_NAME.test(name)) throw new RangeError(`"${name}" is not the name of a view, such as "balances-1"`);
  return `view_${name.replaceAll('-', '_')}`;
}

const indexName = (view: ViewDefinition, fields: readonly string[]): string =>
  `${tableOf(view)}_by_${fields.join('_')}`;

/** Creates the view's table, indexes and checkpoint if they don't exist. */
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
    // Files of earlier builds have none.
    sql('CREATE TABLE IF NOT EXISTS marks (view TEXT PRIMARY KEY, mark TEXT NOT NULL) STRICT, WITHOUT ROWID'),
  ];
}

/** The rebuilt table replaces the live one, and gets its indexes. Both views must exist. */
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
    sql('DELETE FROM marks WHERE view = ?', live.name),
    sql('UPDATE marks SET view = ? WHERE view = ?', live.name, rebuilt.name),
    // It is created again at once, as other processes rely on it.
    ...createView(rebuilt),
  ];
}

export function writeRows(view: ViewDefinition, rows: readonly Row[]): Statement[] {
  const text = `INSERT INTO ${tableOf(view)} AS stored (id, position, doc) VALUES (?, ?, ?) ON CONFLICT (id)
     DO UPDATE SET position = excluded.position, doc = excluded.doc WHERE excluded.position > stored.position`;
  return rows.map(({ id, position, doc }) => sql(text, id, position, JSON.stringify(doc)));
}

/** Refuses the whole unit when the checkpoint has moved. */
export const moveCheckpoint = (view: ViewDefinition, { from, to, mark }: CheckpointStep): Statement[] => [
  { ...sql('UPDATE checkpoints SET position = ? WHERE view = ? AND position = ?', to, view.name, from), changes: 1 },
  ...(mark ? [sql('INSERT OR REPLACE INTO marks (view, mark) VALUES (?, ?)', view.name, JSON.stringify(mark))] : []),
];

/** The same without moving it. */
export const standsAt = (view: ViewDefinition, position: number): Statement[] =>
  moveCheckpoint(view, { from: position, to: position });

/** The rows of a view that a query asks for; see `selectRows`. */
export const selectViewRows = (view: ViewDefinition, query: Query): ReturnType<typeof selectRows> =>
  selectRows({ table: tableOf(view), columns: 'id, position, doc' }, query);
