import { expect, it } from 'vitest';
import { ledgerWithHistory } from '../../test/support/ledger/history.js';
import { keyUse } from './key-use.projection.js';

it('the use of a key is what its charged calls came to, and when the latest was made', async () => {
  const made = await ledgerWithHistory();
  await made.open('a');
  await made.open('b');
  for (const chargeId of ['c1', 'c2', 'c3']) await made.hold('a', chargeId);
  await made.settle('a', 'c1', 1_000);
  await made.settle('a', 'c2', 500);
  await made.release('a', 'c3');
  await made.project();
  const rows = await made.readModels.load(keyUse.view, ['k-a', 'k-b']);
  expect([...rows.values()].map(({ doc }) => doc)).toEqual([
    // 200 × $2.50 + 1,500 × $10.00 a million
    { accountId: 'a', keyId: 'k-a', calls: 2, spent: '0.0155', lastUsedAt: '2026-03-04T12:00:00.000Z' },
  ]);
});
