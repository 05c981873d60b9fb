// Checks the read models against the ledger, and reports what only they have. After somebody restored an older copy of the ledger, they
// alone still know what was lost.
import {
  eventsOf,
  type EventStore,
  type LogFault,
  logFault,
  type ReadModelStore,
  rowsOf,
} from '../../event-store/index.js';
import { accountStream, type BalanceRow, balances, type ChargeRow, charges } from '../../ledger/index.js';
import { PROJECTIONS } from '../projections.js';

/** The balance of an account by its events. */
export interface Worth {
  readonly posted: string;
  readonly held: string;
  /** Holds that are open. */
  readonly holds: number;
  /** Position and revision of the last event that was read. */
  readonly position: number;
  readonly revision: number;
}

export interface Ledger {
  readonly store: EventStore;
  readonly accounts: ReadonlyMap<string, Worth>;
  /** Whether these are all accounts of the ledger. */
  readonly whole: boolean;
}

/** One sentence for each difference; about `limit` at most. */
export async function readModelFaults(ledger: Ledger, readModels: ReadModelStore, limit: number): Promise<string[]> {
  const logFaults = await Promise.all(PROJECTIONS.map(({ view }) => logFault(ledger.store, readModels, view)));
  const faults = logFaults.flatMap((fault) => (fault === undefined ? [] : [fault.sentence]));
  const isAhead = logFaults.some((fault) => fault?.kind === 'ahead');
  const fault = logFaults[PROJECTIONS.findIndex(({ view }) => view.name === balances.view.name)];
  if (canCompare(fault)) faults.push(...(await balanceFaults(ledger, readModels)));
  if (isAhead) {
    for await (const lost of lostCalls(ledger, readModels)) {
      if (faults.push(lost) >= limit) break;
    }
  }
  return faults;
}

/** With another store, positions do not tell which of two is newer. */
const canCompare = (fault: LogFault | undefined): boolean => fault === undefined || fault.kind === 'ahead';

/** A row that has seen the last event of its account must agree. An older row is only behind, and a newer one has seen later events. */
async function balanceFaults({ store, accounts }: Ledger, readModels: ReadModelStore): Promise<string[]> {
  const rows = await readModels.load(balances.view, [...accounts.keys()]);
  const faults: string[] = [];
  for (const [accountId, { posted, held, position, revision }] of accounts) {
    const row = rows.get(accountId);
    if (row === undefined || row.position < position) continue;
    const doc = row.doc as BalanceRow;
    if (doc.posted === posted && doc.held === held) continue;
    const since = await store.readStream(accountStream(accountId), revision + 1, 1);
    if (row.position > position && since.length > 0) continue;
    faults.push(
      `The read model has $${doc.posted} (held $${doc.held}) for account ${accountId}; its events come to $${posted} (held $${held}). Run "tokenhub replay".`,
    );
  }
  return faults;
}

/** Accounts and charges that are in the read models, but not in the ledger. */
async function* lostCalls(ledger: Ledger, readModels: ReadModelStore): AsyncGenerator<string> {
  for await (const { doc } of rowsOf<BalanceRow>(readModels, balances.view, {})) {
    const { accountId, posted } = doc;
    const known = ledger.accounts.has(accountId);
    if (!known && !ledger.whole) continue;
    if (!known) yield `Account ${accountId} ($${posted}) is in the read models, but has no event in the ledger.`;
    const charged = await chargesIn(ledger.store, accountId);
    const query = { where: { accountId }, orderBy: 'openedAt' };
    for await (const { doc: call } of rowsOf<ChargeRow>(readModels, charges.view, query)) {
      if (call.status !== 'charged' || charged.has(call.chargeId)) continue;
      yield `Call ${call.requestId} of account ${accountId} was charged $${call.cost} at ${call.closedAt}; the ledger does not have that charge.`;
    }
  }
}

async function chargesIn(store: EventStore, accountId: string): Promise<ReadonlySet<string>> {
  const charged = new Set<string>();
  for await (const { type, data } of eventsOf(store, accountStream(accountId))) {
    if (type === 'TokensCharged') charged.add(String(data['chargeId']));
  }
  return charged;
}
