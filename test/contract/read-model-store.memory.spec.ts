import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { readModelStoreContract } from './read-model-store.contract.js';

readModelStoreContract('memory', {
  durable: false,
  async open() {
    const store = new MemoryReadModelStore();
    return { store, close: () => store.close() };
  },
});
