import { MemoryDocumentStore } from '../../src/adapters/memory/memory-document-store.js';
import { documentStoreContract } from './document-store.contract.js';

const open = async () => {
  const store = new MemoryDocumentStore();
  return { store, other: store, close: () => store.close() };
};

documentStoreContract('memory', open);
