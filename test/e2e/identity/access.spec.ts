// Modes: embedded. Who may call what is decided before anything is stored.
// Every route of /api by who may call it: one that is not in the table fails, so none is forgotten.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANYONE,
  audiences,
  CUSTOMER,
  FINANCE,
  OPERATOR,
  registered,
  routesOf,
  SESSION,
} from '../../support/gateway/routes.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import {
  codeOf,
  newPerson,
  newPersonWithRole,
  type Reply,
  TestBrowser,
  type TestPerson,
} from '../../support/gateway/person.js';

/** Ids that nobody has; asked without a body, nothing is done by those who may. */
const call = (person: TestBrowser, route: string): Promise<Reply> => {
  const [method = '', path = ''] = route.split(' ');
  return person.send(method, path.replace(':id', '0'.repeat(22)), ['GET', 'HEAD'].includes(method) ? undefined : {});
};

describe('the routes of /api', () => {
  let gateway: TestGateway;
  let people: Record<'nobody' | 'customer' | 'financeWithoutFactor' | 'finance' | 'operator', TestBrowser>;

  beforeAll(async () => {
    gateway = await startGateway();
    const plain = await newPersonWithRole(gateway, 'finance');
    const withoutFactor: TestPerson = await newPersonWithRole(gateway, 'finance');
    await withoutFactor.delete('/api/me/second-factor', { totp: await withoutFactor.code() });
    people = {
      nobody: new TestBrowser(gateway.url),
      customer: await newPerson(gateway),
      financeWithoutFactor: withoutFactor,
      finance: plain,
      operator: await newPersonWithRole(gateway, 'operator'),
    };
  });
  afterAll(() => gateway.close());

  it('and all others say who may call them', () => {
    const all = [...audiences(gateway)];
    expect(all.filter(([, audience]) => audience === undefined)).toEqual([]);
    const calls = all.filter(([route]) => route.includes(' /v1/'));
    expect(new Set(calls.map(([, audience]) => audience))).toEqual(new Set(['api-key', 'api-key-with-hold']));
    expect(new Map(all).get('GET /metrics')).toBe('anyone');
  });

  it('are those of the table', () => {
    const all = [ANYONE, SESSION, CUSTOMER, FINANCE, OPERATOR].flatMap(routesOf).toSorted((a, b) => (a < b ? -1 : 1));
    expect(registered(gateway)).toEqual(all);
  });

  it.each(routesOf(SESSION))('%s is for who has a session', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    expect(codeOf(await people.nobody.send(method, path, { totp: '123456' }))).toBe('not_logged_in');
  });

  it.each(routesOf(CUSTOMER))('%s is for who is logged in', async (route) => {
    expect(codeOf(await call(people.nobody, route))).toBe('not_logged_in');
  });

  /** A stream that does not end is the same for `HEAD`, which does. */
  const read = (route: string) => route.replace('GET /api/live', 'HEAD /api/live');

  it.each(
    routesOf(CUSTOMER)
      .filter((route) => route.startsWith('GET'))
      .map(read),
  )('%s is for everyone with an account, whatever their role', async (route) => {
    for (const person of [people.customer, people.financeWithoutFactor, people.finance, people.operator]) {
      expect([200, 400, 404]).toContain((await call(person, route)).status);
    }
  });

  it.each(routesOf(FINANCE))('%s is for finance with a second factor', async (route) => {
    const codes = await Promise.all(
      [people.nobody, people.customer, people.operator].map(async (person) => codeOf(await call(person, route))),
    );
    expect(codes).toEqual(['not_logged_in', 'role_required', 'role_required']);
    expect(codeOf(await call(people.financeWithoutFactor, route))).toBe('second_factor_required');
    expect([200, 400, 404]).toContain((await call(people.finance, route)).status);
  });

  it.each(routesOf(OPERATOR))('%s is for operators', async (route) => {
    const codes = await Promise.all(
      [people.nobody, people.customer, people.finance].map(async (person) => codeOf(await call(person, route))),
    );
    expect(codes).toEqual(['not_logged_in', 'role_required', 'role_required']);
    expect([200, 400, 404]).toContain((await call(people.operator, route)).status);
  });

  it.each(routesOf(CUSTOMER).filter((route) => !route.startsWith('GET')))(
    '%s needs the CSRF token, and our own pages',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      const send = (headers: Record<string, string>) =>
        people.customer.send(method, path.replace(':id', '0'.repeat(22)), {}, headers);
      expect(codeOf(await send({ 'x-csrf-token': 'wrong' }))).toBe('invalid_csrf_token');
      expect(codeOf(await send({ origin: 'https://evil.example' }))).toBe('cross_site_request');
    },
  );
});
