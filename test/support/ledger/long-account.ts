// An account with a history that is long enough for a snapshot, and a little after it.
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { toInstant, usd } from '../../../src/kernel/index.js';
import { type AccountCommand, type AccountEvent, Accounts, accountStream } from '../../../src/ledger/index.js';
import { normaliseUsage } from '../../../src/pricing/index.js';
import { HOUR, NOON } from './commands.js';
import { CountingStore } from './counting-store.js';
import { chained } from './logs.js';

/** When the call after the long history was let in. */
export const LATER = NOON + HOUR;

export const longHistory = (length: number, at = NOON): AccountEvent[] => {
  const [first, then] = [toInstant(NOON), toInstant(at)];
  const lot = { lotId: 'lot', amount: '1.00', expiresAt: toInstant(NOON + 1e10), reason: 'welcome', at: first };
  const key = { keyId: 'key', name: 'one' };
  return [
    { type: 'AccountOpened', data: { accountId: 'a0', at: first } },
    { type: 'CreditGranted', data: lot },
    { type: 'KeyIssued', data: { ...key, secretHash: 'a'.repeat(64), last4: 'wxyz', at: first } },
    ...Array.from({ length }, (): AccountEvent => ({ type: 'KeyUpdated', data: { ...key, at: then } })),
  ];
};

/** A store with the long history of the account `a0`. */
export async function storeWith(history: readonly AccountEvent[]): Promise<CountingStore> {
  const store = new CountingStore();
  const whole = chained(accountStream('a0'), history);
  for (let from = 0; from < whole.length; from += 1_000)
    await store.append(accountStream('a0'), from - 1, whole.slice(from, from + 1_000));
  return store;
}

/** 1,203 events, a snapshot of them, and a call of $0.25 an hour later. */
export async function longAccount() {
  const store = await storeWith(longHistory(1_200));
  const readModels = new MemoryReadModelStore();
  const accounts = new Accounts(store, readModels);
  await accounts.stored('a0'); // which makes the snapshot
  const execute = (type: AccountCommand['type'], at: number, fields: object) =>
    accounts.execute('a0', { type, commandId: type, at, chargeId: 'call', ...fields } as never);
  const hold = { requestId: 'request', keyId: 'key', model: 'gpt-4o', priceVersion: 1, ttlMs: HOUR };
  await execute('PlaceHold', LATER, { ...hold, amount: usd('0.5') });
  const answer = { provider: 'openai', upstreamModel: 'gpt-4o', attempts: [{ channel: 'openai', status: 200 }] };
  const usage = normaliseUsage({ prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 });
  const cost = { cost: usd('0.25'), providerCost: usd('0.1'), usage, usageRaw: {} };
  await execute('SettleHold', LATER + 1_000, { ...answer, ...cost });
  store.eventsRead = 0;
  return { store, readModels, accounts };
}
