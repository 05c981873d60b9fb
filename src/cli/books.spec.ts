// The books at the command line, in this process, on a ledger in files.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';
import { newUser, users } from '../identity/users/user.js';
import type { JsonObject } from '../kernel/index.js';
import { withContext } from './context.js';

const MARCH_5 = '2026-03-05T00:00:00.000Z';
const EVENTS: readonly { readonly type: string; readonly data: JsonObject }[] = [
  { type: 'AccountOpened', data: { accountId: 'acc', at: MARCH_5 } },
  {
    type: 'CreditGranted',
    data: { lotId: 'l', amount: '3.00', expiresAt: '2026-04-05T00:00:00.000Z', reason: 'welcome', at: MARCH_5 },
  },
  {
    type: 'CreditExpired',
    data: {
      lotId: 'l',
      kind: 'bonus',
      amount: '3.00',
      expiredAt: '2026-04-05T00:00:00.000Z',
      at: '2026-04-05T00:00:01.000Z',
    },
  },
];

let files: Awaited<ReturnType<typeof newFolder>>;
const run = (line: string) => runCommand(line.split(' '), files.env);
const text = async (line: string): Promise<string> => (await run(line)).stdout;
const json = async (line: string): Promise<unknown> => JSON.parse(await text(`--json ${line}`));
const refusal = async (line: string): Promise<string> => {
  const { code, stderr } = await run(line);
  return code === 1 ? stderr : `not refused: ${stderr}`;
};

beforeAll(async () => {
  files = await newFolder();
  Object.assign(process.env, files.env);
  await withContext(async ({ store, documents }) => {
    const ids = EVENTS.map((event, index) => ({
      ...event,
      id: `00000000-0000-4000-8000-00000000000${index}`,
      metadata: {},
    }));
    await store.append('account-acc', -1, ids);
    for (const name of ['fay', 'max']) {
      const { unverifiedSince: _since, ...user } = newUser(`${name}@example.com`, MARCH_5);
      await documents.insert(users, name, { ...user, roles: ['finance'] });
    }
  });
});
afterAll(() => files.close());

it('the chart names every account with its number', async () => {
  const out = await text('books chart');
  expect(out).toContain('1100');
  expect(out).toContain('liabilities:customers:credit');
});

it('reports are of a period', async () => {
  expect(await json('books trial-balance --from 2026-04-01 --to 2026-05-01')).toEqual([
    expect.objectContaining({ account: 'expenses:promotions', opening: '3.00', credits: '3.00', balance: '0.00' }),
    expect.objectContaining({
      account: 'liabilities:customers:credit',
      opening: '-3.00',
      debits: '3.00',
      balance: '0.00',
    }),
  ]);
  const rolled = await json('books roll-forward --account acc --to 2026-04-01');
  expect(rolled).toMatchObject([
    { kind: 'paid' },
    { kind: 'bonus' },
    { account_id: 'acc', kind: 'all', closing: '3.00' },
  ]);
  expect(await refusal('books roll-forward --account none')).toContain('none');
  expect(await json('books breakage')).toEqual([{ month: '2026-04', kind: 'bonus', expiries: 1, amount: '3.00' }]);
  expect(await text('books revenue')).toBe('Nothing was booked in this period.\n');
});

it('the journal goes to standard output, for any program', async () => {
  const out = await text('export journal --format xero --tax-rate No_VAT --to 2026-04-01');
  const [, ...lines] = out.trim().split('\n');
  expect(lines).toEqual([
    'token-hub 2026-03-05 USD,05/03/2026,expenses:promotions,6010,No_VAT,3.00,,,,',
    'token-hub 2026-03-05 USD,05/03/2026,liabilities:customers:credit,2000,No_VAT,-3.00,,,,',
  ]);
});

it('a month is closed by two people', async () => {
  const close = 'books close 2026-03 --reason complete --by fay@example.com';
  expect(await refusal('books close 2026-03 --reason complete')).toContain('Say who you are');
  expect(await refusal(`${close} --approved-by fay`)).toContain('another person');
  expect(await text('books closed')).toBe('No month is closed.\n');
  expect(await json(close)).toMatchObject({ period: '2026-03', proposedBy: 'fay', openItems: 0, oldestOpenItems: [] });
  expect(await json('books decline 2026-03 --reason early --by max')).toEqual({ period: '2026-03', status: 'open' });
  const proposed = await text(close);
  expect(proposed).toContain('31 days: 2026-03-01 2026-03-02');
  expect(proposed).toContain('No comparison knew a balance of Stripe’s in this month.');
  expect(await json('books decline 2026-03 --reason early --by max')).toEqual({ period: '2026-03', status: 'open' });
  expect(await json(`${close} --approved-by max@example.com`)).toMatchObject({
    proposedBy: 'fay',
    approvedBy: 'max',
    entries: 1,
    trialBalance: [{ balance: '3.00' }, { balance: '-3.00' }],
  });
  expect(await refusal(close)).toContain('2026-03 is closed');
  expect(await text('books closed 2026-03')).toContain('expenses:promotions');
});

it('a proposal waits for its approval', async () => {
  await run('books close 2026-04 --reason complete --by fay');
  expect(await refusal('books approve 2026-04 --by fay')).toContain('Someone else');
  const approved = { period: '2026-04', approvedBy: 'max', approvalReason: 'complete' };
  expect(await json('books approve 2026-04 --by max --reason complete')).toMatchObject(approved);
  expect(await json('books closed')).toMatchObject([{ period: '2026-03' }, { period: '2026-04' }]);
});
