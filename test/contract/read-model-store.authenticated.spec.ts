import { generateKeyPairSync } from 'node:crypto';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { AuthenticatedReadModelStore, LedgerKeys } from '../../src/seals/index.js';
import { readModelStoreContract } from './read-model-store.contract.js';

const keys = new LedgerKeys([generateKeyPairSync('ed25519').privateKey]);

readModelStoreContract('authenticated', {
  durable: false,
  async open() {
    const store = new AuthenticatedReadModelStore(new MemoryReadModelStore(), keys);
    return { store, close: () => store.close() };
  },
});
