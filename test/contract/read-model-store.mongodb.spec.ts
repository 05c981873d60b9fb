import { afterAll, beforeAll, describe } from 'vitest';
import { MongoReadModelStore } from '../../src/adapters/mongodb/mongodb-read-model-store.js';
import { hasMongoServer, startMongoServer, type MongoTestServer } from '../support/mongodb/mongodb-server.js';
import { readModelStoreContract } from './read-model-store.contract.js';

describe.skipIf(!hasMongoServer)('on a MongoDB server', () => {
  let server: MongoTestServer;
  beforeAll(async () => {
    server = await startMongoServer();
  });
  afterAll(() => server.stop());

  readModelStoreContract('MongoDB', {
    async open() {
      const url = server.url();
      let store = MongoReadModelStore.open(url);
      return {
        store,
        async reopen() {
          await store.close();
          store = MongoReadModelStore.open(url);
          return store;
        },
        close: () => store.close(),
      };
    },
  });
});
