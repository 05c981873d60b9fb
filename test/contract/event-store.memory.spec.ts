import { MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { eventStoreContract } from './event-store.contract.js';

eventStoreContract('memory', {
  durable: false,
  async open() {
    const store = new MemoryEventStore();
    return { store, close: () => store.close() };
  },
});
