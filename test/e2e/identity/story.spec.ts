// What a person does, from registering to being forgotten.
import { QueryBus } from '@nestjs/cqrs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usd } from '../../../src/kernel/index.js';
import { type AccountState, GetAccount, GrantCredit } from '../../../src/ledger/index.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { mailTo } from '../../support/gateway/mailbox.js';
import { codeOf, newPerson, PASSWORD, TestBrowser, TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const accountOf = (id: unknown): Promise<AccountState> => gateway.app.get(QueryBus).execute(new GetAccount(String(id)));

describe('a person', () => {
  it('registers, opens the mailed link, and has an account', async () => {
    const ada = new TestPerson(gateway, 'ada@example.com');
    const registered = await ada.register();
    expect(registered).toMatchObject({ status: 202, body: { message: expect.any(String) as string } });
    await mailTo(gateway, ada.email, 'Confirm your email address');
    expect(await ada.logIn()).toMatchObject({ status: 403, body: { error: { code: 'email_not_verified' } } });
    const verified = await ada.verify();
    const me = await ada.get('/api/me');
    expect(me.headers.get('cache-control')).toBe('no-store');
    expect(me.body).toEqual({
      user_id: verified.body['user_id'],
      email: 'ada@example.com',
      email_verified: true,
      roles: [],
      account_id: expect.stringMatching(/^\w{22}$/) as string,
      language: 'en',
      has_password: true,
      google: null,
      billing: null,
      second_factor: { enabled: false, required: false, recovery_codes_left: 0 },
      csrf_token: ada.csrfToken,
      created: expect.stringMatching(/Z$/) as string,
    });
    expect((await accountOf(me.body['account_id'])).accountId).toBe(me.body['account_id']);
  });

  it('is spoken to in the language of their browser, until they choose another', async () => {
    const ada = new TestPerson(gateway, 'ada-zh@example.com');
    const { email, password } = ada;
    await ada.post('/api/auth/register', { email, password }, { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' });
    await ada.post('/api/auth/verify', { token: await ada.tokenFrom('请确认您的邮箱') });
    expect((await ada.get('/api/auth/session')).body).toMatchObject({ logged_in: true, language: 'zh' });
    expect((await ada.patch('/api/me', { language: 'en' })).body).toMatchObject({ email, language: 'en' });
    expect((await ada.get('/api/me/export')).body['language']).toBe('en');
    expect(await ada.patch('/api/me', { language: 'fr' })).toMatchObject({
      status: 400,
      body: { error: { param: 'language' } },
    });
    expect((await new TestBrowser(gateway.url).get('/api/auth/session')).body['language']).toBeNull();
  });

  it('logs in and out, here and everywhere', async () => {
    const ada = await newPerson(gateway);
    const elsewhere = Object.assign(new TestPerson(gateway, ada.email), {});
    expect((await elsewhere.logIn()).status).toBe(200);
    const list = await ada.get('/api/me/sessions');
    expect(list.body['data']).toMatchObject([{ client: 'another client' }, { client: 'another client' }]);
    expect((await ada.post('/api/auth/logout')).status).toBe(204);
    expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
    expect((await elsewhere.get('/api/me')).status).toBe(200);
    await ada.logIn();
    expect((await elsewhere.post('/api/auth/logout-everywhere')).status).toBe(204);
    expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
  });

  it('ends one session of theirs, and none of another’s', async () => {
    const [ada, bob] = [await newPerson(gateway), await newPerson(gateway)];
    const phone = new TestPerson(gateway, ada.email);
    await phone.logIn();
    const { body } = await ada.get('/api/me/sessions');
    const other = (body['data'] as { id: string; current: boolean }[]).find(({ current }) => !current)?.id;
    expect(await bob.delete(`/api/me/sessions/${other}`)).toMatchObject({ status: 404 });
    expect(await bob.delete(`/api/me/sessions/unknown`)).toMatchObject({ status: 404 });
    expect((await phone.get('/api/me')).status).toBe(200);
    expect((await ada.delete(`/api/me/sessions/${other}`)).status).toBe(204);
    expect((await phone.get('/api/me')).status).toBe(401);
  });

  it('sets a forgotten password anew', async () => {
    const ada = await newPerson(gateway);
    const forgetful = new TestPerson(gateway, ada.email);
    expect((await forgetful.post('/api/auth/forgot', { email: ada.email })).status).toBe(202);
    const token = await forgetful.tokenFrom('Set a new password');
    const reset = await forgetful.post('/api/auth/reset', { token, password: 'staple in the hay' });
    expect(reset.status).toBe(200);
    expect((await forgetful.get('/api/me')).status).toBe(200);
    expect((await ada.get('/api/me')).status).toBe(401);
    expect(codeOf(await ada.logIn())).toBe('invalid_credentials');
    ada.password = 'staple in the hay';
    expect((await ada.logIn()).status).toBe(200);
  });

  it('changes the password, and stays logged in here alone', async () => {
    const ada = await newPerson(gateway);
    const elsewhere = new TestPerson(gateway, ada.email);
    await elsewhere.logIn();
    const wish = { current_password: PASSWORD, new_password: 'staple in the hay' };
    expect((await ada.post('/api/me/password', wish)).status).toBe(200);
    expect([(await ada.get('/api/me')).status, (await elsewhere.get('/api/me')).status]).toEqual([200, 401]);
  });

  it('changes the address from the new one', async () => {
    const ada = await newPerson(gateway);
    const email = `new-${ada.email}`;
    expect((await ada.post('/api/me/email', { email, password: PASSWORD })).status).toBe(202);
    ada.email = email;
    const token = await ada.tokenFrom('Confirm your new email address');
    expect((await new TestBrowser(gateway.url).post('/api/auth/confirm-email', { token })).status).toBe(200);
    expect((await ada.get('/api/me')).body).toMatchObject({ email, email_verified: true });
  });

  it('takes all data along', async () => {
    const ada = await newPerson(gateway);
    const file = await ada.get('/api/me/export');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="token-hub-personal-data.json"');
    expect(file.body).toMatchObject({
      user_id: ada.userId,
      email: ada.email,
      sessions: [{ client: 'another client' }],
    });
    expect(file.text).not.toContain('argon2');
  });
});

describe('a person who leaves', () => {
  it('confirms it, with the password', async () => {
    const ada = await newPerson(gateway);
    expect((await ada.delete('/api/me', { password: PASSWORD })).body).toMatchObject({ error: { param: 'confirm' } });
    expect(codeOf(await ada.delete('/api/me', { password: 'wrong', confirm: true }))).toBe('wrong_password');
    expect((await ada.delete('/api/me', { password: PASSWORD, confirm: true })).status).toBe(204);
    expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
    expect(codeOf(await ada.logIn())).toBe('invalid_credentials');
    expect((await accountOf(ada.accountId)).closed).toBe(true);
  });

  it('gives up the credit that is left, and says so', async () => {
    const ada = await newPerson(gateway);
    await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('1.25'), reason: 'test' }));
    const asked = await ada.delete('/api/me', { password: PASSWORD, confirm: true });
    expect(asked).toMatchObject({ status: 409, body: { error: { code: 'credit_left' } } });
    expect(asked.text).toContain('$1.25');
    expect((await accountOf(ada.accountId)).closed).toBe(false);
    const leave = { password: PASSWORD, confirm: true, forfeit_credit: true };
    expect((await ada.delete('/api/me', leave)).status).toBe(204);
  });

  it('may register again, as someone new', async () => {
    const ada = await newPerson(gateway);
    await ada.delete('/api/me', { password: PASSWORD, confirm: true });
    const again = new TestPerson(gateway, ada.email);
    await again.register();
    const token = await again.tokenFrom('Confirm your email address', 2);
    expect((await again.post('/api/auth/verify', { token })).status).toBe(200);
    expect((await again.get('/api/me')).body['user_id']).not.toBe(ada.userId);
  });
});
