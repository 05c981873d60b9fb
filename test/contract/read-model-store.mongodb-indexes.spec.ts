// The migration step of a MongoDB server.
import { describe, expect, it } from 'vitest';
import { KeptIndexes } from '../../src/adapters/mongodb/kept-indexes.js';
import { MongoConnection } from '../../src/adapters/mongodb/mongodb-connection.js';
import { IndexConflict } from '../../src/adapters/mongodb/index-errors.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';
import { newView } from './read-model-store.fixture.js';

const INDEXES = [{ key: { n: 1 }, name: 'by_n' }] as const;

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

    it('which are made again when they are dropped while the view is used', async () => {
      const mongo = new MongoConnection(fixture.url);
      fixture.closing.push(() => mongo.close());
      const indexes = new KeptIndexes(mongo, 'any', INDEXES, { everyMs: 20 });
      const count = async () => {
        await indexes.ready();
        return (await (await fixture.database()).collection('any').indexes()).length;
      };
      await expect.poll(count).toBe(2);
      await (await fixture.database()).dropDatabase();
      await (await fixture.database()).collection('any').insertOne({});
      await expect.poll(count).toBe(2);
    });
  });

  describe('have an index built', () => {
    const ofReplicaSet = { ok: 1, setName: 'rs0', maxWireVersion: 21 };
    /** What `createIndexes` was asked for through the proxy, by a server that answers `hello` like this. */
    async function asked(
      hello: Readonly<Record<string, unknown>> | 'pass',
      build: 'pass' | 'swallow',
    ): Promise<string[]> {
      const commands: string[] = [];
      fixture.proxy.onRequest = (message) => {
        if (message.includes('\x10hello\0')) return hello;
        if (!message.includes('\x02createIndexes\0')) return 'pass';
        commands.push(message.toString('latin1'));
        return build;
      };
      const mongo = new MongoConnection(fixture.proxy.url);
      fixture.closing.push(() => mongo.close());
      await new KeptIndexes(mongo, 'any', INDEXES, { waitMs: 300 }).ready();
      await expect.poll(() => commands.length).toBeGreaterThan(0); // it goes on when nobody waits for it any more
      return commands;
    }

    it('by a majority of a replica set, so that none waits for a member that is lost', async () => {
      const [command] = await asked(ofReplicaSet, 'pass');
      expect(command).toContain('\x02commitQuorum\0\x09\0\0\0majority\0');
    });

    it('by a router to shards likewise', async () => {
      const [command] = await asked({ ok: 1, msg: 'isdbgrid', maxWireVersion: 21 }, 'pass');
      expect(command).toContain('commitQuorum');
    });

    it.each([
      ['a server alone, which refuses such a wish', { ok: 1, maxWireVersion: 21 }],
      ['a server before 4.4, which does not know it', { ok: 1, setName: 'rs0', maxWireVersion: 8 }],
      ['a server that does not know how to say what it is', 'pass'],
    ] as const)('without one by %s', async (_which, hello) => {
      const [command] = await asked(hello, 'pass');
      expect(command).toContain('createIndexes');
      expect(command).not.toContain('commitQuorum');
    });

    it('while they are used, when that takes long', async () => {
      const since = performance.now();
      expect(await asked('pass', 'swallow')).toHaveLength(1);
      expect(performance.now() - since).toBeLessThan(5_000);
    });
  });
});
