// The sandbox's memory, organised in shelves: in this process and, if a document store is given, in documents that
// outlive it. The sandbox changes objects in place, so every object that was handed out is compared afterwards and
// written if it has changed.
import type { Collection, DocumentStore, Stored } from '../../src/platform/documents/index.js';
import type { JsonObject } from '../../src/kernel/index.js';

interface Kept extends JsonObject {
  readonly shelf: string;
  readonly key: string;
  /** In order of creation. */
  readonly n: number;
  readonly json: string;
}

const OBJECTS: Collection<Kept> = { name: 'sandbox-stripe-1', unique: [], indexes: ['n'] };
const PAGE = 500;

/** Like a `Map`, but it records that what it returns may be changed. */
export class Shelf<T> {
  readonly #entries: Map<string, T>;

  constructor(
    entries: Iterable<readonly [string, T]>,
    private readonly touched: (key: string) => void,
  ) {
    this.#entries = new Map(entries);
  }

  get(key: string): T | undefined {
    this.touched(key);
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: T): void {
    this.#entries.set(key, value);
    this.touched(key);
  }

  delete(key: string): void {
    this.#entries.delete(key);
    this.touched(key);
  }

  /** Oldest first. */
  entries(): [string, T][] {
    for (const key of this.#entries.keys()) this.touched(key);
    return [...this.#entries];
  }

  /** Serialises an entry without handing it out. */
  textOf(key: string): string | undefined {
    return JSON.stringify(this.#entries.get(key));
  }
}

export class Memory {
  readonly #shelves = new Map<string, Shelf<unknown>>();
  /** The stored documents, by shelf and key. */
  readonly #kept = new Map<string, Stored<Kept>>();
  readonly #touched = new Map<string, readonly [shelf: string, key: string]>();
  #last = 0;
  #writing: Promise<void> = Promise.resolve();
  #scheduled: NodeJS.Immediate | undefined;

  private constructor(private readonly documents: DocumentStore | undefined) {}

  /** Loads the stored documents; without a store, it starts empty. */
  static async open(documents?: DocumentStore): Promise<Memory> {
    const memory = new Memory(documents);
    for (let after: Stored<Kept> | undefined; documents !== undefined;) {
      const page = await documents.find(OBJECTS, { orderBy: 'n', limit: PAGE, ...(after && { after }) });
      for (const stored of page) memory.#kept.set(idOf(stored.doc.shelf, stored.doc.key), stored);
      after = page.at(-1);
      memory.#last = after?.doc.n ?? memory.#last;
      if (page.length < PAGE) break;
    }
    return memory;
  }

  /** The shelf with this name. URLs in stored entries are moved to the new address. */
  shelf<T>(name: string, [from, to]: readonly [from: string, to: string] = ['', '']): Shelf<T> {
    const known = this.#shelves.get(name) as Shelf<T> | undefined;
    if (known !== undefined) return known;
    const entries = [...this.#kept.values()]
      .filter(({ doc }) => doc.shelf === name)
      .map(({ doc: { key, json } }) => {
        const text = from === '' ? json : json.replaceAll(from, to);
        return [key, JSON.parse(text) as T] as const;
      });
    const shelf = new Shelf(entries, (key) => this.#touch(name, key));
    this.#shelves.set(name, shelf);
    return shelf;
  }

  /** Resolves when every change until now is durable. */
  settled(): Promise<void> {
    if (this.documents === undefined || this.#touched.size === 0) return this.#writing;
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    clearImmediate(this.#scheduled);
    await this.settled();
    await this.documents?.close();
  }

  #touch(shelf: string, key: string): void {
    if (this.documents === undefined) return;
    this.#touched.set(idOf(shelf, key), [shelf, key]);
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.settled().catch((error: unknown) => console.error('The sandbox Stripe can’t store its state:', error));
    });
  }

  async #write(): Promise<void> {
    const touched = [...this.#touched];
    this.#touched.clear();
    try {
      await Promise.all(touched.map(([id, [shelf, key]]) => this.#put(id, shelf, key)));
    } catch (error) {
      for (const [id, place] of touched) this.#touched.set(id, place); // try again next time
      throw error;
    }
  }

  async #put(id: string, shelf: string, key: string): Promise<void> {
    const { documents } = this;
    const [before, json] = [this.#kept.get(id), this.#shelves.get(shelf)?.textOf(key)];
    if (documents === undefined || before?.doc.json === json) return;
    if (json === undefined) {
      await documents.remove(OBJECTS, { where: { id } });
      this.#kept.delete(id);
      return;
    }
    const doc = { shelf, key, n: before?.doc.n ?? ++this.#last, json };
    const isWritten = await (before === undefined
      ? documents.insert(OBJECTS, id, doc)
      : documents.replace(OBJECTS, before, doc));
    if (!isWritten) throw new Error(`another process also writes ${id}`);
    this.#kept.set(id, { id, version: (before?.version ?? 0) + 1, doc });
  }
}

const idOf = (shelf: string, key: string): string => `${shelf}/${key}`;
