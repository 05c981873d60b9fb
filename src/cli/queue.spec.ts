// The queue at the command line, in this process, on a ledger in files.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { newFolder } from '../../test/support/gateway/folder.js';
import { newUser, users } from '../identity/users/user.js';
import { toInstant, usd } from '../kernel/index.js';
import { Accounts } from '../ledger/index.js';
import { withContext } from './context.js';

const AT = Date.UTC(2026, 2, 5);
const lot = { lotId: 'l', amount: usd('5'), expiresAt: Date.UTC(2036, 3, 5), reason: 'welcome' };
const hold = { keyId: 'k', model: 'gpt-4o', priceVersion: 1, amount: usd('0.1'), ttlMs: 60_000 };

/** An account with two calls whose usage is unknown. */
async function open(accounts: Accounts): Promise<void> {
  let commands = 0;
  const base = () => ({ commandId: `c${commands++}`, at: AT });
  const key = { keyId: 'k', secretHash: '0'.repeat(64), last4: 'wxyz', settings: { name: 'laptop' } };
  await accounts.execute('acc', { type: 'OpenAccount', ...base(), accountId: 'acc' });
  await accounts.execute('acc', { type: 'IssueKey', ...base(), ...key });
  await accounts.execute('acc', { type: 'GrantCredit', ...base(), ...lot });
  for (const chargeId of ['c1', 'c2']) {
    await accounts.execute('acc', { type: 'PlaceHold', ...base(), chargeId, requestId: `r-${chargeId}`, ...hold });
    await accounts.execute('acc', { type: 'ReleaseHold', ...base(), chargeId, reason: 'usage_unknown' });
  }
}

let files: Awaited<ReturnType<typeof newFolder>>;
const run = (line: string) => runCommand(line.split(' '), files.env);
const json = async (line: string): Promise<unknown> => JSON.parse((await run(`--json ${line}`)).stdout);
const refusal = async (line: string): Promise<string> => {
  const { code, stderr } = await run(line);
  return code === 1 ? stderr : `not refused: ${stderr}`;
};

beforeAll(async () => {
  files = await newFolder();
  Object.assign(process.env, files.env);
  await withContext(async ({ store, readModels, documents }) => {
    await open(new Accounts(store, readModels));
    for (const name of ['olga', 'cleo']) {
      const { unverifiedSince: _since, ...user } = newUser(`${name}@example.com`, toInstant(AT));
      await documents.insert(users, name, { ...user, roles: name === 'olga' ? ['operator'] : [] });
    }
  });
  await run('prices publish --by olga');
});
afterAll(() => files.close());

it('counts what waits, and goes through it page by page', async () => {
  expect(await json('queue')).toContainEqual({ kind: 'usage_unknown', count: 2 });
  const first = (await json('queue --kind usage_unknown --limit 1')) as { items: object[]; next: string };
  expect(first.items).toMatchObject([{ id: 'c1', account: 'acc', choices: 'charge_counts, dismiss' }]);
  expect(await json(`queue --account acc --cursor ${first.next}`)).toMatchObject({ items: [{ id: 'c2' }], next: null });
});

it('shows what a choice would do, and does it in the name of a person', async () => {
  const counts = '--prompt-tokens 1000000 --completion-tokens 100000';
  expect(await json(`queue show c1 ${counts}`)).toMatchObject({
    choices: [{ choice: 'charge_counts', effect: 'The balance goes from $5.00 to $1.50.' }, { choice: 'dismiss' }],
  });
  expect(await refusal(`queue choose c1 charge_counts ${counts} --reason log`)).toContain('Say who you are');
  expect(await refusal(`queue choose c1 charge_counts ${counts} --reason log --by cleo`)).toContain(
    'the role operator',
  );
  expect(await json(`queue choose c1 charge_counts ${counts} --reason log --by olga`)).toEqual([
    { stream: 'account-acc', type: 'TokensCharged' },
  ]);
  expect(await refusal('queue choose c1 dismiss --reason late --by olga')).toContain('has been settled');
  await run('queue choose c2 dismiss --reason nothing --by olga');
  expect(await json('queue show c2')).toMatchObject({ dismissed: { by: 'olga', reason: 'nothing' }, choices: [] });
});
