import { afterAll, beforeAll, describe } from 'vitest';
import { MongoConnection } from '../../src/adapters/mongodb/mongodb-connection.js';
import { MongoRateLimitStore } from '../../src/adapters/mongodb/mongodb-rate-limit-store.js';
import { hasMongoServer, startMongoServer, type MongoTestServer } from '../support/mongodb/mongodb-server.js';
import { rateLimitStoreContract } from './rate-limit-store.contract.js';

/** A machine that is busy with other tests is not a server that is down. */
const PATIENT = { timeoutMs: 20_000 };

describe.skipIf(!hasMongoServer)('on a MongoDB server', () => {
  let server: MongoTestServer;
  beforeAll(async () => {
    server = await startMongoServer();
  });
  afterAll(() => server.stop());

  rateLimitStoreContract('MongoDB', {
    open() {
      const url = server.url();
      const connections: MongoConnection[] = [];
      const process = (): MongoRateLimitStore => {
        const connection = new MongoConnection(url);
        connections.push(connection);
        return new MongoRateLimitStore(connection, PATIENT);
      };
      return {
        store: process(),
        another: process,
        close: async () => {
          for (const connection of connections) await connection.close();
        },
      };
    },
  });
});
