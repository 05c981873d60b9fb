// Which accounts a run concerns, and how far it is with them.
import { type ReadModelStore, rowsOf, type WaitFor } from '../event-store/index.js';
import { type BalanceRow, balances } from '../ledger/index.js';
import type { OnRead, ReratingScope } from './account-plan.js';

interface AccountToDo {
  readonly accountId: string;
  readonly onRead: OnRead;
  readonly onDone: () => void;
}

interface Views {
  readonly readModels: ReadModelStore;
  readonly waitFor: WaitFor;
}

/** Is told charges that are done, and all of the accounts concerned: those outside the period count as done with the others of their account. */
export type OnProgress = (done: number, total: number) => void;

/** The accounts that were ever charged, or the one that a run names. @throws ViewBehind */
export async function* accountsToDo(
  { readModels, waitFor }: Views,
  { accountId }: ReratingScope,
  progress?: OnProgress,
): AsyncGenerator<AccountToDo> {
  const all = new Map<string, number>();
  if (accountId === undefined) {
    await waitFor.head(balances.view);
    for await (const { id, doc } of rowsOf<BalanceRow>(readModels, balances.view, {})) {
      if (doc.charges > 0) all.set(id, doc.charges);
    }
  } else {
    const row = (await readModels.load(balances.view, [accountId])).get(accountId)?.doc as BalanceRow | undefined;
    all.set(accountId, row?.charges ?? 1);
  }
  const total = [...all.values()].reduce((sum, charges) => sum + charges, 0);
  let done = 0;
  for (const [id, charges] of all) {
    const onRead: OnRead = (read) => progress?.(done + Math.min(read, charges), total);
    const onDone = (): void => progress?.((done += charges), total);
    yield { accountId: id, onRead, onDone };
  }
}
