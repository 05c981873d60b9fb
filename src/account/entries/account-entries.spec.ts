import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { chained, fill, logs } from '../../../test/support/ledger/logs.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { usd } from '../../kernel/index.js';
import { type AccountEvent, Accounts, accountStream, ENTRY_TYPES, posted } from '../../ledger/index.js';
import { AccountEntries, type BookedEntry, type EntryFilter } from './account-entries.js';
import type { EntryCursor } from './entry-cursor.js';
import { MOST_SCANNED } from './newest-entry.js';

const filters: fc.Arbitrary<EntryFilter> = fc.record(
  {
    type: fc.constantFrom(...ENTRY_TYPES),
    keyId: fc.constantFrom('k0', 'k1'),
    model: fc.constantFrom('gpt-4o', 'another'),
  },
  { requiredKeys: [] },
);

/** All pages, one after the other. */
async function paged(entries: AccountEntries, filter: EntryFilter, limit: number): Promise<BookedEntry[]> {
  const found: BookedEntry[] = [];
  let cursor: EntryCursor | undefined;
  do {
    const page = await entries.page('a0', filter, limit, cursor);
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    found.push(...page.entries);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

it('pages of entries are all of them backwards, with the balances that going forwards finds', async () => {
  const shares = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(logs, filters, fc.integer({ min: 1, max: 9 }), shares, shares, async (log, kind, limit, a, b) => {
      const store = new MemoryEventStore();
      await fill(store, log);
      const accounts = new Accounts(store, new MemoryReadModelStore());
      const entries = new AccountEntries(accounts, store);
      const whole: BookedEntry[] = [];
      for await (const entry of entries.all('a0', {})) whole.push(entry);
      const at = (share: number) => whole[Math.floor(share * (whole.length - 1))]?.at;
      const filter = { ...kind, from: at(a), to: at(b) };
      const expected: BookedEntry[] = [];
      for await (const entry of entries.all('a0', filter)) expected.push(entry);
      expect(await paged(entries, {}, limit)).toEqual(whole.toReversed());
      expect(await paged(entries, filter, limit)).toEqual(expected.toReversed());
      const { state } = await accounts.stored('a0');
      expect(whole.at(-1)?.balanceAfter).toBe(posted(state));
    }),
    { numRuns: 60 },
  );
});

it('a page looks at so many events at most, and says that there is more', async () => {
  const at = '2026-03-04T12:00:00.000Z';
  const lot = { lotId: 'l', amount: '1.00', expiresAt: '2027-03-04T12:00:00.000Z', reason: 'welcome', at };
  const key = { keyId: 'k', name: 'one', at };
  const events: AccountEvent[] = [
    { type: 'AccountOpened', data: { accountId: 'a0', at } },
    { type: 'CreditGranted', data: lot },
    { type: 'KeyIssued', data: { ...key, secretHash: 'a'.repeat(64), last4: 'wxyz' } },
    ...Array.from({ length: MOST_SCANNED }, (): AccountEvent => ({ type: 'KeyUpdated', data: key })),
  ];
  const store = new MemoryEventStore();
  const stream = accountStream('a0');
  const whole = chained(stream, events);
  for (let from = 0; from < whole.length; from += 1_000) {
    await store.append(stream, from - 1, whole.slice(from, from + 1_000));
  }
  const entries = new AccountEntries(new Accounts(store, new MemoryReadModelStore()), store);
  const first = await entries.page('a0', {}, 10);
  expect([first.entries.length, first.next?.revision]).toEqual([0, events.length - 1 - MOST_SCANNED]);
  expect(await paged(entries, {}, 10)).toMatchObject([{ type: 'CreditGranted', balanceAfter: usd('1') }]);
});
