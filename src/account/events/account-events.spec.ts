import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fill, logs } from '../../../test/support/ledger/logs.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { chainHash, GENESIS, ZERO } from '../../kernel/index.js';
import { Accounts, accountStream, posted } from '../../ledger/index.js';
import { AccountEvents, type EventFilter, type EventOrder, type PlacedEvent } from './account-events.js';

/** All pages of an order, one after the other. */
async function paged(events: AccountEvents, filter: EventFilter, order: EventOrder, limit: number) {
  const found: PlacedEvent[] = [];
  let page = await events.page('a0', filter, { order, limit });
  for (;;) {
    found.push(...page.events);
    if (page.next === undefined) return found;
    page = await events.page('a0', filter, { order, limit, cursor: page.next });
  }
}

it('pages of events are the stream in either order, each with the hash before it and the balance it left', async () => {
  const types = fc.constantFrom(undefined, 'CreditGranted', 'TokensCharged' as const);
  await fc.assert(
    fc.asyncProperty(logs, types, fc.integer({ min: 1, max: 9 }), async (log, type, limit) => {
      const store = new MemoryEventStore();
      await fill(store, log);
      const accounts = new Accounts(store, new MemoryReadModelStore());
      const events = new AccountEvents(accounts, store);
      const whole = await paged(events, {}, 'oldest_first', limit);
      const stored = await store.readStream(accountStream('a0'), 0, 10_000);
      expect(whole.map(({ event }) => event)).toEqual(stored);
      expect(await paged(events, {}, 'newest_first', limit)).toEqual(whole.toReversed());
      let hash = GENESIS;
      for (const { event, previousHash } of whole) {
        expect(previousHash).toBe(hash);
        hash = chainHash(previousHash, event);
        expect(event.metadata['hash']).toBe(hash);
      }
      expect(whole.at(-1)?.balanceAfter).toBe(posted((await accounts.stored('a0')).state));
      const from = whole[Math.floor(whole.length / 3)]?.event.data['at'] as string | undefined;
      const to = whole[Math.floor((whole.length * 2) / 3)]?.event.data['at'] as string | undefined;
      const expected = whole.filter(
        ({ event: { data, type: its } }) =>
          String(data['at']) >= (from ?? '') && String(data['at']) < (to ?? '') && (type ?? its) === its,
      );
      const filter = { type, from, to };
      expect(await paged(events, filter, 'oldest_first', limit)).toEqual(expected);
      expect(await paged(events, filter, 'newest_first', limit)).toEqual(expected.toReversed());
      for (const placed of whole.slice(0, 3)) expect(await events.one('a0', placed.event.revision)).toEqual(placed);
    }),
    { numRuns: 40 },
  );
});

it('a cursor of an account that has fewer events is refused', async () => {
  const store = new MemoryEventStore();
  const events = new AccountEvents(new Accounts(store, new MemoryReadModelStore()), store);
  const cursor = { revision: 7, balance: ZERO };
  for (const order of ['newest_first', 'oldest_first'] as const)
    await expect(events.page('a0', {}, { order, limit: 1, cursor })).rejects.toThrow('next_cursor');
});
