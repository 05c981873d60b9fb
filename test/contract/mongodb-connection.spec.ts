// A MongoDB server that is torn down under load and comes back, again and again.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { MongoConnection } from '../../src/adapters/mongodb/mongodb-connection.js';
import { MongoRateLimitStore } from '../../src/adapters/mongodb/mongodb-rate-limit-store.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';

const PROCESSES = 4;
const CALLS = 4;
const OUTAGES = 5;

/**
 * A way to the server that can be torn down, the newest connections first. So those of calls end before the one by which the driver
 * watches the server, and the calls that follow have it ask on that one, which is half gone: it never hears an answer.
 */
async function wayTo(url: string) {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
      socket.on('close', () => [client, upstream].forEach((each) => each.destroy()));
    }
    sockets.push(client);
    client.pipe(upstream).pipe(client);
  });
  const listen = async (at: number) => void (await once(server.listen(at, '127.0.0.1'), 'listening'));
  await listen(0);
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    url: `mongodb://127.0.0.1:${ownPort}/test?directConnection=true`,
    up: () => listen(ownPort),
    async down() {
      server.close();
      for (const socket of sockets.splice(0)) socket.destroy();
      await once(server, 'close');
    },
  };
}

describe.skipIf(!hasMongoServer)('a connection to MongoDB under load', () => {
  const fixture = mongoFixture();
  const load = new AbortController();
  afterEach(() => load.abort());

  it('comes back by itself after every outage', { timeout: 180_000 }, async () => {
    const way = await wayTo(fixture.url);
    const connections = Array.from({ length: PROCESSES }, () => new MongoConnection(way.url));
    const ask = (connection: MongoConnection) =>
      connection
        .run((open) => open.getClient().db().command({ ping: 1 }))
        .then(
          () => true,
          () => false,
        );
    const uses = ['key', 'account'].map((name) => ({
      limit: { name, points: 1e6, windowSeconds: 60 },
      id: 'a',
      points: 1,
    }));
    const asking = connections.map(async (connection) => {
      const limits = new MongoRateLimitStore(connection, { timeoutMs: 500 });
      while (!load.signal.aborted) {
        await Promise.all([limits.consume(uses), limits.consume(uses)]);
        await delay(5);
      }
    });
    for (let outage = 0; outage < OUTAGES; outage++) {
      await delay(500);
      await way.down();
      await delay(Math.random() * 4_000);
      await way.up();
      for (const connection of connections) {
        await expect.poll(() => ask(connection), { timeout: 30_000, message: `outage ${outage}` }).toBe(true);
      }
    }
    load.abort();
    await Promise.all(asking);
    for (const connection of connections) await connection.close();
    await way.down();
  });
});
