import { pagesOf, type ReadModelStore, type ViewDefinition } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { balances, type BalanceRow } from '../../ledger/index.js';

/** The watched rows of a view of accounts, each with its account’s balance, as far as the read models have it. */
export async function* watchedBalances(
  readModels: ReadModelStore,
  view: ViewDefinition,
): AsyncGenerator<{ readonly row: JsonObject; readonly balance: BalanceRow | undefined }> {
  for await (const page of pagesOf(readModels, view, { where: { watched: true } })) {
    const found = await readModels.load(
      balances.view,
      page.map(({ id }) => id),
    );
    for (const { id, doc } of page) yield { row: doc, balance: found.get(id)?.doc as BalanceRow | undefined };
  }
}
