// The migration step of a MongoDB server.
import { describe, expect, it } from 'vitest';
import { IndexConflict } from '../../src/adapters/mongodb/mongodb-indexes.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';
import { newView } from './read-model-store.fixture.js';

describe.skipIf(!hasMongoServer)('read models on a MongoDB server', () => {
  const fixture = mongoFixture();
  /** Another process, on a machine that may be busy with other tests. */
  const opened = () => fixture.opened(fixture.url, { selectionTimeoutMs: 20_000, operationTimeoutMs: 30_000 });

  describe('have the indexes of their views', () => {
    const collection = async () => {
      const [name = ''] = await fixture.collections();
      return (await fixture.database()).collection(name);
    };

    it('which are made where they are missing, and told', async () => {
      const { view } = fixture;
      const made = await opened().ensureViews([view]);
      const { name } = await collection();
      expect(made).toEqual([`${name}.by_owner_amount`, `${name}.by_amount`]);
      expect(await opened().ensureViews([view])).toEqual([]);
      await (await collection()).dropIndex('by_amount');
      expect(await opened().ensureViews([view])).toEqual([`${name}.by_amount`]);
    });

    it('by any number of processes at the same time', async () => {
      const { collections } = fixture;
      const views = [newView(), newView(), newView()];
      await Promise.all(Array.from({ length: 5 }, () => opened().ensureViews(views)));
      expect(await collections()).toHaveLength(3);
      expect(await opened().ensureViews(views)).toEqual([]);
    });

    it('which are not made in the place of others, which are named', async () => {
      const { view } = fixture;
      await opened().ensureViews([view]);
      const rows = await collection();
      await rows.dropIndex('by_amount');
      await rows.createIndex({ something: 1 }, { name: 'by_amount' });
      const refused = opened().ensureViews([view]);
      await expect(refused).rejects.toThrow(IndexConflict);
      await expect(refused).rejects.toThrow(new RegExp(`"${rows.name}".*by_amount.*Drop it`));
      expect((await rows.listIndexes().toArray()).map(({ name }) => String(name))).toContain('by_amount');
    });
  });
});
