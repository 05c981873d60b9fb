import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CountingStore } from '../../test/support/ledger/counting-store.js';
import { fill, logs } from '../../test/support/ledger/logs.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { AccountHistory } from './account-history.js';
import { account, accountStream, readAccountEvent } from './index.js';

const EVERY = 5;

it('is the fold of the events before a revision, with milestones and without', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.array(fc.nat({ max: 200 }), { maxLength: 8 }), async (log, revisions) => {
      const store = new MemoryEventStore();
      await fill(store, log);
      const events = await store.readStream(accountStream('a0'), 0, 10_000);
      const history = new AccountHistory(store, new MemoryReadModelStore(), EVERY);
      for (const revision of [...revisions, events.length]) {
        const before = events.slice(0, revision).map(readAccountEvent);
        const fold = before.reduce((state, event) => account.evolve(state, event), account.initial());
        expect(await history.stateBefore('a0', revision)).toEqual(fold);
      }
    }),
    { numRuns: 60 },
  );
});

const lengthOf = (log: readonly { readonly events: readonly unknown[] }[]): number =>
  log.reduce((sum, { events }) => sum + events.length, 0);

const [longest] = fc
  .sample(logs, { numRuns: 50, seed: 1 })
  .map((log) => log.filter(({ stream }) => stream === accountStream('a0')))
  .toSorted((a, b) => lengthOf(b) - lengthOf(a));
async function longAccount() {
  const store = new CountingStore();
  await fill(store, longest ?? []);
  const readModels = new MemoryReadModelStore();
  const history = new AccountHistory(store, readModels, EVERY);
  const length = lengthOf(longest ?? []);
  expect(length).toBeGreaterThan(3 * EVERY);
  return { store, readModels, history, length };
}

it('reads no more than the events after a milestone once it has gone by', async () => {
  const { store, history, length } = await longAccount();
  const first = await history.stateBefore('a0', length);
  store.eventsRead = 0;
  expect(await history.stateBefore('a0', length)).toEqual(first);
  expect(store.eventsRead).toBeLessThanOrEqual(1 + EVERY);
});

it('is not read from snapshots of another history', async () => {
  const { readModels, history, length } = await longAccount();
  await history.stateBefore('a0', length);
  const restored = new AccountHistory(new MemoryEventStore(), readModels, EVERY);
  expect(await restored.stateBefore('a0', length)).toEqual(account.initial());
});
