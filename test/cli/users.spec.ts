// People at the command line, beside a gateway that runs.
// Modes: embedded, servers. One gateway is enough.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newFolder } from '../support/gateway/gateway.js';
import { type RunningGateway, startGatewayProcess, tokenhub } from '../support/gateway/gateway-process.js';
import { codeOf, newPerson, TestPerson } from '../support/gateway/person.js';
import type { Role } from '../../src/platform/http/index.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: RunningGateway;
let ada: TestPerson;
beforeAll(async () => {
  files = await newFolder();
  gateway = await startGatewayProcess(files.env);
  ada = await newPerson(gateway, 'ada@example.com');
});
afterAll(async () => {
  await gateway.program.kill('SIGKILL');
  await files.close();
});

const user = (...args: string[]) => tokenhub(files.env, 'user', ...args);
const rolesOf = async (): Promise<readonly Role[]> => (await ada.get('/api/me')).body['roles'] as Role[];

it('shows people, however they are named', async () => {
  const shown = { user: ada.userId, email: 'ada@example.com', account: ada.accountId, verified: true, roles: '' };
  expect(await user('list')).toMatchObject([shown]);
  for (const name of ['Ada@Example.com', ada.userId, ada.accountId])
    expect(await user('show', name)).toMatchObject(shown);
  await expect(user('show', 'nobody@example.com')).rejects.toThrow('There is no such user');
});

it('gives roles and takes them away, at once', async () => {
  await user('role', 'ada@example.com', '--add', 'operator', '--add', 'finance');
  expect(await rolesOf()).toEqual(['finance', 'operator']);
  await user('role', 'ada@example.com', '--remove', 'operator', '--by', ada.userId, '--reason', 'one is enough');
  expect(await rolesOf()).toEqual(['finance']);
  await expect(user('role', 'ada@example.com', '--add', 'king')).rejects.toThrow('"king" is not a role');
  await expect(user('role', 'ada@example.com')).rejects.toThrow('Say which role');
});

it('keeps who decided what about a person, and why', async () => {
  const { decisions } = (await user('show', 'ada@example.com')) as { decisions: unknown };
  expect(decisions).toMatchObject([
    { what: 'roles +operator +finance', by: 'console' },
    { what: 'roles -operator', by: ada.userId, reason: 'one is enough' },
  ]);
  const told = [
    { what: 'roles +operator +finance', reason: null },
    { what: 'roles -operator', reason: 'one is enough' },
  ];
  expect((await ada.get('/api/me/export')).body['decisions']).toMatchObject(told);
});

it('takes a lost second factor away, and logs out', async () => {
  await ada.setUpSecondFactor();
  expect(await user('remove-second-factor', 'ada@example.com')).toMatchObject({ secondFactor: false });
  expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
  ada.totpSecret = undefined;
  expect((await ada.logIn()).status).toBe(200);
});

it('ends all sessions', async () => {
  await user('logout', 'ada@example.com');
  expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
});
