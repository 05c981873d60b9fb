import {
  type AnyCollection,
  type Collection,
  type DocumentQuery,
  DocumentStore,
  DocumentsUnavailable,
  type Filter,
  type Stored,
} from '../../platform/documents/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { SQLITE } from './result-codes.js';
import { type FileKind, prepareFile, RESTORE } from './sqlite-file.js';
import { conditionsOf, field, selectRows, sql } from './sqlite-queries.js';
import { orUnavailable } from './sqlite-outage.js';
import { closeFile, SqliteReader } from './sqlite-reader.js';
import { SqliteFailure, SqliteThread, type SqlValue, type Statement, UnitRefused } from './sqlite-thread.js';

const PEOPLE: FileKind = {
  what: 'file of people',
  applicationId: 0x746b7065, // "tkpe"
  version: 1,
  schema: '',
  remedy: RESTORE,
};

/** The file of the sandbox Stripe. */
export const SANDBOX_STRIPE: FileKind = {
  what: 'file of the sandbox Stripe',
  applicationId: 0x746b7373, // "tkss"
  version: 1,
  schema: '',
  remedy: 'remove it, with its -wal and -shm, and the sandbox begins anew',
};

const TAKEN = new Set<number | null>([SQLITE.CONSTRAINT_PRIMARYKEY, SQLITE.CONSTRAINT_UNIQUE]);
const COLLECTION_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const COLUMNS = 'id, version, doc';
/** How many documents are removed in one transaction. */
const REMOVED_AT_ONCE = 500;

type DocumentRow = [id: string, version: number, doc: string];

/** Documents in one SQLite file, with a table for each collection. Several processes may open it. Removed documents are overwritten in the file. */
export class SqliteDocumentStore extends DocumentStore {
  /** The creation of each collection's table, by name. */
  readonly #tables = new Map<string, Promise<string>>();

  private constructor(
    private readonly thread: SqliteThread,
    private readonly reader: SqliteReader,
    private readonly kind: FileKind,
  ) {
    super();
  }

  /** Opens the file, creating it and its folder when there is none. @throws Error when it is not a file of this kind of ours. */
  static async open(path: string, kind: FileKind = PEOPLE): Promise<SqliteDocumentStore> {
    prepareFile(path, kind);
    const thread = await SqliteThread.open(path, { shared: true, synchronous: 'FULL', secureDelete: true });
    return new SqliteDocumentStore(thread, new SqliteReader(path), kind);
  }

  override async get<Doc extends JsonObject>(
    collection: Collection<Doc>,
    id: string,
  ): Promise<Stored<Doc> | undefined> {
    const [found] = await this.find(collection, { where: { id }, limit: 1 });
    return found;
  }

  override async find<Doc extends JsonObject>(
    collection: Collection<Doc>,
    query: DocumentQuery,
  ): Promise<readonly Stored<Doc>[]> {
    const table = await this.#table(collection);
    const { statements, limit } = selectRows({ table, columns: COLUMNS }, query);
    const rows: DocumentRow[] = [];
    for (const { sql: text, params } of statements) {
      if (rows.length < limit) rows.push(...(await this.#read<DocumentRow>(text, ...params, limit - rows.length)));
    }
    return rows.map(([id, version, doc]) => ({ id, version, doc: JSON.parse(doc) as Doc }));
  }

  override async insert<Doc extends JsonObject>(collection: Collection<Doc>, id: string, doc: Doc): Promise<boolean> {
    const table = await this.#table(collection);
    return this.#succeeds(sql(`INSERT INTO ${table} (id, version, doc) VALUES (?, 1, ?)`, id, JSON.stringify(doc)));
  }

  override async replace<Doc extends JsonObject>(
    collection: Collection<Doc>,
    { id, version }: Pick<Stored<Doc>, 'id' | 'version'>,
    doc: Doc,
  ): Promise<boolean> {
    const table = await this.#table(collection);
    const text = `UPDATE ${table} SET version = version + 1, doc = ? WHERE id = ? AND version = ?`;
    return this.#succeeds({ ...sql(text, JSON.stringify(doc), id, version), changes: 1 });
  }

  override async remove<Doc extends JsonObject>(collection: Collection<Doc>, filter: Filter): Promise<number> {
    const table = await this.#table(collection);
    const conditions = conditionsOf(filter);
    const where = conditions.map(({ text }) => text).join(' AND ') || 'TRUE';
    const params = conditions.flatMap((condition) => condition.params);
    let removed = 0;
    for (;;) {
      const rows = await this.#read<[string]>(
        `SELECT id FROM ${table} WHERE ${where} LIMIT ?`,
        ...params,
        REMOVED_AT_ONCE,
      );
      if (rows.length === 0) return removed;
      // One by one, if the document is still there and matches: of two calls that remove the same one, only one must count it.
      const gone = await Promise.all(
        rows.map(([id]) =>
          this.#succeeds({ ...sql(`DELETE FROM ${table} WHERE id = ? AND ${where}`, id, ...params), changes: 1 }),
        ),
      );
      removed += gone.filter(Boolean).length;
    }
  }

  override async close(): Promise<void> {
    await closeFile(this.reader, this.thread);
  }

  #read<R extends readonly SqlValue[]>(text: string, ...params: readonly SqlValue[]): Promise<R[]> {
    return orUnavailable(DocumentsUnavailable, this.kind, () => this.reader.rows<R>(text, ...params));
  }

  /** False when it conflicts with a stored document; then nothing is written. */
  async #succeeds(statement: Statement): Promise<boolean> {
    try {
      await orUnavailable(DocumentsUnavailable, this.kind, () => this.thread.run([statement]));
      return true;
    } catch (error) {
      if (error instanceof UnitRefused || (error instanceof SqliteFailure && TAKEN.has(error.errcode))) return false;
      throw error;
    }
  }

  /** The name of the collection's table, once it exists with its indexes. */
  #table({ name, unique, indexes }: AnyCollection): Promise<string> {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    if (!COLLECTION_NAME.test(name))
      throw new RangeError(`"${name}" is not the name of a collection, such as "users-1"`);
    const table = `documents_${name.replaceAll('-', '_')}`;
    const created = orUnavailable(DocumentsUnavailable, this.kind, () =>
      this.thread.run([
        sql(
          `CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) STRICT`,
        ),
        ...unique.map((of) => sql(`CREATE UNIQUE INDEX IF NOT EXISTS ${table}_${of} ON ${table} (${field(of)})`)),
        ...indexes.map((of) => sql(`CREATE INDEX IF NOT EXISTS ${table}_by_${of} ON ${table} (${field(of)}, id)`)),
      ]),
    ).then(() => table);
    this.#tables.set(name, created);
    created.catch(() => this.#tables.delete(name));
    return created;
  }
}
