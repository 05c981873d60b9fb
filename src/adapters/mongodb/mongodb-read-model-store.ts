import {
  type Batch,
  type LoadOptions,
  type Mark,
  type Query,
  ReadModelStore,
  type Row,
  type Standing,
  START,
  type ViewDefinition,
} from '../../event-store/index.js';
import { Circuit, type CircuitSettings } from './circuit.js';
import { type Claim, MongoCatalogue } from './mongodb-catalogue.js';
import { MongoConnection, type MongoOptions } from './mongodb-connection.js';
import { MongoRows } from './mongodb-rows.js';

export interface MongoReadModelOptions extends MongoOptions, Pick<CircuitSettings, 'onChange' | 'onLate'> {
  /** How long a projector that stopped in the middle of a batch keeps others from going on. */
  readonly claimMs?: number;
}

const ATTEMPTS = 20;

/**
 * Views in MongoDB, a collection for each, for any number of processes. Works on a standalone server: nothing needs a transaction.
 *
 * A batch with a checkpoint takes three steps: claim the checkpoint where it stands at `from`, write the rows, move the checkpoint
 * and give the claim back; without rows it is one. So of projectors that race, one writes and the others wait, see it moved, and write nothing.
 *
 * - A crash after the rows leaves rows that are ahead of the checkpoint. That is harmless: they are what the events up to their
 *   position make them, whoever made them, and what is delivered again is not above that position. The claim ends after `claimMs`.
 * - A projector that was held up for longer than `claimMs` finds its claim taken over: `apply` says false, though rows of its
 *   batch may have been written. They are right for the same reason, and guarded: they never replace a newer row.
 * - A reader may see some rows of a batch before others, and rows ahead of the checkpoint. It never sees fewer events than that.
 *
 * Another process may put a rebuilt view in the place of the one we read, and drop that. So where the rows are is read again after
 * each read, and after a write that no checkpoint guards; when it has changed, the work is done again on the new rows.
 */
export class MongoReadModelStore extends ReadModelStore {
  readonly #catalogue: MongoCatalogue;
  readonly circuit: Circuit;
  /** The rows of each view by its name: settled once they are there with their indexes. */
  readonly #views = new Map<string, { readonly indexes: string; readonly rows: Promise<MongoRows> }>();

  constructor(
    private readonly mongo: MongoConnection,
    { claimMs = 5_000, onChange, onLate }: Omit<MongoReadModelOptions, keyof MongoOptions>,
  ) {
    super();
    this.#catalogue = new MongoCatalogue(mongo, claimMs);
    this.circuit = new Circuit({
      probe: () => this.#catalogue.entries(),
      signal: mongo.closing,
      ...(onChange && { onChange }),
      ...(onLate && { onLate }),
    });
  }

  /** A store with a connection of its own. It need not be up: calls are refused until it is. @throws Error when `url` is none. */
  static open(url: string, options: MongoReadModelOptions = {}): MongoReadModelStore {
    return new MongoReadModelStore(new MongoConnection(url, options), options);
  }

  /**
   * The migration step: makes what is missing of the collections and indexes, and drops what a crash left behind. Views also come by
   * themselves. Returns what it made, as `collection.index`. @throws IndexConflict
   */
  async ensureViews(views: readonly ViewDefinition[]): Promise<string[]> {
    const made: string[] = [];
    for (const view of views) {
      const { rowsIn } = await this.#catalogue.ensure(view);
      made.push(...(await new MongoRows(this.mongo, view, rowsIn).prepare()));
    }
    await this.#catalogue.sweep();
    return made;
  }

  override async checkpoint(view: ViewDefinition): Promise<number> {
    return (await this.#catalogue.entry(view))?.position ?? START;
  }

  override async mark(view: ViewDefinition): Promise<Mark | undefined> {
    return (await this.#catalogue.entry(view))?.mark ?? undefined;
  }

  override load(view: ViewDefinition, ids: readonly string[], { withinMs }: LoadOptions = {}) {
    const load = () => this.#onLiveRows(view, (rows) => rows.load(ids));
    return withinMs === undefined ? load() : this.circuit.run(load, withinMs);
  }

  override find(view: ViewDefinition, query: Query): Promise<readonly Row[]> {
    return this.#onLiveRows(view, (rows) => rows.find(query));
  }

  override async apply(view: ViewDefinition, { rows, checkpoint }: Batch): Promise<boolean> {
    if (checkpoint === undefined) {
      if (rows.length > 0) await this.#onLiveRows(view, (stored) => stored.write(rows));
      return true;
    }
    await (await this.#rows(view)).ready(); // indexes are not built under a claim
    if (rows.length === 0 && (await this.#catalogue.step(view, checkpoint))) return true;
    const claim = await this.#catalogue.claim(view, checkpoint);
    if (claim === undefined) return false;
    try {
      if (rows.length > 0) await (await this.#rowsIn(view, claim)).write(rows);
      const hasMoved = await this.#catalogue.move(view, claim, checkpoint.to);
      if (!hasMoved) this.#views.delete(view.name); // another view may be in its place
      return hasMoved;
    } catch (error) {
      await this.#catalogue.release(view, claim.token).catch(() => undefined);
      throw error;
    }
  }

  override async replace(live: ViewDefinition, rebuilt: ViewDefinition, at?: Standing): Promise<boolean> {
    await this.#rows(live);
    const { collection } = await this.#rows(rebuilt);
    // While it is still out of sight, so that the queries of the live view never go without.
    await new MongoRows(this.mongo, live, collection).prepare();
    if (!(await this.#catalogue.replace(live, rebuilt, at))) return false;
    for (const { name } of [live, rebuilt]) this.#views.delete(name);
    await this.#catalogue.sweep().catch(() => undefined); // what is left, the next one finds
    return true;
  }

  override close(): Promise<void> {
    return this.mongo.close();
  }

  async #onLiveRows<T>(view: ViewDefinition, work: (rows: MongoRows) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const rows = await this.#rows(view);
      await rows.ready();
      const [outcome] = await Promise.allSettled([work(rows)]);
      if ((await this.#catalogue.entry(view))?.rowsIn === rows.collection) {
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      }
      this.#views.delete(view.name);
      await rows.forget();
    }
    throw new Error(`${view.name} is replaced as fast as it is read`);
  }

  /** The rows that a claim is about. When they are replaced after it, it can't move the checkpoint any more. */
  async #rowsIn(view: ViewDefinition, { rowsIn }: Claim): Promise<MongoRows> {
    const known = await this.#rows(view);
    if (known.collection === rowsIn) return known;
    this.#views.delete(view.name);
    await known.forget();
    return this.#rows(view);
  }

  #rows(view: ViewDefinition): Promise<MongoRows> {
    const indexes = JSON.stringify(view.indexes);
    const known = this.#views.get(view.name);
    if (known?.indexes === indexes) return known.rows;
    const rows = this.#prepare(view);
    this.#views.set(view.name, { indexes, rows });
    rows.catch(() => {
      if (this.#views.get(view.name)?.rows === rows) this.#views.delete(view.name);
    });
    return rows;
  }

  async #prepare(view: ViewDefinition): Promise<MongoRows> {
    const { rowsIn } = await this.#catalogue.ensure(view);
    const rows = new MongoRows(this.mongo, view, rowsIn);
    await rows.ready();
    return rows;
  }
}
