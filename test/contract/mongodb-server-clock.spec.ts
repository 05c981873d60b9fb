import { describe, expect, it } from 'vitest';
import { MongoConnection } from '../../src/adapters/mongodb/mongodb-connection.js';
import { MongoServerClock } from '../../src/adapters/mongodb/mongodb-server-clock.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';

describe.skipIf(!hasMongoServer)('the clock of a MongoDB server', () => {
  const fixture = mongoFixture();

  it('is told: on this machine it is ours', async () => {
    const connection = new MongoConnection(fixture.proxy.url);
    fixture.closing.push(() => connection.close());
    const before = Date.now();
    const told = (await new MongoServerClock(connection).now()) ?? 0;
    expect(told).toBeGreaterThanOrEqual(before - 1_000);
    expect(told).toBeLessThanOrEqual(Date.now() + 1_000);
  });
});
