import { expect, it } from 'vitest';
import { ledgerWithHistory } from '../../test/support/ledger/history.js';
import { usageByDay } from './usage.projection.js';

it('usage is a row for each account, day, key and model', async () => {
  const made = await ledgerWithHistory();
  await made.open('a');
  await made.open('b');
  for (const chargeId of ['c1', 'c2', 'c3']) await made.hold('a', chargeId);
  await made.settle('a', 'c1', 1_000);
  await made.settle('a', 'c2', 500);
  await made.release('a', 'c3');
  await made.hold('b', 'c4');
  await made.settle('b', 'c4', 1);
  await made.project();
  const rows = await made.readModels.find(usageByDay.view, { where: { accountId: 'a' } });
  expect(rows.map(({ id, doc }) => ({ id, ...doc }))).toEqual([
    {
      id: 'a/2026-03-04/k-a/gpt-4o',
      accountId: 'a',
      day: '2026-03-04',
      keyId: 'k-a',
      model: 'gpt-4o',
      requests: 2,
      promptTokens: 200,
      cachedTokens: 0,
      completionTokens: 1_500,
      reasoningTokens: 0,
      images: 0,
      seconds: 0,
      characters: 0,
      // 200 × $2.50 + 1,500 × $10.00 a million
      cost: '0.0155',
    },
  ]);
});
