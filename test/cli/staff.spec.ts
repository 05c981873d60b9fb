// Staff at the command line, beside a gateway that runs: each is one person however they are named, and what is run again is done once.
// Modes: embedded. users.spec.ts runs the command line on servers, too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/ledger/index.js';
import { runCommand } from '../support/command-line.js';
import { newFolder } from '../support/gateway/gateway.js';
import { Program, type RunningGateway, startGatewayProcess, tokenhub } from '../support/gateway/gateway-process.js';
import { type Office, openOffice } from '../support/gateway/office.js';
import { newPerson, TestPerson } from '../support/gateway/person.js';
import { until } from '../support/gateway/until.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: RunningGateway;
let office: Office;
let [ada, bob]: TestPerson[] = [];
let accountId: string;

beforeAll(async () => {
  files = await newFolder();
  gateway = await startGatewayProcess(files.env);
  office = await openOffice(files.env);
  [ada, bob] = [await newPerson(gateway, 'ada@example.com'), await newPerson(gateway, 'bob@example.com')];
  accountId = (await office.desk.account('0.00')).id;
});
afterAll(async () => {
  await office.close();
  await gateway.program.kill('SIGKILL');
  await files.close();
});

const account = (name: string, ...args: string[]) => tokenhub(files.env, 'account', name, accountId, ...args);
const events = async (type: AccountEvent['type']) =>
  ((await tokenhub(files.env, 'account', 'events', accountId)) as AccountEvent[])
    .filter((event) => event.type === type)
    .map(({ data }) => data);
const granted = async (reference: string) =>
  (await events('CreditGranted')).filter((data) => 'reference' in data && data.reference === reference);
const user = (...args: string[]) => tokenhub(files.env, 'user', ...args);
const why = ['--reason', 'goodwill'];

describe('who acts', () => {
  it('must be said, and must be there', async () => {
    await expect(account('credit', '1', ...why)).rejects.toThrow('Say who you are with --by');
    await expect(account('credit', '1', ...why, '--by', 'nobody@example.com')).rejects.toThrow(
      '--by: there is no user',
    );
    await new TestPerson(gateway, 'eve@example.com').register();
    await until('eve is there', async () =>
      JSON.stringify(await tokenhub(files.env, 'user', 'list')).includes('eve@example.com'),
    );
    await expect(account('suspend', ...why, '--by', 'eve@example.com')).rejects.toThrow('has not confirmed');
  });

  it('is one of staff where it takes two people: an account of a customer is no second person', async () => {
    const adjust = (by: string, approvedBy: string) =>
      account('adjust', ...why, '--requested-by', by, '--approved-by', approvedBy, '--', '-1');
    await user('role', 'ada@example.com', '--add', 'operator');
    await expect(adjust('bob@example.com', 'ada@example.com')).rejects.toThrow('--requested-by: bob@example.com does');
    await expect(adjust('ada@example.com', 'bob@example.com')).rejects.toThrow('--approved-by: bob@example.com does');
    await user('role', 'bob@example.com', '--add', 'finance');
  });

  it('is one person by address and by id: above the limit it takes two', async () => {
    const adjust = (amount: string, approvedBy: string) =>
      account('adjust', ...why, '--requested-by', ada?.userId ?? '', '--approved-by', approvedBy, '--', amount);
    await expect(adjust('-100.01', 'Ada@Example.com')).rejects.toThrow('Someone else must approve it');
    await expect(adjust('-100.01', 'nobody')).rejects.toThrow('--approved-by: there is no user "nobody"');
    await adjust('-100.01', 'bob@example.com');
    expect(await events('BalanceAdjusted')).toMatchObject([{ requestedBy: ada?.userId, approvedBy: bob?.userId }]);
    const credit = ['credit', '100.01', ...why, '--by', 'ada@example.com'] as const;
    await expect(account(...credit, '--approved-by', ada?.userId ?? '')).rejects.toThrow(
      'Someone else must approve it',
    );
    await account(...credit, '--approved-by', 'bob@example.com', '--reference', 'large');
    expect(await granted('large')).toMatchObject([{ by: ada?.userId, approvedBy: bob?.userId }]);
  });

  it('and why stands in every event of what staff decides', async () => {
    const by = ['--by', 'ada@example.com'];
    const { keyId } = (await tokenhub(files.env, 'key', 'issue', accountId, ...by, ...why)) as { keyId: string };
    const next = (await tokenhub(files.env, 'key', 'reissue', accountId, keyId, ...by, ...why)) as { keyId: string };
    await tokenhub(files.env, 'key', 'update', accountId, next.keyId, ...by, ...why, '--rpm', '7');
    await tokenhub(files.env, 'key', 'revoke', accountId, next.keyId, ...by, ...why);
    for (const name of ['suspend', 'reinstate', 'close']) await account(name, ...by, ...why);
    const all = (await tokenhub(files.env, 'account', 'events', accountId)) as AccountEvent[];
    const decisions = all.slice(all.findIndex(({ data }) => 'keyId' in data && data.keyId === keyId));
    expect(decisions.map(({ type }) => type)).toEqual([
      'KeyIssued',
      'KeyIssued',
      'KeyRevoked',
      'KeyUpdated',
      'KeyRevoked',
      'AccountSuspended',
      'AccountReinstated',
      'AccountClosed',
    ]);
    for (const { data } of decisions) expect(data).toMatchObject({ by: ada?.userId, reason: 'goodwill' });
  });
});

describe('what is made', () => {
  const credit = (...args: string[]) => account('credit', '5', ...why, '--by', 'ada@example.com', ...args);

  it('needs a reference in a script', async () => {
    for (const args of [
      ['account', 'create'],
      ['account', 'credit', accountId, '5', ...why],
      ['key', 'issue', accountId],
    ]) {
      const { code, stderr } = await runCommand(args, files.env);
      expect([code, stderr]).toEqual([1, expect.stringContaining('--reference <text>')]);
    }
  });

  it('is made once, and reported as done before', async () => {
    const first = await credit('--reference', 'ticket-1');
    expect(first).toMatchObject({ status: 'done', reference: 'ticket-1' });
    const { lot } = first as { lot: string };
    expect(await credit('--reference', 'ticket-1')).toMatchObject({
      lot,
      status: expect.stringContaining('already done'),
    });
    await expect(account('credit', '6', ...why, '--by', 'bob@example.com', '--reference', 'ticket-1')).rejects.toThrow(
      'The reference "ticket-1" made something else on this account: CreditGranted',
    );
    expect(await granted('ticket-1')).toHaveLength(1);
  });

  it('is made once, though the command was killed right after its commit', async () => {
    const args = ['account', 'credit', accountId, '5', ...why, '--by', 'ada@example.com', '--reference', 'ticket-2'];
    const program = new Program('src/cli.js', args, files.env);
    await until(
      'the credit',
      async () =>
        await office.accounts.read(accountId, ({ references }) => references.has('ticket-2'), { fresh: true }),
    );
    await program.kill('SIGKILL');
    expect(await credit('--reference', 'ticket-2')).toMatchObject({ status: expect.stringContaining('already done') });
    expect(await granted('ticket-2')).toHaveLength(1);
  });

  it('is an account and a key, too', async () => {
    const create = (usd: string) =>
      tokenhub(files.env, 'account', 'create', '--credit', usd, '--by', 'ada@example.com', '--reference', 'first');
    const opened = (await create('2')) as { accountId: string };
    expect(await create('2')).toEqual(opened);
    await expect(create('3')).rejects.toThrow('The reference "first" made something else');
    expect(await tokenhub(files.env, 'balance', opened.accountId)).toMatchObject({ balance: '2.00' });
    const issue = () =>
      tokenhub(files.env, 'key', 'issue', opened.accountId, '--by', 'ada@example.com', '--reference', 'laptop');
    const { keyId } = (await issue()) as { keyId: string };
    await expect(issue()).rejects.toThrow(`has issued the key ${keyId} before`);
    expect(await tokenhub(files.env, 'key', 'list', opened.accountId)).toMatchObject([{ keyId, status: 'active' }]);
  });
});
