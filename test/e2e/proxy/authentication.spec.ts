// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, toInstant } from '../../../src/kernel/index.js';
import { createKey, RevokeKey } from '../../../src/keys/index.js';
import { SuspendAccount } from '../../../src/ledger/index.js';
import { chat, COMPLETIONS, errorOf, get, jsonOf, MODEL, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { NOTHING, type TestAccount } from '../../support/gateway/ledger-desk.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  gateway = await startGateway();
  account = await gateway.desk.account();
});
afterAll(() => gateway.close());

/** A key with its `index`th character, counted from the end when negative, changed. */
function withCharacterChanged(key: string, index: number): string {
  const at = index < 0 ? key.length + index : index;
  return key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
}

/** Calls with an Authorization header and expects a 401 that was neither forwarded nor charged. */
async function unauthenticated(
  authorization: string | undefined,
  others: Record<string, string> = {},
): Promise<{ code: string; message: string }> {
  const headers = {
    'content-type': 'application/json',
    ...others,
    ...(authorization !== undefined && { authorization }),
  };
  const init = { method: 'POST', headers, body: JSON.stringify(chat('Hi')) };
  const answer = await request(`${gateway.url}${COMPLETIONS}`, init);
  const { status, type, param, code, message } = errorOf(answer);
  expect({ status, type, param }).toEqual({ status: 401, type: 'authentication_error', param: null });
  expect(await gateway.wasForwarded(answer.requestId)).toBe(false);
  return { code, message };
}

describe('401 says what is wrong with the key:', () => {
  it.each([
    ['no header', undefined, 'missing_api_key', 'No API key was sent'],
    ['an empty header', '', 'missing_api_key', 'No API key was sent'],
    ['another scheme', 'Basic dXNlcjpwYXNz', 'invalid_api_key', 'header is malformed'],
    ['a scheme without a key', 'Bearer', 'invalid_api_key', 'header is malformed'],
    ['a key of someone else’s', 'Bearer sk-proj-abcdef', 'invalid_api_key', 'malformed: it does not start with sk-th_'],
    ['only the prefix', 'Bearer sk-th_', 'invalid_api_key', 'malformed'],
  ])('%s', async (_case, authorization, code, sentence) => {
    const error = await unauthenticated(authorization);
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });

  it.each([
    ['a truncated key', (key: string) => key.slice(0, -1), 'is truncated: it has 65 of 66 characters'],
    ['half a key', (key: string) => key.slice(0, 33), 'is truncated: it has 33 of 66 characters'],
    ['a key with more at its end', (key: string) => `${key}x`, 'is malformed: it has 67 characters instead of 66'],
    ['a changed account id', (key: string) => withCharacterChanged(key, 10), 'a character was changed'],
    ['a changed secret', (key: string) => withCharacterChanged(key, 40), 'a character was changed'],
    ['a changed checksum', (key: string) => withCharacterChanged(key, -1), 'a character was changed'],
    ['a key with a foreign character', (key: string) => `${key.slice(0, -1)}-`, 'letters and digits only'],
    ['a wrong key of the account', () => createKey(account.id), 'There is no such API key'],
    ['a key of an account that never was', () => createKey(newId()), 'There is no such API key'],
  ])('%s', async (_case, damage, sentence) => {
    const error = await unauthenticated(`Bearer ${damage(account.key)}`);
    expect(error.code).toBe('invalid_api_key');
    expect(error.message).toContain(sentence);
  });

  it('a revoked key, and when it was revoked', async () => {
    const { key, keyId, last4 } = await account.issueKey();
    await gateway.desk.commands.execute(new RevokeKey(account.id, keyId));
    const error = await unauthenticated(`Bearer ${key}`);
    expect(error.code).toBe('key_revoked');
    expect(error.message).toMatch(new RegExp(`ending in ${last4} was revoked at 20`));
  });

  it('an expired key, and when it expired', async () => {
    const expiresAt = toInstant(Date.now() + 2_000);
    const { key } = await account.issueKey({ expiresAt });
    await until('its expiry', () => toInstant(Date.now()) > expiresAt);
    const error = await unauthenticated(`Bearer ${key}`);
    expect(error.code).toBe('key_expired');
    expect(error.message).toContain(`expired at ${expiresAt}`);
  });

  it('on every path of /v1', async () => {
    for (const path of ['/v1/models', `/v1/models/${MODEL}`, '/v1/account/balance']) {
      expect(errorOf(await get(gateway.url, path, 'sk-th_')).status, path).toBe(401);
    }
  });

  it('and leaves nothing in the ledger', async () => {
    expect(await account.ending()).toEqual(NOTHING);
  });
});

describe('a new key', () => {
  it('works at once, and stops at once when it is revoked', async () => {
    const { key, keyId } = await account.issueKey();
    expect((await get(gateway.url, '/v1/account/balance', key)).status).toBe(200);
    await gateway.desk.commands.execute(new RevokeKey(account.id, keyId));
    expect((await get(gateway.url, '/v1/account/balance', key)).status).toBe(401);
    expect((await post(gateway.url, key, chat('Hi'))).status).toBe(401);
  });

  it('is taken whatever the case of “bearer” and the spaces around it', async () => {
    for (const authorization of [`bearer ${account.key}`, `BEARER   ${account.key} `]) {
      const answer = await request(`${gateway.url}/v1/account/balance`, { headers: { authorization } });
      expect(answer.status).toBe(200);
    }
  });
});

describe('where both Authorization and x-api-key are sent', () => {
  const withBoth = (authorization: string, anthropicKey: string) =>
    request(`${gateway.url}/v1/account/balance`, { headers: { authorization, 'x-api-key': anthropicKey } });

  it.each(['Bearer dummy', 'Bearer sk-ant-api03-abcdef', 'Bearer', '', 'Basic dXNlcjpwYXNz', 'Bearer sk-th_wrong'])(
    'takes the key of ours beside “%s”',
    async (authorization) => {
      expect((await withBoth(authorization, account.key)).status).toBe(200);
    },
  );

  it.each(['dummy', 'sk-ant-api03-abcdef', '', 'sk-th_wrong'])('takes it beside an x-api-key “%s”', async (other) => {
    expect((await withBoth(`Bearer ${account.key}`, other)).status).toBe(200);
  });

  it('takes a key that is sent twice', async () => {
    expect((await withBoth(`Bearer ${account.key}`, account.key)).status).toBe(200);
  });

  it('refuses two keys that differ, whichever of them would do', async () => {
    const other = await account.issueKey();
    const error = await unauthenticated(`Bearer ${account.key}`, { 'x-api-key': other.key });
    expect(error.code).toBe('invalid_api_key');
    expect(error.message).toContain('Two different API keys');
    await unauthenticated(`Bearer ${createKey(account.id)}`, { 'x-api-key': account.key });
  });

  it('says what is wrong with the one that was meant to be a key', async () => {
    const truncated = account.key.slice(0, -1);
    for (const [bearer, other] of [
      ['dummy', truncated],
      [truncated, 'dummy'],
    ] as const) {
      const error = await unauthenticated(`Bearer ${bearer}`, { 'x-api-key': other });
      expect(error.message).toContain('is truncated: it has 65 of 66 characters');
    }
    expect((await unauthenticated('Bearer', { 'x-api-key': ' ' })).message).toContain('header is malformed');
    expect((await unauthenticated(undefined, { 'x-api-key': '' })).code).toBe('missing_api_key');
  });
});

describe('403', () => {
  const forbidden = async (key: string, body = chat('Hi'), headers = {}) => {
    const answer = await post(gateway.url, key, body, { headers });
    const { message, ...error } = errorOf(answer);
    expect(await gateway.wasForwarded(answer.requestId)).toBe(false);
    return { message, error };
  };
  const error = (code: string) => ({ status: 403, type: 'permission_error', param: null, code });

  it('for a model the key may not call, naming those it may', async () => {
    const limited = await gateway.desk.account('5.00', { allowedModels: ['gpt-4o'] });
    const refused = await forbidden(limited.key);
    expect(refused.error).toEqual(error('model_not_allowed'));
    expect(refused.message).toContain('It may call: gpt-4o');
    expect(await limited.ending()).toEqual(NOTHING);
    expect((await get(gateway.url, `/v1/models/${MODEL}`, limited.key)).status).toBe(403);
    const models = jsonOf(await get(gateway.url, '/v1/models', limited.key))['data'] as { id: string }[];
    expect(models.map(({ id }) => id)).toEqual(['gpt-4o']);
  });

  it('for an address the key may not be used from', async () => {
    const limited = await gateway.desk.account('5.00', { allowedIps: ['203.0.113.0/24'] });
    const refused = await forbidden(limited.key);
    expect(refused.error).toEqual(error('ip_not_allowed'));
    expect(refused.message).toContain('127.0.0.1');
    expect(await limited.ending()).toEqual(NOTHING);
  });

  it('whatever address the client claims in X-Forwarded-For', async () => {
    const limited = await gateway.desk.account('5.00', { allowedIps: ['203.0.113.0/24'] });
    const refused = await forbidden(limited.key, chat('Hi'), { 'x-forwarded-for': '203.0.113.7' });
    expect(refused.error).toEqual(error('ip_not_allowed'));
  });

  it('for a request that may cost more than what is left of the key’s budget', async () => {
    const limited = await gateway.desk.account('5.00', { budgetDaily: '0.0005' });
    const refused = await forbidden(limited.key, chat('Hi', { max_tokens: 1_000 }));
    expect(refused.error).toEqual(error('budget_exceeded'));
    expect(refused.message).toContain('daily budget of $0.0005 (spent $0.00)');
    expect(await limited.ending()).toEqual(NOTHING);
    expect((await post(gateway.url, limited.key, chat('Hi', { max_tokens: 100 }))).status).toBe(200);
  });

  it('for a suspended account', async () => {
    const suspended = await gateway.desk.account();
    await gateway.desk.commands.execute(new SuspendAccount(suspended.id, { reason: 'test' }));
    expect((await forbidden(suspended.key)).error).toEqual(error('account_suspended'));
  });
});

it('takes the client’s address from X-Forwarded-For only where TRUST_PROXY says so', async () => {
  const proxied = await startGateway({ env: { TRUST_PROXY: 'true' } });
  const limited = await proxied.desk.account('5.00', { allowedIps: ['203.0.113.0/24'] });
  const from = async (address: string) =>
    (await post(proxied.url, limited.key, chat('Hi'), { headers: { 'x-forwarded-for': address } })).status;
  expect(await from('203.0.113.7')).toBe(200);
  expect(await from('203.0.114.7')).toBe(403);
  expect(await from('198.51.100.1, 203.0.113.7'), 'the proxy’s own entry is the last').toBe(200);
  expect(await from('203.0.113.7, 198.51.100.1'), 'what the client claims comes before it').toBe(403);
  expect(await from('unknown')).toBe(403);
  expect(await from('203.0.114.7:1, 203.0.113.7:54321'), 'it may come with a port').toBe(200);
  await proxied.close();
});
