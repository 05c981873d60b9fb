// What documents in MongoDB have to stand beyond the contract: answers that are lost, claims that are left behind, duplicates and indexes
// that others made or dropped.
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { MongoConnection } from '../../src/adapters/mongodb/mongodb-connection.js';
import { MongoDocumentStore, type MongoDocumentOptions } from '../../src/adapters/mongodb/mongodb-document-store.js';
import { DuplicateValues } from '../../src/adapters/mongodb/index-errors.js';
import { type Collection, DocumentsUnavailable } from '../../src/platform/documents/index.js';
import type { JsonObject } from '../../src/kernel/index.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';

interface Person extends JsonObject {
  readonly email?: string;
  readonly age?: number;
}

describe.skipIf(!hasMongoServer)('documents on a MongoDB server', () => {
  const fixture = mongoFixture();
  let people: Collection<Person>;
  beforeEach(() => {
    people = { name: `people-${randomUUID()}-1`, unique: ['email'], indexes: ['age'] };
  });

  /** Another process; by way of the proxy with its URL. */
  function opened(
    through = fixture.url,
    { operationTimeoutMs = 10_000, ...options }: MongoDocumentOptions & { operationTimeoutMs?: number } = {},
  ): MongoDocumentStore {
    const mongo = new MongoConnection(through, { selectionTimeoutMs: 20_000, operationTimeoutMs });
    fixture.closing.push(() => mongo.close());
    return new MongoDocumentStore(mongo, options);
  }
  const documents = async (name = `documents.${people.name}`) =>
    (await fixture.database()).collection<{ _id: string } & Record<string, unknown>>(name);

  /** Loses the answer to the next commands of these names, one for each. */
  function lose(...names: readonly string[]): void {
    const left = [...names];
    fixture.proxy.onRequest = (message) => {
      const index = left.findIndex((name) => message.includes(`\x02${name}\0`));
      if (index === -1) return 'pass';
      left.splice(index, 1);
      return 'lose';
    };
  }

  describe('whose answer was lost are written once, and told so:', () => {
    const ada = { email: 'ada@example.com', age: 1 };

    it.each([[['insert']], [['update']], [['insert', 'update']], [['delete']]])('inserted (%s)', async (commands) => {
      const store = opened(fixture.proxy.url);
      await store.find(people, {});
      lose(...commands);
      expect(await store.insert(people, 'ada', ada)).toBe(true);
      expect(await store.insert(people, 'eve', ada)).toBe(false);
      expect(await opened().find(people, {})).toEqual([{ id: 'ada', version: 1, doc: ada }]);
      expect(await (await documents('document-claims')).countDocuments({ of: 'eve' })).toBe(0);
    });

    it('inserted, without a unique value', async () => {
      const store = opened(fixture.proxy.url);
      await store.find(people, {});
      lose('insert');
      expect(await store.insert(people, 'ada', { age: 1 })).toBe(true);
      lose('insert');
      expect(await store.insert(people, 'ada', { age: 1 }), 'the id is taken').toBe(false);
    });

    it('replaced', async () => {
      const store = opened(fixture.proxy.url);
      await store.insert(people, 'ada', ada);
      lose('update');
      expect(await store.replace(people, { id: 'ada', version: 1 }, { ...ada, age: 2 })).toBe(true);
      lose('update');
      expect(await store.replace(people, { id: 'ada', version: 1 }, { ...ada, age: 3 })).toBe(false);
      lose('update');
      expect(await store.replace(people, { id: 'ada', version: 2 }, { email: 'a@example.com' })).toBe(true);
      expect((await store.get(people, 'ada'))?.doc).toEqual({ email: 'a@example.com' });
    });

    it.each([[['update']], [['delete']], [['update', 'delete']]])('removed (%s)', async (commands) => {
      const store = opened(fixture.proxy.url);
      await store.insert(people, 'ada', ada);
      await store.insert(people, 'bob', { age: 1 });
      lose(...commands);
      expect(await store.remove(people, { where: { age: 1 } })).toBe(2);
      lose(...commands);
      expect(await store.remove(people, { where: { age: 1 } })).toBe(0);
      expect(await (await documents()).countDocuments({})).toBe(0);
    });
  });

  it('are said to be unavailable when it is lost again and again', async () => {
    const store = opened(fixture.proxy.url);
    await store.find(people, {});
    fixture.proxy.onRequest = (message) => (message.includes('\x02insert\0') ? 'lose' : 'pass');
    await expect(store.insert(people, 'ada', {})).rejects.toThrow(DocumentsUnavailable);
  });

  describe('keep values unique', () => {
    it('after a crash between a claim and its document, of which nothing keeps others from the value', async () => {
      const crashing = opened(fixture.proxy.url, { operationTimeoutMs: 2_000 });
      await crashing.find(people, {});
      fixture.proxy.onRequest = (message) => (message.includes('\x02update\0') ? 'swallow' : 'pass');
      const crashed = crashing.insert(people, 'ada', { email: 'ada@example.com' }).catch((error: unknown) => error);
      await expect.poll(async () => (await documents('document-claims')).countDocuments({})).toBe(1);
      const store = opened(fixture.url, { patienceMs: 100 });
      expect(await store.insert(people, 'eve', { email: 'ada@example.com' })).toBe(true);
      expect((await store.find(people, {})).map(({ id }) => id)).toEqual(['eve']);
      await fixture.proxy.down();
      expect(await crashed).toBeInstanceOf(DocumentsUnavailable);
    });

    it.each([
      ['with their index', false],
      ['after it was dropped', true],
    ])('when the owner of a claim that was taken over writes after all, %s', async (_how, isDropped) => {
      const [slow, store] = [opened(fixture.proxy.url), opened(fixture.url, { patienceMs: 0 })];
      await slow.insert(people, 'ada', { email: 'ada@example.com' });
      await store.find(people, {});
      if (isDropped) await (await documents()).dropIndexes();
      fixture.proxy.onRequest = (message) =>
        !message.includes('@new.example.com') || message.includes('\x02find\0') ? 'pass' : 4_000;
      const late = [
        slow.replace(people, { id: 'ada', version: 1 }, { email: 'a@new.example.com' }),
        slow.insert(people, 'bob', { email: 'b@new.example.com' }),
      ];
      await expect.poll(async () => (await documents('document-claims')).countDocuments({})).toBe(2);
      expect(await store.insert(people, 'eve', { email: 'a@new.example.com' })).toBe(true);
      expect(await store.insert(people, 'eva', { email: 'b@new.example.com' })).toBe(true);
      expect(await Promise.all(late)).toEqual([false, false]);
      const owner = async (email: string) => (await store.find(people, { where: { email } })).map(({ id }) => id);
      expect([await owner('a@new.example.com'), await owner('b@new.example.com')]).toEqual([['eve'], ['eva']]);
    });

    it('where their index is not there, and can’t be made for duplicates, which are named', async () => {
      const told: unknown[] = [];
      const rows = await documents();
      for (const id of ['a', 'b'])
        await rows.insertOne({ _id: id, version: 1, doc: { email: 'x@example.com', age: 1 } });
      const store = opened(fixture.url, { onTrouble: (error) => told.push(error) });
      expect(await store.insert(people, 'c', { email: 'x@example.com' })).toBe(false);
      const inserted = ['d', 'e', 'f'].map((id) => store.insert(people, id, { email: 'y@example.com' }));
      expect((await Promise.all(inserted)).filter(Boolean)).toHaveLength(1);
      expect(told).toEqual([expect.any(DuplicateValues)]);
      expect(String(told[0])).toMatch(/the same email \(a and b\)/);
      expect(String(told[0])).not.toContain('x@example.com');
      expect(await store.remove(people, { where: { id: 'b' } })).toBe(1);
      expect(await store.prepare(people)).toEqual([`documents.${people.name}.one_email`]);
    });
  });

  it('have their indexes made again when these, or all, were dropped while they are used', async () => {
    const store = opened(fixture.url, { indexesEveryMs: 50 });
    const indexes = async (): Promise<number> => {
      await store.insert(people, randomUUID(), {});
      return (await (await documents()).indexes()).length;
    };
    await expect.poll(indexes).toBe(3);
    await (await documents()).dropIndexes();
    await expect.poll(indexes).toBe(3);
    await (await fixture.database()).dropDatabase();
    await expect.poll(indexes).toBe(3);
  });
});
