import {
  type Batch,
  type Mark,
  type Query,
  ReadModelStore,
  type Row,
  type Standing,
  START,
  type ViewDefinition,
} from '../../event-store/index.js';
import { selected } from './memory-queries.js';

interface View {
  checkpoint: number;
  mark?: Mark;
  readonly rows: Map<string, Row>;
}

/** Views in memory, for tests. Rows are copied in and out, so nothing leaks between callers. */
export class MemoryReadModelStore extends ReadModelStore {
  readonly #views = new Map<string, View>();

  override async checkpoint(view: ViewDefinition): Promise<number> {
    return this.#view(view).checkpoint;
  }

  override async mark(view: ViewDefinition): Promise<Mark | undefined> {
    return this.#view(view).mark;
  }

  override async load(view: ViewDefinition, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const { rows } = this.#view(view);
    const found = ids.map((id) => rows.get(id)).filter((row) => row !== undefined);
    return new Map(found.map((row) => [row.id, structuredClone(row)]));
  }

  override async apply(view: ViewDefinition, batch: Batch): Promise<boolean> {
    const stored = this.#view(view);
    const { rows, checkpoint } = JSON.parse(JSON.stringify(batch)) as Batch;
    if (checkpoint) {
      if (stored.checkpoint !== checkpoint.from) return false;
      stored.checkpoint = checkpoint.to;
      if (checkpoint.mark) stored.mark = checkpoint.mark;
    }
    for (const row of rows) {
      const old = stored.rows.get(row.id);
      if (!old || row.position > old.position) stored.rows.set(row.id, row);
    }
    return true;
  }

  override async find(view: ViewDefinition, query: Query): Promise<readonly Row[]> {
    return structuredClone(selected(this.#view(view).rows.values(), query));
  }

  override async replace(live: ViewDefinition, rebuilt: ViewDefinition, at?: Standing): Promise<boolean> {
    const next = this.#view(rebuilt);
    if (at && (this.#view(live).checkpoint !== at.live || next.checkpoint !== at.rebuilt)) return false;
    this.#views.set(live.name, next);
    this.#views.delete(rebuilt.name);
    return true;
  }

  override async close(): Promise<void> {
    this.#views.clear();
  }

  #view({ name }: ViewDefinition): View {
    let view = this.#views.get(name);
    if (!view) {
      view = { checkpoint: START, rows: new Map() };
      this.#views.set(name, view);
    }
    return view;
  }
}
