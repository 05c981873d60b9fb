// Modes: embedded. Roles are documents, whose stores have a contract of their own.
// What operators do about people: find them, give and take roles, and log them out.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, dataOf, newPerson, newPersonWithRole, TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
let olga: TestPerson;
beforeAll(async () => {
  gateway = await startGateway();
  olga = await newPersonWithRole(gateway, 'operator');
});
afterAll(() => gateway.close());

const PEOPLE = '/api/operator/people';

it('finds people by a part of the address, by their ids and by role, a page at a time', async () => {
  const [ada, bob] = [
    await newPerson(gateway, 'ada@lovelace.example'),
    await newPerson(gateway, 'bob@lovelace.example'),
  ];
  const found = await olga.get(`${PEOPLE}?q=LOVELACE&limit=1`);
  expect(dataOf(found)).toMatchObject([{ user_id: bob.userId, email: bob.email, roles: [], second_factor: false }]);
  const more = await olga.get(`${PEOPLE}?q=LOVELACE&limit=1&cursor=${String(found.body['next_cursor'])}`);
  expect([dataOf(more).map(({ email }) => email), more.body['has_more']]).toEqual([[ada.email], false]);
  for (const id of [ada.userId, ada.accountId])
    expect(dataOf(await olga.get(`${PEOPLE}?q=${id}`)).map(({ email }) => email)).toEqual([ada.email]);
  expect(dataOf(await olga.get(`${PEOPLE}?role=operator`)).map(({ email }) => email)).toEqual([olga.email]);
  expect(codeOf(await olga.get(`${PEOPLE}?cursor=nobody`))).toBe('user_not_found');
});

it('shows a person without their secrets', async () => {
  const ada = await newPerson(gateway);
  await ada.setUpSecondFactor();
  const { body, text } = await olga.get(`${PEOPLE}/${ada.userId}`);
  expect(body).toMatchObject({
    email: ada.email,
    email_verified: true,
    account_id: ada.accountId,
    second_factor: true,
    language: 'en',
    sessions: 1,
    last_login: expect.stringMatching(/Z$/) as string,
    decisions: [],
  });
  expect(text).not.toMatch(/argon2|secret|recovery|hash/i);
  expect(codeOf(await olga.get(`${PEOPLE}/nobody`))).toBe('user_not_found');
});

it('gives and takes a role, with who and why', async () => {
  const fred = await newPerson(gateway);
  const granted = await olga.post(`${PEOPLE}/${fred.userId}/grant`, { role: 'finance', reason: 'joins the team' });
  expect(granted.body).toMatchObject({
    roles: ['finance'],
    decisions: [{ what: 'roles +finance', by: olga.userId, reason: 'joins the team' }],
  });
  await fred.setUpSecondFactor();
  expect((await fred.get('/api/finance/refunds')).status).toBe(200);
  const revoked = await olga.post(`${PEOPLE}/${fred.userId}/revoke`, { role: 'finance', reason: 'left the team' });
  expect(revoked.body).toMatchObject({ roles: [], decisions: [{ what: 'roles -finance' }, {}] });
  expect((await fred.get('/api/finance/refunds')).status).toBe(403);
  const silent = await olga.post(`${PEOPLE}/${fred.userId}/grant`, { role: 'finance', reason: ' ' });
  expect(silent).toMatchObject({ status: 400, body: { error: { param: 'reason' } } });
});

it('gives no role to oneself, nor to who has not confirmed their address', async () => {
  const self = await olga.post(`${PEOPLE}/${olga.userId}/grant`, { role: 'finance', reason: 'I need it' });
  expect([self.status, codeOf(self)]).toEqual([409, 'own_role']);
  const eve = new TestPerson(gateway, 'eve@unverified.example');
  await eve.register();
  await eve.tokenFrom('Confirm your email address');
  const [found] = dataOf(await olga.get(`${PEOPLE}?q=unverified`));
  const granted = await olga.post(`${PEOPLE}/${String(found?.['user_id'])}/grant`, {
    role: 'finance',
    reason: 'why not',
  });
  expect(codeOf(granted)).toBe('email_not_verified');
});

it('leaves the last operator their role, and takes one’s own where there is another', async () => {
  const revoke = { role: 'operator', reason: 'moves on' };
  expect(codeOf(await olga.post(`${PEOPLE}/${olga.userId}/revoke`, revoke))).toBe('last_operator');
  const otto = await newPersonWithRole(gateway, 'operator');
  expect((await otto.post(`${PEOPLE}/${otto.userId}/revoke`, revoke)).body['roles']).toEqual([]);
  expect((await otto.get(PEOPLE)).status).toBe(403);
});

it('logs somebody out everywhere', async () => {
  const ada = await newPerson(gateway);
  const ended = await olga.post(`${PEOPLE}/${ada.userId}/end-sessions`, { reason: 'their laptop was stolen' });
  expect(ended.body).toMatchObject({
    sessions: 0,
    last_login: null,
    decisions: [{ reason: 'their laptop was stolen' }],
  });
  expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
});
