// A ledger on in-memory stores, signed with a key of its own.
import { generateKeyPairSync } from 'node:crypto';
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { type EventStore, START } from '../../../src/event-store/index.js';
import { SystemClock } from '../../../src/kernel/index.js';
import { AuthenticatedEventStore, LedgerKeys, Sealer, Seals } from '../../../src/seals/index.js';
import { ledgerWithHistory } from '../ledger/history.js';
import { MemoryPlace } from './memory-place.js';

export const newKeys = () => new LedgerKeys([generateKeyPairSync('ed25519').privateKey]);

/** A ledger with calls, a top-up with its refund, dispute and mismatch, and payouts; sealed twice. */
export async function sealedLedger(keys = newKeys()) {
  const place = new MemoryPlace();
  const behind = new MemoryEventStore();
  const made = await ledgerWithHistory(new AuthenticatedEventStore(behind, keys));
  const seals = (store: EventStore) => new Seals(store, new MemoryReadModelStore(), keys, [place]);
  const seal = () => new Sealer(seals(made.store), made.store, new SystemClock()).seal();
  await made.open('a');
  await made.hold('a', 'c1');
  await made.settle('a', 'c1', 1_000);
  await seal();
  await made.topUp('a', 't1');
  await made.topUp('a', 't2');
  await made.open('b');
  await seal();
  const events = await made.store.readAll(START, 1_000);
  await made.hold('b', 'c2');
  await made.topUp('b', 't3');
  await made.project();
  return { ...made, behind, place, seals, events, later: await made.store.readAll(START, 1_000) };
}
