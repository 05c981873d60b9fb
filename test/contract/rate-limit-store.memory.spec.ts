import { MemoryRateLimitStore } from '../../src/adapters/memory/memory-rate-limit-store.js';
import { rateLimitStoreContract } from './rate-limit-store.contract.js';

rateLimitStoreContract('memory', {
  open: () => ({ store: new MemoryRateLimitStore(), close: () => Promise.resolve() }),
});
