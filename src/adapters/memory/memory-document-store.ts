import {
  type Collection,
  type DocumentQuery,
  DocumentStore,
  type Filter,
  type Stored,
} from '../../platform/documents/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { matches, selected } from './memory-queries.js';

/** Documents in memory, for tests. They are copied in and out, so nothing leaks between callers. */
export class MemoryDocumentStore extends DocumentStore {
  readonly #collections = new Map<string, Map<string, Stored>>();

  override async get<Doc extends JsonObject>({ name }: Collection<Doc>, id: string): Promise<Stored<Doc> | undefined> {
    return structuredClone(this.#documents(name).get(id)) as Stored<Doc> | undefined;
  }

  override async find<Doc extends JsonObject>(
    { name }: Collection<Doc>,
    query: DocumentQuery,
  ): Promise<readonly Stored<Doc>[]> {
    return structuredClone(selected(this.#documents(name).values(), query)) as unknown as Stored<Doc>[];
  }

  override async insert<Doc extends JsonObject>(collection: Collection<Doc>, id: string, doc: Doc): Promise<boolean> {
    const documents = this.#documents(collection.name);
    if (documents.has(id) || this.#isTaken(collection, id, doc)) return false;
    documents.set(id, { id, version: 1, doc: copyOf(doc) });
    return true;
  }

  override async replace<Doc extends JsonObject>(
    collection: Collection<Doc>,
    { id, version }: Pick<Stored<Doc>, 'id' | 'version'>,
    doc: Doc,
  ): Promise<boolean> {
    const documents = this.#documents(collection.name);
    if (documents.get(id)?.version !== version || this.#isTaken(collection, id, doc)) return false;
    documents.set(id, { id, version: version + 1, doc: copyOf(doc) });
    return true;
  }

  override async remove<Doc extends JsonObject>({ name }: Collection<Doc>, filter: Filter): Promise<number> {
    const documents = this.#documents(name);
    const gone = [...documents.values()].filter((stored) => matches(stored, filter));
    for (const { id } of gone) documents.delete(id);
    return gone.length;
  }

  override async close(): Promise<void> {}

  #isTaken<Doc extends JsonObject>({ name, unique }: Collection<Doc>, id: string, doc: Doc): boolean {
    const others = [...this.#documents(name).values()].filter((stored) => stored.id !== id);
    return unique.some((field) => doc[field] !== undefined && others.some((other) => other.doc[field] === doc[field]));
  }

  #documents(name: string): Map<string, Stored> {
    const known = this.#collections.get(name) ?? new Map<string, Stored>();
    this.#collections.set(name, known);
    return known;
  }
}

const copyOf = (doc: JsonObject): JsonObject => JSON.parse(JSON.stringify(doc)) as JsonObject;
