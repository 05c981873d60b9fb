// What is asked of the end of a long history does not read its beginning.
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LATER, longAccount, longHistory, storeWith } from '../../test/support/ledger/long-account.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { toInstant, usd } from '../kernel/index.js';
import { Accounts, GetAccount, posted } from '../ledger/index.js';
import { GetAccountHandler } from '../ledger/accounts.handlers.js';
import { AccountEntries } from './entries/account-entries.js';
import { MOST_SCANNED } from './entries/newest-entry.js';
import { AccountEvents } from './events/account-events.js';
import { statementFile } from './statements/index.js';

const from = toInstant(LATER);
const to = toInstant(LATER + 60_000);
let account: Awaited<ReturnType<typeof longAccount>>;

beforeEach(async () => void (account = await longAccount()));
// oxlint-disable-next-line vitest/no-standalone-expect -- of every test here
afterEach(() => expect(account.store.eventsRead).toBeLessThan(100));

it('not for a statement', async () => {
  const file = await statementFile(account, { accountId: 'a0', from, to, format: 'json' }, undefined);
  const statement: unknown = JSON.parse(await text(file.getStream()));
  expect(statement).toMatchObject({ opening_balance: '1.00', closing_balance: '0.75' });
});

it('not for an event or the events since an instant', async () => {
  const events = new AccountEvents(account.accounts, account.store);
  const one = await events.one('a0', 1_204);
  expect(one).toMatchObject({ event: { type: 'TokensCharged' }, balanceAfter: usd('0.75') });
  const page = await events.page('a0', { from }, { order: 'oldest_first', limit: 10 });
  expect(page.events.map(({ event, balanceAfter }) => [event.type, balanceAfter])).toEqual([
    ['HoldPlaced', usd('1')],
    ['TokensCharged', usd('0.75')],
  ]);
});

it('not for a file of the entries since an instant', async () => {
  const entries = [];
  for await (const entry of new AccountEntries(account.accounts, account.store).all('a0', { from }))
    entries.push(entry);
  expect(entries).toMatchObject([{ type: 'TokensCharged', balanceAfter: usd('0.75') }]);
});

it('not for the account as it was', async () => {
  const handler = new GetAccountHandler(account.accounts, account.store);
  const state = await handler.execute(new GetAccount('a0', { instant: LATER }));
  expect([posted(state), state.held]).toEqual([usd('1'), usd('0.5')]);
});

it('and pages before an instant do not go through all that came after it', async () => {
  const since = toInstant(LATER);
  const store = await storeWith(longHistory(MOST_SCANNED + 1, LATER));
  const accounts = new Accounts(store, new MemoryReadModelStore());
  await accounts.stored('a0');
  store.eventsRead = 0;
  const page = await new AccountEntries(accounts, store).page('a0', { to: since }, 10);
  expect(page).toMatchObject({ entries: [{ type: 'CreditGranted', balanceAfter: usd('1') }], next: undefined });
  const events = await new AccountEvents(accounts, store).page(
    'a0',
    { to: since },
    { order: 'newest_first', limit: 10 },
  );
  expect(events.events.map(({ event }) => event.type)).toEqual(['KeyIssued', 'CreditGranted', 'AccountOpened']);
  expect(store.eventsRead).toBeLessThan(5_000);
});
