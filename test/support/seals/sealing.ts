// A ledger in memory that is sealed.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import type { EventStore } from '../../../src/event-store/index.js';
import { SystemClock } from '../../../src/kernel/index.js';
import { LedgerKeys } from '../../../src/seals/ledger-keys.js';
import { Sealer } from '../../../src/seals/sealer.js';
import { Seals } from '../../../src/seals/seals.js';
import { MemoryPlace } from './memory-place.js';

export const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** Appends an event to a stream that has none. */
export const happen = (store: EventStore, stream: string = randomUUID()): Promise<unknown> =>
  store.append(stream, -1, [{ id: randomUUID(), type: 'Happened', data: {}, metadata: {} }]);

export function sealing(keys: readonly KeyObject[] = [newKey()]) {
  const store = new MemoryEventStore();
  const place = new MemoryPlace();
  const readModels = new MemoryReadModelStore();
  /** What another process on the same stores has. */
  const again = (ring = keys, log: EventStore = store) => {
    const ledgerKeys = ring.length === 0 ? undefined : new LedgerKeys(ring);
    const seals = new Seals(log, readModels, ledgerKeys, [place]);
    return { seals, sealer: new Sealer(seals, log, new SystemClock()) };
  };
  return { store, place, readModels, keys, again, ...again() };
}
