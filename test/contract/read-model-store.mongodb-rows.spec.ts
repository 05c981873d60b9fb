// What MongoDB really stores, and what it is never told.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { bringUpToDate, rebuild } from '../../src/event-store/index.js';
import type { JsonObject } from '../../src/kernel/index.js';
import { PROJECTIONS } from '../../src/operations/index.js';
import { recordDispute } from '../support/ledger/commands.js';
import { ledgerWithHistory } from '../support/ledger/history.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';
import { newView, row } from './read-model-store.fixture.js';

describe.skipIf(!hasMongoServer)('rows in MongoDB', () => {
  const fixture = mongoFixture();

  /** Read models of what the history below does not have: nothing in it is reconciled or re-rated. */
  const NOT_IN_HISTORY = /^(?:reconciliation|provider-bill|reratings|balance-alerts)/;

  describe('what is stored', () => {
    it('keeps money as the string it is, and integers up to 2^53 - 1', async () => {
      const { store, view } = fixture;
      const doc = {
        posted: '9223372036854775807.000000000001',
        held: '-0.000000000001',
        most: Number.MAX_SAFE_INTEGER,
      };
      await store.apply(view, { rows: [row('a', Number.MAX_SAFE_INTEGER, doc), row('b', 1, { least: -doc.most })] });
      expect(await store.find(view, {})).toEqual([
        row('a', Number.MAX_SAFE_INTEGER, doc),
        row('b', 1, { least: -doc.most }),
      ]);
      expect(await store.find(view, { where: { most: doc.most } })).toHaveLength(1);
      expect(await store.find(view, { where: { most: doc.most - 1 } })).toEqual([]);
    });

    it('is any JSON, with names that mean something to MongoDB', async () => {
      const { store, view } = fixture;
      const names = [
        '$set',
        '$usd',
        'a.b',
        '',
        '_id',
        '__proto__',
        '__v',
        '_bsontype',
        'toBSON',
        'constructor',
        'length',
      ];
      const json = fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom(...names)),
        fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant({}), fc.constant([])),
        { noNullPrototype: true },
      ) as fc.Arbitrary<JsonObject>;
      const docs = fc.sample(json, 200).map((doc) => JSON.parse(JSON.stringify(doc)) as JsonObject);
      docs.push(JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:{"$usd":"1.00"}`).join()}}`) as JsonObject);
      const rows = docs.map((doc, n) => row(`${n}`, 1, doc));
      await store.apply(view, { rows });
      const loaded = await store.load(
        view,
        rows.map(({ id }) => id),
      );
      for (const each of rows) expect(JSON.stringify(loaded.get(each.id)?.doc)).toBe(JSON.stringify(each.doc));
    });

    it('is refused when it is no JSON, or its position is no integer', async () => {
      const { store, view } = fixture;
      await expect(store.apply(view, { rows: [row('a', 1, { amount: 1n as never })] })).rejects.toThrow(TypeError);
      await expect(store.apply(view, { rows: [row('a', 1.5)] })).rejects.toThrow(RangeError);
      expect(await store.find(view, {})).toEqual([]);
    });

    it('is an envelope of id, position and doc, and nothing else', async () => {
      const { store, view, database, collections } = fixture;
      await store.apply(view, { rows: [{ ...row('a', 1, { n: 1 }), extra: 1 } as never] });
      const [name = ''] = await collections();
      const stored = await (await database()).collection<{ _id: string }>(name).findOne({ _id: 'a' });
      expect(stored).toEqual({ _id: 'a', position: 1, doc: { n: 1 } });
    });

    it('has the indexes of its view', async () => {
      const { store, view, database, collections } = fixture;
      await store.ensureViews([view]);
      const [name = ''] = await collections();
      const indexes = await (await database()).collection(name).listIndexes().toArray();
      expect(indexes.map(({ key }) => Object.keys(key as object).join(' ')).toSorted()).toEqual([
        '_id',
        'doc.amount _id',
        'doc.owner doc.amount _id',
      ]);
    });
  });

  describe('a name', () => {
    it.each(['$where', 'a.b', '', '_id', 'a$b'])('of a field to query by is not %j', async (field) => {
      const { store, view } = fixture;
      await expect(store.find(view, { where: { [field]: 1 } })).rejects.toThrow(RangeError);
      await expect(store.find(view, { below: { [field]: 1 } })).rejects.toThrow(RangeError);
      await expect(store.find(view, { orderBy: field })).rejects.toThrow(RangeError);
      await expect(store.ensureViews([{ ...newView(), indexes: [[field]] }])).rejects.toThrow(RangeError);
    });

    it.each(['Balances', 'a.b', '$a', '', 'a_b'])('of a view is not %j', async (name) => {
      const { store } = fixture;
      await expect(store.find({ name, indexes: [] }, {})).rejects.toThrow(RangeError);
      await expect(store.checkpoint({ name, indexes: [] })).rejects.toThrow(RangeError);
    });

    it('or value with an operator in it selects nothing', async () => {
      const { store, view } = fixture;
      await store.apply(view, { rows: [row('a', 1, { owner: 'x' })] });
      const query = { where: { owner: { $ne: 'y' } as never } };
      expect(await store.find(view, query)).toEqual([]);
    });
  });

  it('are those of the memory store for a whole ledger, followed and rebuilt', async () => {
    const { store } = fixture;
    const ledger = await ledgerWithHistory();
    for (const account of ['acc1', 'acc2', 'acc3']) {
      await ledger.open(account);
      for (const n of [1, 2, 3, 4]) await ledger.hold(account, `${account}-${n}`);
      await ledger.settle(account, `${account}-1`, 1_000);
      await ledger.settle(account, `${account}-2`, 20_000);
      await ledger.topUp(account, `${account}-topup`);
    }
    const won = recordDispute('dp-acc1-topup', 'acc1-topup', { amount: '10', withdrawn: '10', reinstated: '10' });
    await ledger.accounts.execute('acc1', won);
    const memory = new MemoryReadModelStore();
    for (const projection of PROJECTIONS) {
      for (const readModels of [memory, store]) await bringUpToDate(ledger.store, readModels, [projection]);
      const expected = await memory.find(projection.view, {});
      expect(expected.length > 0).toBe(!NOT_IN_HISTORY.test(projection.view.name));
      expect(await store.find(projection.view, {})).toEqual(expected);
      await rebuild(ledger.store, store, [projection]);
      expect(await store.find(projection.view, {})).toEqual(expected);
      expect(await store.checkpoint(projection.view)).toBe(await memory.checkpoint(projection.view));
    }
  });
});
