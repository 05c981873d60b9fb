import { afterAll, beforeAll, describe } from 'vitest';
import { MongoDocumentStore } from '../../src/adapters/mongodb/mongodb-document-store.js';
import {
  dropDatabase,
  hasMongoServer,
  startMongoServer,
  type MongoTestServer,
} from '../support/mongodb/mongodb-server.js';
import { documentStoreContract } from './document-store.contract.js';

describe.skipIf(!hasMongoServer)('on a MongoDB server', () => {
  let server: MongoTestServer;
  beforeAll(async () => {
    server = await startMongoServer();
  });
  afterAll(() => server.stop());

  documentStoreContract('MongoDB', async () => {
    const url = server.url();
    let stores = [MongoDocumentStore.open(url), MongoDocumentStore.open(url)] as const;
    const close = async () => void (await Promise.all(stores.map((store) => store.close())));
    return {
      store: stores[0],
      other: stores[1],
      async reopen() {
        await close();
        stores = [MongoDocumentStore.open(url), MongoDocumentStore.open(url)];
        return stores[0];
      },
      empty: () => dropDatabase(url),
      close,
    };
  });
});
