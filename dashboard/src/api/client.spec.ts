import { beforeEach, describe, expect, it } from 'vitest';
import { failure, FakeApi } from '../../test/render.tsx';
import { client, meQuery, queryClient } from './client.ts';
import { ApiFailure } from './failure.ts';

const REVOKE = 'POST /api/keys/key_1/revoke';
const LOST = new Response('upstream is away', { status: 502 });

let fake: FakeApi;
beforeEach(() => {
  fake = new FakeApi({ [REVOKE]: { id: 'key_1' } });
});

const revoke = () => client.POST('/api/keys/{id}/revoke', { params: { path: { id: 'key_1' } } });
const keysSent = () => fake.sent.map(({ headers }) => headers.get('idempotency-key'));

describe('a request that changes something', () => {
  it('carries the token of the session', async () => {
    await revoke();
    expect(fake.sent[0]?.headers.get('x-csrf-token')).toBe('csrf');
  });

  it('has a key of its own, each time that it is meant', async () => {
    await revoke();
    await revoke();
    const [one, two] = keysSent();
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(two).not.toBe(one);
  });

  it('is sent once while it is under way, and answers each time that it was asked', async () => {
    const [one, two] = await Promise.all([revoke(), revoke()]);
    expect([one.data, two.data]).toEqual([{ id: 'key_1' }, { id: 'key_1' }]);
    expect(keysSent()).toHaveLength(1);
    fake.answers = { [REVOKE]: LOST };
    expect((await Promise.allSettled([revoke(), revoke()])).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(keysSent()).toHaveLength(2);
  });

  it('has the key of the one before, whose answer was lost', async () => {
    fake.answers = { [REVOKE]: LOST };
    await expect(revoke()).rejects.toThrow(ApiFailure);
    fake.answers = { [REVOKE]: { id: 'key_1' } };
    await revoke();
    await revoke();
    const [lost, again, next] = keysSent();
    expect(again).toBe(lost);
    expect(next).not.toBe(lost);
  });
});

describe('a login that is another one by now', () => {
  const sessionWith = (csrf_token: string) => ({ logged_in: true, code_required: false, csrf_token });
  const tokens = () => fake.sent.map(({ headers }) => headers.get('x-csrf-token'));

  it.each([
    ['has ended', 401, 'not_logged_in'],
    ['was made anew in another tab', 403, 'invalid_csrf_token'],
  ])('which %s: the same request goes through once its person has logged in', async (_, status, code) => {
    queryClient.setQueryData(meQuery.queryKey, {});
    fake.answers = { [REVOKE]: failure(status, code, 'Not with this session.') };
    await expect(revoke()).rejects.toMatchObject({ code });
    expect(queryClient.getQueryState(meQuery.queryKey)?.isInvalidated).toBe(status === 403);
    fake.answers = { [REVOKE]: { id: 'key_1' }, 'GET /api/auth/session': sessionWith('anew') };
    await revoke();
    await revoke();
    expect(tokens()).toEqual(['csrf', 'anew', 'anew']);
  });
});

describe('what goes wrong', () => {
  it('is told in the words of /api, with the field', async () => {
    fake.answers = { [REVOKE]: failure(409, 'key_revoked', 'This key is revoked already.', 'id') };
    await expect(revoke()).rejects.toMatchObject({
      message: 'This key is revoked already.',
      status: 409,
      code: 'key_revoked',
      param: 'id',
      passes: false,
    });
  });

  it('may pass by itself when no answer came', async () => {
    window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(client.GET('/api/auth/methods')).rejects.toMatchObject({ status: 0, code: 'no_answer', passes: true });
  });
});
