import {
  type Batch,
  type Mark,
  type Query,
  ReadModelStore,
  ReadModelsUnavailable,
  type Row,
  type Standing,
  START,
  type ViewDefinition,
} from '../../event-store/index.js';
import { prepareFile, type FileKind } from './sqlite-file.js';
import { orUnavailable } from './sqlite-outage.js';
import { closeFile, SqliteReader } from './sqlite-reader.js';
import { SqliteThread, type SqlValue, type Statement, UnitRefused } from './sqlite-thread.js';
import {
  createView,
  moveCheckpoint,
  replaceView,
  selectViewRows,
  standsAt,
  tableOf,
  writeRows,
} from './sqlite-views.js';

const READ_MODELS: FileKind = {
  what: 'read model file',
  applicationId: 0x746b726d, // "tkrm"
  version: 1,
  schema: 'CREATE TABLE checkpoints (view TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  remedy: 'stop the gateway and remove the file, with its -wal and -shm: it is made again from the ledger',
};

type ViewRow = [id: string, position: number, doc: string];

/** Views in one SQLite file, with a table for each. Several processes may open it. Writes are committed on another thread. */
export class SqliteReadModelStore extends ReadModelStore {
  /** The creation of each view's table, by name. Once it exists, it is never missing again. */
  readonly #views = new Map<string, { readonly indexes: string; readonly created: Promise<void> }>();

  private constructor(
    private readonly thread: SqliteThread,
    private readonly reader: SqliteReader,
  ) {
    super();
  }

  /** Opens the file, creating it and its folder when there is none. @throws Error when it is not a read model file of ours. */
  static async open(path: string): Promise<SqliteReadModelStore> {
    prepareFile(path, READ_MODELS);
    // Rows and checkpoint are lost together or not at all, and can be rebuilt, so no commit waits for the disk.
    const thread = await SqliteThread.open(path, { shared: true, synchronous: 'NORMAL' });
    return new SqliteReadModelStore(thread, new SqliteReader(path));
  }

  override async checkpoint(view: ViewDefinition): Promise<number> {
    const rows = await this.#read<[number]>('SELECT position FROM checkpoints WHERE view = ?', view.name);
    return rows[0]?.[0] ?? START;
  }

  override async mark(view: ViewDefinition): Promise<Mark | undefined> {
    await this.#ready(view);
    const [row] = await this.#read<[string]>('SELECT mark FROM marks WHERE view = ?', view.name);
    return row && markIn(row[0]);
  }

  override async load(view: ViewDefinition, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    await this.#ready(view);
    const rows = await this.#read<ViewRow>(
      `SELECT id, position, doc FROM ${tableOf(view)} WHERE id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    );
    return new Map(rows.map((row) => [row[0], toRow(row)]));
  }

  override async apply(view: ViewDefinition, { rows, checkpoint }: Batch): Promise<boolean> {
    await this.#ready(view);
    const guard = checkpoint ? moveCheckpoint(view, checkpoint) : [];
    return this.#runGuarded([...guard, ...writeRows(view, rows)]);
  }

  override async find(view: ViewDefinition, query: Query): Promise<readonly Row[]> {
    await this.#ready(view);
    const { statements, limit } = selectViewRows(view, query);
    const rows: Row[] = [];
    for (const { sql, params } of statements) {
      if (rows.length < limit)
        rows.push(...(await this.#read<ViewRow>(sql, ...params, limit - rows.length)).map(toRow));
    }
    return rows;
  }

  override async replace(live: ViewDefinition, rebuilt: ViewDefinition, at?: Standing): Promise<boolean> {
    await this.#ready(live);
    await this.#ready(rebuilt);
    const guards = at ? [...standsAt(live, at.live), ...standsAt(rebuilt, at.rebuilt)] : [];
    return this.#runGuarded([...guards, ...replaceView(live, rebuilt)]);
  }

  override async close(): Promise<void> {
    await closeFile(this.reader, this.thread);
  }

  #read<R extends readonly SqlValue[]>(text: string, ...params: readonly SqlValue[]): Promise<R[]> {
    return orUnavailable(ReadModelsUnavailable, READ_MODELS, () => this.reader.rows<R>(text, ...params));
  }

  async #run(statements: readonly Statement[]): Promise<void> {
    await orUnavailable(ReadModelsUnavailable, READ_MODELS, () => this.thread.run(statements));
  }

  /** False when a guard among the statements failed; then none of them has an effect. */
  async #runGuarded(statements: readonly Statement[]): Promise<boolean> {
    try {
      await this.#run(statements);
      return true;
    } catch (error) {
      if (error instanceof UnitRefused) return false;
      throw error;
    }
  }

  /** Resolves when the view's table exists with its indexes. */
  #ready(view: ViewDefinition): Promise<void> {
    const indexes = JSON.stringify(view.indexes);
    const known = this.#views.get(view.name);
    if (known?.indexes === indexes) return known.created;
    const created = this.#run(createView(view));
    this.#views.set(view.name, { indexes, created });
    created.catch(() => this.#views.delete(view.name));
    return created;
  }
}

/** None where somebody else wrote the text. */
function markIn(text: string): Mark | undefined {
  try {
    return JSON.parse(text) as Mark;
  } catch {
    return undefined;
  }
}

const toRow = ([id, position, doc]: ViewRow): Row => ({ id, position, doc: JSON.parse(doc) });
