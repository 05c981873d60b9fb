// A MongoDB server that is torn down under load and comes back, again and again.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MongoConnection } from '../../src/adapters/mongodb/mongodb-connection.js';
import { MongoRateLimitStore } from '../../src/adapters/mongodb/mongodb-rate-limit-store.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';

const PROCESSES = 4;
const OUTAGES = 4;

describe.skipIf(!hasMongoServer)('a connection to MongoDB under load', () => {
  const fixture = mongoFixture();

  const answers = (connection: MongoConnection): Promise<boolean> =>
    connection
      .run((open) => open.getClient().db().command({ ping: 1 }))
      .then(
        () => true,
        () => false,
      );

  /** Two calls at once, again and again: as one fails the next is made, at the moment that the driver's sockets come apart. */
  async function load(connection: MongoConnection): Promise<void> {
    const limits = new MongoRateLimitStore(connection, { timeoutMs: 500 });
    const limit = { points: 1_000_000, windowSeconds: 60 };
    const uses = ['key', 'account'].map((name) => ({ limit: { name, ...limit }, id: 'a', points: 1 }));
    while (!connection.closing.aborted) {
      await Promise.all([limits.consume(uses), limits.consume(uses)]);
      await delay(5);
    }
  }

  it('comes back by itself after every outage', { timeout: 180_000 }, async () => {
    const { proxy, closing } = fixture;
    const connections = Array.from({ length: PROCESSES }, () => new MongoConnection(proxy.url));
    const loads = connections.map(load);
    closing.push(async () => {
      for (const connection of connections) await connection.close();
      await Promise.all(loads);
    });
    for (let outage = 0; outage < OUTAGES; outage++) {
      await delay(500);
      await proxy.down();
      await delay(1_000);
      await proxy.up();
      for (const connection of connections) {
        await expect.poll(() => answers(connection), { timeout: 30_000, message: `outage ${outage}` }).toBe(true);
      }
    }
  });
});
