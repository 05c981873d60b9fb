// What every DocumentStore must do. An adapter's spec only opens and closes it.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collection, DocumentStore } from '../../src/platform/documents/document-store.js';
import type { JsonObject } from '../../src/kernel/index.js';

export interface OpenedDocumentStore {
  readonly store: DocumentStore;
  /** The same documents as another process sees them. */
  readonly other: DocumentStore;
  /** Closes both and opens the same data again; absent where nothing outlives the store. */
  reopen?: () => Promise<DocumentStore>;
  /** Takes away everything behind the backs of both, as an operator can; absent where nobody can. */
  empty?: () => Promise<unknown>;
  close(): Promise<void>;
}

interface Person extends JsonObject {
  readonly email?: string;
  readonly age?: number;
  readonly city?: string;
  readonly 'a.b'?: JsonObject;
}

export function documentStoreContract(adapter: string, open: () => Promise<OpenedDocumentStore>): void {
  describe(`DocumentStore: ${adapter}`, () => {
    let opened: OpenedDocumentStore;
    let store: DocumentStore;
    let people: Collection<Person>;

    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
      people = { name: `people-${randomUUID()}-1`, unique: ['email'], indexes: ['age', 'city'] };
    });
    afterEach(() => opened.close());

    const idsOf = async (query: Parameters<DocumentStore['find']>[1]) =>
      (await store.find(people, query)).map(({ id }) => id);

    it('has nothing at first', async () => {
      expect(await store.get(people, 'ada')).toBeUndefined();
      expect(await idsOf({})).toEqual([]);
      expect(await store.remove(people, {})).toBe(0);
    });

    it('keeps any JSON, at version 1', async () => {
      const doc = { email: 'ada@example.com', 'a.b': { $set: [1, 'é😀', null, true] } };
      expect(await store.insert(people, 'ada', doc)).toBe(true);
      expect(await store.get(people, 'ada')).toEqual({ id: 'ada', version: 1, doc });
    });

    it('refuses an id that is taken', async () => {
      await store.insert(people, 'ada', { age: 1 });
      expect(await store.insert(people, 'ada', { age: 2 })).toBe(false);
      expect((await store.get(people, 'ada'))?.doc).toEqual({ age: 1 });
    });

    it('refuses a unique value that is taken, and lets any number lack one', async () => {
      await store.insert(people, 'ada', { email: 'ada@example.com' });
      expect(await store.insert(people, 'eve', { email: 'ada@example.com' })).toBe(false);
      expect(await store.insert(people, 'bob', {})).toBe(true);
      expect(await store.insert(people, 'cyd', {})).toBe(true);
      const bob = { id: 'bob', version: 1 };
      expect(await store.replace(people, bob, { email: 'ada@example.com' })).toBe(false);
      expect(await store.replace(people, bob, { email: 'bob@example.com' })).toBe(true);
    });

    it('frees a unique value with its document', async () => {
      await store.insert(people, 'ada', { email: 'ada@example.com' });
      await store.remove(people, { where: { id: 'ada' } });
      expect(await store.insert(people, 'eve', { email: 'ada@example.com' })).toBe(true);
    });

    it('replaces the version that was read, and no other', async () => {
      await store.insert(people, 'ada', { age: 1 });
      expect(await store.replace(people, { id: 'ada', version: 1 }, { age: 2 })).toBe(true);
      expect(await store.replace(people, { id: 'ada', version: 1 }, { age: 3 })).toBe(false);
      expect(await store.get(people, 'ada')).toEqual({ id: 'ada', version: 2, doc: { age: 2 } });
      expect(await store.replace(people, { id: 'eve', version: 1 }, { age: 2 })).toBe(false);
    });

    it('finds by equality, bounds, order and page', async () => {
      await store.insert(people, 'a', { age: 30, city: 'Paris' });
      await store.insert(people, 'b', { age: 20, city: 'Rome' });
      await store.insert(people, 'c', { city: 'Paris' });
      await store.insert(people, 'd', { age: 20, city: 'Paris' });
      expect(await idsOf({ where: { city: 'Paris' } })).toEqual(['a', 'c', 'd']);
      expect(await idsOf({ below: { age: 30 } })).toEqual(['b', 'd']);
      expect(await idsOf({ below: { city: 'Q' }, where: { age: 20 } })).toEqual(['d']);
      expect(await idsOf({ orderBy: 'age' })).toEqual(['c', 'b', 'd', 'a']);
      expect(await idsOf({ orderBy: 'age', descending: true })).toEqual(['a', 'd', 'b', 'c']);
      const [first, second] = await store.find(people, { orderBy: 'age', limit: 2 });
      expect([first?.id, second?.id]).toEqual(['c', 'b']);
      expect(await idsOf({ orderBy: 'age', ...(second && { after: second }) })).toEqual(['d', 'a']);
      expect(await idsOf({ limit: 0 })).toEqual([]);
      expect(await idsOf({ where: { id: 'b' } })).toEqual(['b']);
    });

    it('removes what matches, and says how many', async () => {
      for (const [id, age] of Object.entries({ a: 1, b: 2, c: 3 })) await store.insert(people, id, { age });
      expect(await store.remove(people, { below: { age: 3 } })).toBe(2);
      expect(await idsOf({})).toEqual(['c']);
      expect(await store.remove(people, { where: { age: 1 } })).toBe(0);
      expect(await store.remove(people, {})).toBe(1);
    });

    it('tells one of many that removed the same document, whichever process asks', async () => {
      await store.insert(people, 'token', { age: 1 });
      const tries = Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? store : opened.other).remove(people, { where: { id: 'token' } }),
      );
      expect((await Promise.all(tries)).filter((removed) => removed === 1)).toHaveLength(1);
    });

    it('lets one of many win that insert the same unique value, or replace the same version', async () => {
      const stores = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? store : opened.other));
      const inserted = stores.map((one, n) => one.insert(people, `p${n}`, { email: 'ada@example.com' }));
      expect((await Promise.all(inserted)).filter(Boolean)).toHaveLength(1);
      await store.insert(people, 'race', { age: 0 });
      const replaced = stores.map((one, age) => one.replace(people, { id: 'race', version: 1 }, { age }));
      expect((await Promise.all(replaced)).filter(Boolean)).toHaveLength(1);
      expect((await opened.other.get(people, 'race'))?.version).toBe(2);
    });

    it('lets one of many win that change to the same unique value', async () => {
      const stores = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? store : opened.other));
      for (const n of stores.keys()) await store.insert(people, `p${n}`, { email: `${n}@example.com` });
      const changed = stores.map((one, n) =>
        one.replace(people, { id: `p${n}`, version: 1 }, { email: 'new@example.com' }),
      );
      expect((await Promise.all(changed)).filter(Boolean)).toHaveLength(1);
      expect(await store.find(people, { where: { email: 'new@example.com' } })).toHaveLength(1);
    });

    it('keeps a unique value when what has it is replaced', async () => {
      await store.insert(people, 'ada', { email: 'ada@example.com', age: 1 });
      const read = { id: 'ada', version: 1 };
      expect(await store.replace(people, read, { email: 'ada@example.com', age: 2 })).toBe(true);
      expect(await store.insert(people, 'eve', { email: 'ada@example.com' })).toBe(false);
    });

    it('keeps values unique also when somebody has emptied it while it was in use', async () => {
      await store.insert(people, 'ada', { email: 'ada@example.com' });
      await opened.other.insert(people, 'bob', { email: 'bob@example.com' });
      await opened.empty?.();
      const email = opened.empty === undefined ? 'new@example.com' : 'ada@example.com';
      const stores = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? store : opened.other));
      const inserted = stores.map((one, n) => one.insert(people, `p${n}`, { email }));
      expect((await Promise.all(inserted)).filter(Boolean)).toHaveLength(1);
      expect(await store.find(people, { where: { email } })).toHaveLength(1);
    });

    it('survives a restart, where anything outlives the store', async () => {
      await store.insert(people, 'ada', { age: 1 });
      const reopened = (await opened.reopen?.()) ?? store;
      expect(await reopened.get(people, 'ada')).toEqual({ id: 'ada', version: 1, doc: { age: 1 } });
    });
  });
}
