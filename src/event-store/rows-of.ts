import type { JsonObject } from '../kernel/index.js';
import type { Query, ReadModelStore, Row, ViewDefinition } from './read-model-store.js';

const PAGE = 1_000;

/** All rows of a query, in its order, read in pages. */
export async function* rowsOf<Doc extends JsonObject>(
  readModels: ReadModelStore,
  view: ViewDefinition,
  query: Omit<Query, 'limit' | 'after'>,
): AsyncGenerator<Row<Doc>> {
  for await (const page of pagesOf(readModels, view, query)) yield* page as readonly Row<Doc>[];
}

/** The same, page by page; no page is empty. */
export async function* pagesOf(
  readModels: ReadModelStore,
  view: ViewDefinition,
  query: Omit<Query, 'limit' | 'after'> = {},
): AsyncGenerator<readonly Row[]> {
  for (let after: Row | undefined; ;) {
    const page = await readModels.find(view, { ...query, limit: PAGE, ...(after && { after }) });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}
