// Where the pages begin that go back from the newest event.
import type { EventStore } from '../../event-store/index.js';
import { type Accounts, accountStream, posted, revisionSince } from '../../ledger/index.js';
import type { EntryCursor } from './entry-cursor.js';

/** Events looked at for one page at most: a filter that finds nothing is not to read a long history in one go. */
export const MOST_SCANNED = 20_000;

/** At the newest event; where more than a page may look at are not before `to` (ISO 8601), at the last one that is. */
export async function newestBefore(
  { accounts, store }: { readonly accounts: Accounts; readonly store: EventStore },
  accountId: string,
  to: string | undefined,
): Promise<EntryCursor> {
  const { state, revision } = await accounts.stored(accountId);
  const next = to === undefined ? revision + 1 : await revisionSince(store, accountStream(accountId), to);
  if (revision - next < MOST_SCANNED) return { revision, balance: posted(state) };
  return { revision: next - 1, balance: await accounts.history.balanceBefore(accountId, next) };
}
