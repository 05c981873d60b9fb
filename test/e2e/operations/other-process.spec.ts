// What another process writes to the same ledger is seen by a running gateway at once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IssueKey, RevokeKey, UpdateKey } from '../../../src/keys/index.js';
import { ReinstateAccount, SuspendAccount } from '../../../src/ledger/index.js';
import { chat, errorOf, get, jsonOf, post } from '../../support/gateway/calls.js';
import { newFolder } from '../../support/gateway/gateway.js';
import { RunningGateways, tokenhub } from '../../support/gateway/gateway-process.js';
import { type Office, openOffice } from '../../support/gateway/office.js';

let gateway: RunningGateways;
let office: Office;
let files: Awaited<ReturnType<typeof newFolder>>;
beforeAll(async () => {
  files = await newFolder();
  gateway = await RunningGateways.start(files.env);
  office = await openOffice(files.env);
});
afterAll(async () => {
  await office.close();
  await gateway.kill('SIGTERM');
  await files.close();
});

const call = (key: string, more = {}) => post(gateway.url, key, chat('Hi', more));

describe('written by another process,', () => {
  it('a new account and its key work at once', async () => {
    const account = await office.desk.account();
    expect((await call(account.key)).status).toBe(200);
    expect((await account.ending()).charged).toHaveLength(1);
  });

  it('another key of a known account works at once, and stops at once when it is revoked', async () => {
    const account = await office.desk.account();
    expect((await call(account.key)).status).toBe(200);
    const { key, keyId } = await office.desk.commands.execute(new IssueKey(account.id, { name: 'second' }));
    expect((await call(key)).status).toBe(200);
    await office.desk.commands.execute(new RevokeKey(account.id, keyId));
    expect(errorOf(await call(key))).toMatchObject({ status: 401, code: 'key_revoked' });
    expect(errorOf(await get(gateway.url, '/v1/models', key))).toMatchObject({ status: 401, code: 'key_revoked' });
    expect((await call(account.key)).status).toBe(200);
  });

  it('credit can be spent at once by an account that had none', async () => {
    const account = await office.desk.account('0.00');
    expect((await call(account.key)).status).toBe(402);
    expect((await call(account.key, { max_tokens: 10 })).status).toBe(402);
    await account.grant('1.00');
    expect((await call(account.key)).status).toBe(200);
    expect((await call(account.key, { max_tokens: 10 })).status).toBe(200);
    expect(jsonOf(await get(gateway.url, '/v1/account/balance', account.key))['balance']).toBe(await account.balance());
  });

  it('a larger budget and more models count at once', async () => {
    const account = await office.desk.account('5.00', { budgetTotal: '0.000001', allowedModels: ['gpt-4o-mini'] });
    expect(errorOf(await call(account.key))).toMatchObject({ status: 403, code: 'budget_exceeded' });
    expect(errorOf(await call(account.key, { model: 'gpt-4o' }))).toMatchObject({ code: 'model_not_allowed' });
    await office.desk.commands.execute(new UpdateKey(account.id, account.keyId, { settings: { name: 'free' } }));
    expect((await call(account.key, { model: 'gpt-4o' })).status).toBe(200);
  });

  it('a suspension stops the account, until it ends', async () => {
    const account = await office.desk.account();
    expect((await call(account.key)).status).toBe(200);
    await office.desk.commands.execute(new SuspendAccount(account.id, { reason: 'test' }));
    expect(errorOf(await call(account.key))).toMatchObject({ status: 403, code: 'account_suspended' });
    await office.desk.commands.execute(new ReinstateAccount(account.id, { reason: 'test' }));
    expect((await call(account.key)).status).toBe(200);
  });
});

describe('through the command line,', () => {
  it('an account is opened, credited and given a key that works, until it is revoked', async () => {
    const { accountId } = (await tokenhub(files.env, 'account', 'create', '--credit', '1.00')) as { accountId: string };
    const issued = (await tokenhub(files.env, 'key', 'issue', accountId)) as { key: string; keyId: string };
    expect((await call(issued.key)).status).toBe(200);
    await tokenhub(files.env, 'key', 'revoke', accountId, issued.keyId, '--reason', 'it was lost');
    expect(errorOf(await call(issued.key))).toMatchObject({ status: 401, code: 'key_revoked' });
  });
});
