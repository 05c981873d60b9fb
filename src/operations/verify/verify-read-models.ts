// Checks the read models against the ledger, and reports what only they have. After somebody restored an older copy of the ledger, they
// alone still know what was lost.
import {
  Comparison,
  eventsOf,
  type EventStore,
  logFault,
  type ReadModelStore,
  type RecordedEvent,
  type Row,
  rowsOf,
  START,
  type ViewComparison,
  type ViewDefinition,
} from '../../event-store/index.js';
import {
  accountSnapshots,
  accountStream,
  type BalanceRow,
  balances,
  type ChargeRow,
  charges,
} from '../../ledger/index.js';
import { AuthenticatedReadModelStore, EventMacs, logTreeView, sealSnapshots } from '../../seals/index.js';
import { PROJECTIONS } from '../projections.js';
import { differenceText } from '../replay/difference-text.js';
import { Faults } from './faults.js';

/** So many differences of one read model are named. */
const NAMED = 20;

/** What is verified. */
export interface Stores {
  readonly store: EventStore;
  readonly readModels: ReadModelStore;
  /** Ids of keys that are lost: snapshots by them are used no more, and are no forgeries. */
  readonly lostKeys: ReadonlySet<string>;
}

export interface ReadModelFindings {
  /** Read models whose rows were all compared. */
  readonly compared: number;
  /** Read models that have seen no event yet, by name. */
  readonly empty: readonly string[];
  readonly faults: Faults;
}

/** Compares every row of every read model with what the events make of it. */
export class ReadModelCheck {
  private constructor(
    private readonly stores: Stores,
    private readonly comparison: Comparison | undefined,
  ) {}

  /** @param withRows whether rows are compared; otherwise only what the read models have seen */
  static async begin(stores: Stores, withRows: boolean): Promise<ReadModelCheck> {
    return new ReadModelCheck(stores, withRows ? await Comparison.begin(stores, PROJECTIONS) : undefined);
  }

  /** Takes the next events of the log, from the first on. */
  async take(events: readonly RecordedEvent[]): Promise<void> {
    await this.comparison?.take(events);
  }

  /** @param isKnown whether the ledger has an event of an account; undefined when not all of it was read */
  async finish(
    isKnown: ((accountId: string) => boolean) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ReadModelFindings> {
    const faults = new Faults(PROJECTIONS.length * (NAMED + 1));
    const { store, readModels } = this.stores;
    const logFaults = await Promise.all(PROJECTIONS.map(({ view }) => logFault(store, readModels, view)));
    const known = new Set(logFaults.flatMap((fault) => (fault === undefined ? [] : [fault.sentence])));
    faults.push(...known);
    const results = await this.#compareRows(faults, known, signal);
    for await (const forged of forgedSnapshots(this.stores)) faults.push(forged);
    const empty = results.filter(({ position }) => position === START).map(({ view }) => view);
    const compared = results.filter(({ isWhole }) => isWhole).length - empty.length;
    if (logFaults.some((fault) => fault?.kind === 'ahead')) {
      for await (const lost of lostCalls(this.stores, isKnown)) {
        faults.push(lost);
        if (faults.isFull) break;
      }
    }
    return { compared, empty, faults };
  }

  async #compareRows(
    faults: Faults,
    known: ReadonlySet<string>,
    signal: AbortSignal | undefined,
  ): Promise<ViewComparison[]> {
    if (this.comparison === undefined) return [];
    const named = new Map<string, number>();
    const results = await this.comparison.finish({
      signal,
      onDifference: (difference) => {
        const count = (named.get(difference.view) ?? 0) + 1;
        named.set(difference.view, count);
        if (count <= NAMED) faults.push(differenceText(difference));
      },
    });
    for (const { view, differences, failure } of results) {
      if (differences > NAMED)
        faults.push(`${view}: ${differences} differences. "tokenhub replay --diff ${view}" names each.`);
      if (failure !== undefined && !known.has(failure)) faults.push(failure);
    }
    return results;
  }
}

/** Compares the balance of one account with its events. A row that is behind agrees, and so does one that has seen later events. */
export class BalanceCheck {
  #row: Row | undefined;

  constructor(private readonly stores: Omit<Stores, 'store'>) {}

  /** Takes the next event of the account. */
  take(event: RecordedEvent): void {
    const id = balances.rowId(event);
    if (id === undefined) return;
    const doc = balances.step(this.#row?.doc as BalanceRow | undefined, event);
    this.#row = { id, position: event.position, doc };
  }

  async faults(): Promise<string[]> {
    if (this.#row === undefined) return [];
    const { id, position, doc } = this.#row;
    const forged = await forgedSnapshot(this.stores, accountStream(id));
    return [...forged, ...(await this.#differences({ id, position, doc }))];
  }

  async #differences({ id, position, doc }: Row): Promise<string[]> {
    const live = (await this.stores.readModels.load(balances.view, [id])).get(id);
    if (live?.position !== position) return [];
    const [is, was] = [doc as BalanceRow, live.doc as BalanceRow];
    if (was.posted === is.posted && was.held === is.held) return [];
    return [
      `The read model has $${was.posted} (held $${was.held}) for account ${id}; its events come to $${is.posted} (held $${is.held}). Run "tokenhub replay".`,
    ];
  }
}

/** Snapshots, and subtrees of the tree over the log, that no gateway wrote. Gateways don't use them: they read the events instead. */
async function* forgedSnapshots({ readModels, lostKeys }: Omit<Stores, 'store'>): AsyncGenerator<string> {
  if (!(readModels instanceof AuthenticatedReadModelStore)) return;
  for (const view of [accountSnapshots.view, sealSnapshots.view, logTreeView]) {
    for await (const row of rowsOf(readModels.stored, view, {})) {
      if (!isBy(lostKeys, row)) yield* faultOfSnapshot(readModels, view, row);
    }
  }
}

/** The same for the newest snapshot of a stream of an account. */
async function forgedSnapshot({ readModels, lostKeys }: Omit<Stores, 'store'>, stream: string): Promise<string[]> {
  if (!(readModels instanceof AuthenticatedReadModelStore)) return [];
  const { view } = accountSnapshots;
  const row = (await readModels.stored.load(view, [stream])).get(stream);
  return row === undefined || isBy(lostKeys, row) ? [] : [...faultOfSnapshot(readModels, view, row)];
}

const isBy = (keys: ReadonlySet<string>, { doc }: Row): boolean => keys.has(EventMacs.keyIdOf(doc['mac']) ?? '');

function* faultOfSnapshot(readModels: AuthenticatedReadModelStore, view: ViewDefinition, row: Row): Generator<string> {
  const fault = readModels.faultOf(view, row);
  if (fault !== undefined)
    yield `The ${view === logTreeView ? 'subtree' : 'snapshot'} ${row.id} in ${view.name} ${fault}: no gateway wrote it, and none uses it.`;
}

/** Accounts and charges that are in the read models, but not in the ledger. */
async function* lostCalls(
  { store, readModels }: Stores,
  isKnown: ((accountId: string) => boolean) | undefined,
): AsyncGenerator<string> {
  for await (const { doc } of rowsOf<BalanceRow>(readModels, balances.view, {})) {
    const { accountId, posted } = doc;
    if (isKnown?.(accountId) === false)
      yield `Account ${accountId} ($${posted}) is in the read models, but has no event in the ledger.`;
    yield* lostCallsOf({ store, readModels }, accountId);
  }
}

/**
 * The calls of one account. Rows and charges go by in the order of time, side by side: no more rows are in memory than calls were under way at
 * once, and those that are lost.
 */
export async function* lostCallsOf(
  { store, readModels }: Pick<Stores, 'store' | 'readModels'>,
  accountId: string,
): AsyncGenerator<string> {
  const rows = rowsOf<ChargeRow>(readModels, charges.view, { where: { accountId }, orderBy: 'openedAt' });
  const sought = new Map<string, ChargeRow>();
  let next = await rows.next();
  for await (const { type, data } of eventsOf(store, accountStream(accountId))) {
    if (type !== 'TokensCharged') continue;
    for (; next.done !== true && next.value.doc.openedAt <= String(data['at']); next = await rows.next()) {
      const { doc } = next.value;
      if (doc.status === 'charged') sought.set(doc.chargeId, doc);
    }
    sought.delete(String(data['chargeId']));
  }
  for (const call of sought.values()) yield lostCall(call);
  for (; next.done !== true; next = await rows.next()) {
    if (next.value.doc.status === 'charged') yield lostCall(next.value.doc);
  }
}

const lostCall = ({ requestId, accountId, cost, closedAt }: ChargeRow): string =>
  `Call ${requestId} of account ${accountId} was charged $${cost} at ${closedAt}; the ledger does not have that charge.`;
