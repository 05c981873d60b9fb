import { type ReadModelStore, rowsOf } from '../../event-store/index.js';
import { usageByDay, type UsageRow } from '../../ledger/index.js';

/** The usage of an account from a day on, the newest day first; up to the day before `to` where it is given. */
export async function* usageRowsOf(
  readModels: ReadModelStore,
  accountId: string,
  from: string,
  to?: string,
): AsyncGenerator<UsageRow> {
  const below = to === undefined ? {} : { below: { day: to } };
  const query = { where: { accountId }, ...below, orderBy: 'day', descending: true };
  for await (const { doc } of rowsOf<UsageRow>(readModels, usageByDay.view, query)) {
    if (doc.day < from) return;
    yield doc;
  }
}
