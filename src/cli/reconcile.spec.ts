// Reconciling and ending refunds at the command line, in this process, on a ledger in files.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';
import * as topup from '../../test/support/payments/topup-spec.js';
import { newUser, users } from '../identity/users/user.js';
import { usd } from '../kernel/index.js';
import { Accounts } from '../ledger/index.js';
import { Topups } from '../payments/index.js';
import { withContext } from './context.js';

const DAY = '2026-03-02';
const AT = Date.parse(`${DAY}T12:00:00.000Z`);

let files: Awaited<ReturnType<typeof newFolder>>;
const run = (line: string) => runCommand(line.split(' '), files.env);
const json = async (line: string): Promise<unknown> => {
  const { code, stdout, stderr } = await run(`--json ${line}`);
  if (code !== 0) throw new Error(`${line}: ${stderr}`);
  return JSON.parse(stdout) as unknown;
};
const refusal = async (line: string): Promise<string> => {
  const { code, stderr } = await run(line);
  return code === 1 ? stderr : `not refused: ${stderr}`;
};
const file = async (name: string, text: string | Buffer): Promise<string> => {
  const path = join(files.folder, name);
  await writeFile(path, text);
  return path;
};

/** A purchase of $10.00 that Stripe settled, with two refunds of a dollar that it has not ended. */
async function fill(topups: Topups, accounts: Accounts): Promise<void> {
  const at = AT;
  await accounts.execute('acc', { type: 'OpenAccount', commandId: 'open', at, accountId: 'acc' });
  await topups.execute('top', topup.order());
  await topups.execute('top', topup.report());
  await topups.execute('top', topup.book('txn_ours', { createdAt: AT }));
  const purchase = { lotId: 'top', topupId: 'top', amount: usd('10'), expiresAt: AT + 10 ** 10 };
  await accounts.execute('acc', { type: 'PurchaseCredit', commandId: 'buy', at, ...purchase });
  for (const refundId of ['r1', 'r2']) {
    const parts = [{ refundId, lotId: 'top' }];
    const request = { requestId: refundId, parts, amount: usd('1'), windowMs: 10 ** 9 };
    const about = { requestedBy: 'ada', reason: 'unused' };
    await accounts.execute('acc', { type: 'RequestRefund', commandId: refundId, at, ...request, ...about });
    const approval = { refundId, approvedBy: 'fay', alone: usd('1') };
    await accounts.execute('acc', { type: 'ApproveRefund', commandId: `${refundId}/yes`, at, ...approval });
  }
}

beforeAll(async () => {
  files = await newFolder();
  files = { ...files, env: { ...files.env, OPENAI_API_KEY: 'sk-of-a-test' } };
  Object.assign(process.env, files.env);
  await withContext(async ({ store, readModels, documents }) => {
    await fill(new Topups(store), new Accounts(store, readModels));
    for (const name of ['fay', 'max', 'cleo']) {
      const { unverifiedSince: _since, ...user } = newUser(`${name}@example.com`, `${DAY}T00:00:00.000Z`);
      await documents.insert(users, name, { ...user, roles: name === 'cleo' ? [] : ['finance'] });
    }
  });
});
afterAll(() => files.close());

const HEADS = 'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id';
const REPORT = [
  HEADS,
  `txn_ours,${DAY} 12:00:00,usd,10.00,0.59,9.41,charge,ch_1`,
  `txn_a,${DAY} 13:00:00,usd,100.00,3.20,96.80,charge,ch_2`,
  '',
].join('\n');

it('does not say that both sides agree where no day was compared, or of another list than that of open items', async () => {
  expect((await run('reconcile list')).stdout).toBe('No day was compared with Stripe yet.\n');
  expect((await run('reconcile list --status matched')).stdout).toBe('No item is matched.\n');
});

it('a report of Stripe’s is compared, and what differs is closed by two people', async () => {
  const csv = await file('activity.csv', REPORT);
  const report = join(files.folder, 'report.csv');
  const compare = `reconcile stripe --csv ${csv} --by fay@example.com`;
  expect(await json(`${compare} --report ${report}`)).toMatchObject([
    { day: DAY, matched: 1, theirs_only: 1, currency: 'usd', activity: '106.21', ledger: '9.41', explained: '96.80' },
  ]);
  const [, ...rows] = (await readFile(report, 'utf8')).trim().split('\n');
  expect(rows.map((row) => row.split(',').slice(0, 3).join(','))).toEqual([
    `txn_a,${DAY}T13:00:00.000Z,theirs_only`,
    `txn_ours,${DAY}T12:00:00.000Z,matched`,
  ]);

  const [open] = (await json('reconcile list')) as { item: string }[];
  const resolve = `reconcile resolve ${open?.item} --action foreign_payment --reason ticket --by fay`;
  expect(await json(resolve)).toMatchObject({ requestedBy: 'fay', action: 'foreign_payment' });
  expect(await refusal('reconcile approve txn_a --approved-by fay@example.com')).toContain('Someone else');
  const [proposed] = (await json('reconcile list')) as { proposedAt: string }[];
  const approve = 'reconcile approve txn_a --approved-by max --reason seen --proposed-at';
  expect(await refusal(`${approve} ${DAY}`)).toContain('Something else was proposed');
  expect(await json(`${approve} ${proposed?.proposedAt}`)).toMatchObject({ status: 'resolved', approvedBy: 'max' });
  expect((await run('reconcile list')).stdout).toBe('Stripe and the ledger agree.\n');
});

it('says what is wrong with days and reports', async () => {
  const broken = await file('broken.csv', REPORT.replace('9.41', '9.42'));
  expect(await refusal(`reconcile stripe --csv ${broken} --by fay`)).toMatch(
    /Row 2 .*net is not its gross less its fee/,
  );
  expect(await refusal('reconcile stripe --from 2026-03-02 --to 2026-03-01 --by fay')).toContain('UTC days');
  for (const text of ['', '\n\n']) {
    const empty = await file('empty.csv', text);
    expect(await refusal(`reconcile stripe --csv ${empty} --by fay`)).toContain(
      'empty.csv is not a CSV file: it is empty',
    );
  }
  const page = await file('page.csv', '<html>Log in</html>\n');
  expect(await refusal(`reconcile stripe --csv ${page} --by fay`)).toContain('page.csv: it has no column currency');
  const quiet = await file('quiet.csv', `${HEADS}\n`);
  const [to, report] = [`${DAY.slice(0, -1)}3`, join(files.folder, 'quiet-report.csv')];
  expect(await refusal(`reconcile stripe --csv ${quiet} --by fay`)).toContain('name the first day');
  expect(await refusal(`reconcile stripe --csv ${quiet} --from ${DAY} --by fay`)).toContain('name the first day');
  expect(
    await json(`reconcile stripe --csv ${quiet} --from ${DAY} --to ${to} --report ${report} --by fay`),
  ).toHaveLength(1);
  const utf16 = await file('utf16.csv', Buffer.from(`\uFEFF${REPORT}`, 'utf16le'));
  expect(await refusal(`reconcile stripe --csv ${utf16} --by fay`)).toMatch(
    /utf16\.csv is in UTF-16 .*: save it as UTF-8/,
  );
  expect(await refusal(`reconcile stripe --csv ${files.folder} --by fay`)).toContain('can’t be read: EISDIR');
});

it('a provider’s bill is compared, and what differs is closed by two people', async () => {
  const bill = await file('bill.csv', `Date,Item,USD\n${DAY},gpt-4o,0.75\n`);
  const columns = '--map day=Date --map model=Item --map cost=USD';
  expect(await refusal(`reconcile provider csv ${bill} --channel opnai ${columns} --by fay`)).toContain(
    'There are: openai',
  );
  const negative = `reconcile provider csv ${bill} --channel openai ${columns} --by fay --tolerance=-1`;
  expect(await refusal(negative)).toContain('a tolerance is not negative');
  const future = await file('future.csv', 'Date,Item,USD\n2999-01-02,gpt-4o,0.75\n');
  expect(await refusal(`reconcile provider csv ${future} --channel openai ${columns} --by fay`)).toContain(
    'The bill goes to 2999-01-02, and today is',
  );
  const imported = await json(`reconcile provider csv ${bill} --channel openai ${columns} --by fay`);
  expect(imported).toMatchObject({ channel: 'openai', billed: '0.75', difference: '0.75', open: 1 });
  const [difference] = (await json('reconcile provider-differences')) as { id: string }[];
  expect(difference).toMatchObject({ model: 'gpt-4o', status: 'theirs_only', state: 'open' });
  const close = `reconcile provider-resolve ${difference?.id} --resolution keep --reason ours --by fay`;
  expect(await refusal(`${close} --approved-by fay`)).toContain('Someone else');
  expect(await refusal(close.replace('keep', 'book'))).toContain('Decline it first');
  expect(await json(`reconcile provider-decline ${difference?.id} --reason early --by max`)).toMatchObject({
    state: 'open',
  });
  const { proposedAt } = (await json(close)) as { proposedAt: string };
  const approve = `reconcile provider-approve ${difference?.id} --approved-by max --reason seen --proposed-at`;
  expect(await refusal(`${approve} ${DAY}`)).toContain('Something else was proposed');
  expect(await json(`${approve} ${proposedAt}`)).toMatchObject({
    state: 'kept',
    requestedBy: 'fay',
    approvedBy: 'max',
  });
  const unreadable = await file('unreadable.csv', `Date,Item,USD\n${DAY},gpt-4o,free\n`);
  expect(await refusal(`reconcile provider csv ${unreadable} --channel openai ${columns} --by fay`)).toMatch(
    /row 2: column "USD": "free" is not a decimal/,
  );
});

it('a refund that Stripe does not end is ended by two people', async () => {
  const proposed = await json('refund fail r1 --reason lost --by fay');
  expect(proposed).toMatchObject({ status: 'approved' });
  expect(await refusal('refund end r1 --approved-by fay@example.com')).toContain('Someone else');
  expect(await refusal('refund complete r1 --reason found --by max')).toContain('Decline it first');
  expect(await json('refund decline-end r1 --reason found --by max')).toMatchObject({ status: 'approved' });
  expect(await refusal('refund end r1 --approved-by max')).toContain('Nobody has proposed');
  await json('refund fail r1 --reason lost --by fay');
  expect(await json('refund end r1 --approved-by max@example.com')).toMatchObject({ status: 'failed' });
  const complete = 'refund complete r2 --outside --reason by_wire --by fay';
  expect(await json(`${complete} --approved-by max`)).toMatchObject({ status: 'completed' });
  const balances = (await json('books trial-balance')) as { account: string; balance: string }[];
  const of = Object.fromEntries(balances.map(({ account, balance }) => [account, balance]));
  expect(of).toMatchObject({ 'liabilities:customers:credit': '-9.00', 'assets:bank': '-1.00' });
});

it.each([
  ['reconcile resolve txn_a --action explain --reason x --by cleo', '--by'],
  ['reconcile approve txn_a --approved-by cleo', '--approved-by'],
  ['reconcile decline txn_a --reason x --by cleo', '--by'],
  ['reconcile provider-resolve d --resolution keep --reason x --by fay --approved-by cleo', '--approved-by'],
  ['reconcile provider-approve d --approved-by cleo', '--approved-by'],
  ['reconcile provider-decline d --reason x --by cleo', '--by'],
  ['refund approve r1 --approved-by cleo', '--approved-by'],
  ['refund decline r1 --reason x --by cleo', '--by'],
  ['refund complete r1 --reason x --by cleo', '--by'],
  ['refund fail r1 --reason x --by fay --approved-by cleo', '--approved-by'],
  ['refund end r1 --approved-by cleo', '--approved-by'],
  ['refund decline-end r1 --reason x --by cleo', '--by'],
  ['books close 2026-01 --reason x --by cleo', '--by'],
  ['books close 2026-01 --reason x --by fay --approved-by cleo', '--approved-by'],
  ['books approve 2026-01 --by cleo', '--by'],
  ['books decline 2026-01 --reason x --by cleo', '--by'],
])('a customer decides nothing: %s', async (line, option) =>
  expect(await refusal(line)).toContain(`${option}: cleo does not have the role finance`),
);

it.each([
  ['rerate approve run --approved-by fay', '--approved-by'],
  ['rerate cancel run --reason x --by fay', '--by'],
  ['rerate reverse run --reason x --by fay', '--by'],
])('finance does not re-rate: %s', async (line, option) =>
  expect(await refusal(line)).toContain(`${option}: fay does not have the role operator`),
);

it.each([
  ['account adjust acc --reason x --requested-by cleo --approved-by fay --reference r -- -1', '--requested-by'],
  ['account adjust acc --reason x --requested-by fay --approved-by cleo --reference r -- -1', '--approved-by'],
  ['account credit acc 1 --reason x --by fay --approved-by cleo --reference r', '--approved-by'],
  ['account credit acc 1 --reason x --by cleo --approved-by fay --reference r', '--by'],
])('a customer is neither of two people: %s', async (line, option) =>
  expect(await refusal(line)).toContain(`${option}: cleo does not have the role finance or operator`),
);
