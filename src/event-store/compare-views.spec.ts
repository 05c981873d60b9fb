import { describe, expect, it } from 'vitest';
import { ledgerWithHistory } from '../../test/support/ledger/history.js';
import { PROJECTIONS } from '../operations/index.js';
import { comparedView, compareViews, type ReadModelStore, type Row, type RowDifference, START } from './index.js';
import { balances, charges } from '../ledger/index.js';

async function setup() {
  const ledger = await ledgerWithHistory();
  await ledger.open('a');
  await ledger.open('b');
  await ledger.open('c');
  await ledger.hold('a', 'c1');
  await ledger.settle('a', 'c1', 50);
  await ledger.topUp('b', 't1');
  await ledger.project();
  const differences: RowDifference[] = [];
  const compare = async (projections = PROJECTIONS, signal?: AbortSignal) => {
    const results = await compareViews(ledger, projections, {
      onDifference: (found) => differences.push(found),
      signal,
    });
    return { results, differences };
  };
  return { ...ledger, compare };
}

const rowOf = async (readModels: ReadModelStore, id: string): Promise<Row> =>
  (await readModels.load(balances.view, [id])).get(id) as Row;

describe('a comparison of live read models with their events', () => {
  it('finds every read model equal, and leaves nothing behind', async () => {
    const { compare, readModels, store } = await setup();
    const { results, differences } = await compare();
    expect(differences).toEqual([]);
    const head = await store.head();
    expect(results).toEqual(
      PROJECTIONS.map(({ view: { name } }) => ({ view: name, position: head, differences: 0, isWhole: true })),
    );
    for (const { view } of PROJECTIONS) expect(await readModels.checkpoint(comparedView(view))).toBe(START);
  });

  it('names a field that differs, with both values', async () => {
    const { compare, readModels } = await setup();
    const { id, position, doc } = await rowOf(readModels, 'b');
    const mark = await readModels.mark(balances.view);
    await readModels.replace(balances.view, { name: 'nothing-1', indexes: [] });
    await readModels.apply(balances.view, {
      rows: [{ id, position, doc: { ...doc, posted: '999' } }],
      checkpoint: { from: START, to: position, ...(mark && { mark }) },
    });
    const { differences } = await compare(PROJECTIONS.filter(({ view }) => view === balances.view));
    expect(differences).toContainEqual({
      view: balances.view.name,
      row: 'b',
      kind: 'differs',
      field: 'posted',
      live: '999',
      rebuilt: doc['posted'],
    });
    expect(differences).toContainEqual(expect.objectContaining({ row: 'a', kind: 'missing' }));
    expect(differences).toContainEqual(expect.objectContaining({ row: 'c', kind: 'missing' }));
    expect(differences).toHaveLength(3);
  });

  it('names a row that no event makes', async () => {
    const { compare, readModels } = await setup();
    const ghost = { id: 'ghost', position: 1, doc: { accountId: 'ghost', posted: '5' } };
    await readModels.apply(balances.view, { rows: [ghost] });
    const { differences } = await compare();
    const live = { accountId: 'ghost', posted: '5' };
    expect(differences).toEqual([{ view: balances.view.name, row: 'ghost', kind: 'extra', live }]);
  });

  it('compares rows as of their own position while gateways move on', async () => {
    const ledger = await setup();
    const { readModels } = ledger;
    const find = readModels.find.bind(readModels);
    let moved = false;
    readModels.find = async (view, query) => {
      if (view.name === charges.view.name && !moved) {
        moved = true;
        await ledger.hold('a', 'c2');
        await ledger.hold('c', 'c3');
        await ledger.project();
        await ledger.settle('c', 'c3', 7); // not projected yet
      }
      return find(view, query);
    };
    expect((await ledger.compare()).differences).toEqual([]);
    const row = (await readModels.load(charges.view, ['c2'])).get('c2') as Row;
    await readModels.apply(charges.view, {
      rows: [{ ...row, position: row.position + 1, doc: { ...row.doc, hold: '7' } }],
    });
    const { differences } = await ledger.compare();
    expect(differences).toEqual([
      expect.objectContaining({ view: charges.view.name, row: 'c2', field: 'hold', live: '7', rebuilt: '1.00' }),
    ]);
  });

  it('compares rows that have seen later events by then, too', async () => {
    const ledger = await setup();
    const { readModels } = ledger;
    const find = readModels.find.bind(readModels);
    const late = async (id: string, change: (row: Row) => Partial<Row>) => {
      const row = (await readModels.load(charges.view, [id])).get(id) as Row;
      await readModels.apply(charges.view, { rows: [{ ...row, ...change(row) }] });
    };
    let moved = false;
    readModels.find = async (view, query) => {
      if (view.name === charges.view.name && !moved) {
        moved = true;
        for (const id of ['c2', 'c3', 'c4']) await ledger.hold('c', id);
        await ledger.project();
        const end = await ledger.store.head();
        await late('c2', ({ doc }) => ({ position: end, doc: { ...doc, hold: '7' } }));
        await late('c3', () => ({ position: end }));
        await late('c4', (row) => ({ ...row, id: 'ghost', position: end + 1 }));
      }
      return find(view, query);
    };
    const { differences } = await ledger.compare([charges]);
    expect(differences.map(({ row, kind, field }) => [row, kind, field])).toEqual([
      ['c2', 'differs', 'hold'],
      ['c3', 'differs', '(position)'],
      ['ghost', 'extra', undefined],
    ]);
  });

  it('continues where it was cancelled', async () => {
    const { compare } = await setup();
    const { results } = await compare(PROJECTIONS, AbortSignal.abort());
    expect(results.every(({ isWhole }) => !isWhole)).toBe(true);
    expect((await compare()).results.every(({ isWhole }) => isWhole)).toBe(true);
  });
});
