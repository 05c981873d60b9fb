// What must hold after whatever happened to gateways and stores under load: the ledger against what the provider counted and what the
// clients saw.
import { beforeAll, expect, it } from 'vitest';
import { type EventStore, bringUpToDate, type ReadModelStore, verifyChain } from '../../../src/event-store/index.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { formatUsd, picoUsd, usd } from '../../../src/kernel/index.js';
import { PROJECTIONS, verify } from '../../../src/operations/index.js';
import type { UsageLine } from '../../../sandbox/provider/index.js';
import type { TestAccount } from './ledger-desk.js';
import type { Receipt } from './load.js';
import type { Office } from './office.js';
import { orphans } from './mode.js';
import { costOf } from './price-check.js';
import { until } from './until.js';

export interface Aftermath {
  readonly office: Office;
  readonly accounts: readonly TestAccount[];
  /** What each of them was given. */
  readonly credit: string;
  /** The answers that clients saw whole. */
  readonly receipts: readonly Receipt[];
  /** What the provider counted. */
  readonly lines: readonly UsageLine[];
}

const chargesOf = (account: TestAccount) => account.eventsOf('TokensCharged');
const allCharges = async ({ accounts }: Aftermath) => (await Promise.all(accounts.map(chargesOf))).flat();
const total = (amounts: readonly string[]): string =>
  formatUsd(picoUsd(amounts.reduce((sum, amount) => sum + usd(amount), 0n)));
const duplicates = (values: readonly string[]): string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

/** A call that ended with an error may be settled a moment after its answer. */
const SETTLED_MS = 30_000;

/** Resolves when no hold is open: each was settled, or released. */
export async function expectHoldsToEnd(accounts: readonly TestAccount[]): Promise<void> {
  for (const account of accounts) {
    const ended = async () => (await account.state()).holds.size === 0;
    await until(`the end of all holds of ${account.id}`, ended, orphans.releasedWithinMs + SETTLED_MS);
  }
}

/** Declares the tests of it. Accounts of earlier loads may be in the same ledger. */
export function theBillIsRight(after: () => Aftermath): void {
  let charges: Awaited<ReturnType<typeof allCharges>>;
  beforeAll(async () => {
    charges = await allCharges(after());
  });

  it('every answer that a client saw whole is charged once, at the usage that the provider counted', () => {
    const { receipts, lines } = after();
    const chargesOfRequest = Map.groupBy(charges, ({ requestId }) => requestId);
    const usages = new Map(lines.map(({ requestId, usage }) => [requestId, usage]));
    for (const { requestId, chargeId } of receipts) {
      const expected = [{ chargeId, usageRaw: usages.get(requestId) ?? 'no line' }];
      expect(chargesOfRequest.get(requestId), `the charges of ${requestId}`).toMatchObject(expected);
    }
  });

  it('usage × price over the provider’s log is the sum of the charges, of what was answered', () => {
    const answered = new Set<string | null>(after().receipts.map(({ requestId }) => requestId));
    const due = after().lines.flatMap(({ requestId, model, usage }) =>
      answered.has(requestId) && usage !== null ? [costOf(model, usage)] : [],
    );
    expect(due.length).toBe(answered.size);
    const paid = charges.filter(({ requestId }) => answered.has(requestId));
    expect(total(paid.map(({ cost }) => cost))).toBe(total(due));
  });

  it('every charge rests on a usage block of the provider’s, and is its usage × the price', () => {
    const usages = new Map(after().lines.map(({ requestId, usage }) => [requestId, usage]));
    for (const { requestId, model, cost, usageRaw } of charges) {
      const usage = usages.get(requestId);
      if (usage === undefined || usage === null) throw new Error(`${requestId} is charged without a usage line`);
      expect({ requestId, usageRaw, cost }).toEqual({ requestId, usageRaw: usage, cost: costOf(model, usage) });
    }
  });

  it('no request is charged twice, and none was forwarded twice', () => {
    expect(duplicates(charges.map(({ requestId }) => requestId))).toEqual([]);
    expect(duplicates(charges.map(({ chargeId }) => chargeId))).toEqual([]);
    expect(duplicates(after().lines.map(({ requestId }) => requestId ?? ''))).toEqual([]);
  });

  it('every balance is the credit less the charges, to the last digit', async () => {
    const { accounts, credit } = after();
    for (const account of accounts) {
      const spent = (await chargesOf(account)).reduce((sum, { cost }) => sum + usd(cost), 0n);
      expect(await account.balance()).toBe(formatUsd(picoUsd(usd(credit) - spent)));
    }
  });

  it('every hash chain is whole, and the ledger verifies', async () => {
    const { accounts, office } = after();
    for (const account of accounts) expect(await verifyChain(await account.recorded())).toBeUndefined();
    expect(await verify(office.desk.store, office.readModels)).toMatchObject({ faults: [] });
  });

  it('the read models have every event, and are what a rebuild makes of them', async () => {
    const { desk, readModels } = after().office;
    const compared = async () => {
      const head = await desk.store.head();
      if (!(await isCaughtUp(head, readModels))) return undefined;
      const both = await Promise.all([rowsOf(readModels), rebuilt(desk.store).then(rowsOf)]);
      return (await desk.store.head()) === head && both; // else a hold has expired in the meantime
    };
    const [rows, expected] = await until('the read models to catch up', compared);
    expect(rows).toEqual(expected);
  });
}

async function isCaughtUp(head: number, readModels: ReadModelStore): Promise<boolean> {
  const checkpoints = await Promise.all(PROJECTIONS.map(({ view }) => readModels.checkpoint(view)));
  return checkpoints.every((checkpoint) => checkpoint >= head);
}

async function rebuilt(store: EventStore): Promise<ReadModelStore> {
  const readModels = new MemoryReadModelStore();
  await bringUpToDate(store, readModels, PROJECTIONS);
  return readModels;
}

/** All rows of all read models. */
async function rowsOf(readModels: ReadModelStore) {
  const found = PROJECTIONS.map(async ({ view }) => [view.name, await readModels.find(view, { limit: 1_000_000 })]);
  return Promise.all(found);
}
