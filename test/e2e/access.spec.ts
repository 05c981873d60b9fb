// Modes: embedded. Who may call what is decided before anything is stored.
// Every route of /api by who may call it: one that is not in the table fails, so none is forgotten.
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import {
  codeOf,
  newPerson,
  newPersonWithRole,
  type Reply,
  TestBrowser,
  type TestPerson,
} from '../support/gateway/person.js';

const ANYONE = `
  GET /api/auth/google            GET /api/auth/google/callback   GET /api/auth/methods          GET /api/auth/session
  POST /api/auth/confirm-email    POST /api/auth/forgot           POST /api/auth/login           POST /api/auth/logout
  POST /api/auth/register         POST /api/auth/resend           POST /api/auth/reset           POST /api/auth/verify`;
const SESSION = `POST /api/auth/logout-everywhere POST /api/auth/second-factor`;
const CUSTOMER = `
  DELETE /api/automatic-topup     DELETE /api/automatic-topup/card DELETE /api/me                DELETE /api/me/google
  DELETE /api/me/second-factor    DELETE /api/me/sessions/:id     GET /api/automatic-topup       GET /api/balance
  GET /api/entries                GET /api/keys                   GET /api/keys/:id              GET /api/me
  GET /api/me/export
  GET /api/me/sessions            GET /api/refunds                GET /api/refunds/:id           GET /api/statement
  GET /api/topups
  GET /api/topups/:id             GET /api/topups/:id/receipt     GET /api/topups/options        GET /api/usage
         PATCH /api/keys/:id
  POST /api/keys                  POST /api/keys/:id/reissue      POST /api/keys/:id/revoke      POST /api/me/email
  POST /api/me/google             POST /api/me/password           POST /api/me/second-factor
  POST /api/me/second-factor/confirm POST /api/me/second-factor/recovery-codes
  POST /api/refunds               POST /api/topups                PUT /api/automatic-topup`;
const FINANCE = `
  GET /api/finance/disputes       GET /api/finance/disputes/:id   GET /api/finance/disputes/:id/evidence
  GET /api/finance/fraud-warnings GET /api/finance/mismatches     GET /api/finance/refunds
  POST /api/finance/refunds       POST /api/finance/refunds/:id/approve POST /api/finance/refunds/:id/decline`;

const routesOf = (table: string): string[] => table.trim().split(/\s+(?=[A-Z])/);

/** What the controllers of the gateway say. */
function registered(gateway: TestGateway): string[] {
  const controllers = [...gateway.app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  const routes = controllers.flatMap(({ metatype }) => {
    if (metatype === null || metatype === undefined) return [];
    const { prototype } = metatype as { prototype: object };
    const prefix = String(Reflect.getMetadata(PATH_METADATA, metatype));
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value as object | undefined;
      const method = handler && (Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined);
      if (handler === undefined || method === undefined) return [];
      const paths = [Reflect.getMetadata(PATH_METADATA, handler) as string | string[]].flat();
      return paths.map((path) =>
        `${RequestMethod[method]} /${prefix}/${path}`.replaceAll(/\/+/g, '/').replace(/\/$/, ''),
      );
    });
  });
  return routes.filter((route) => route.includes(' /api/')).toSorted((a, b) => (a < b ? -1 : 1));
}

/** Ids that nobody has; asked without a body, nothing is done by those who may. */
const call = (person: TestBrowser, route: string): Promise<Reply> => {
  const [method = '', path = ''] = route.split(' ');
  return person.send(method, path.replace(':id', '0'.repeat(22)), method === 'GET' ? undefined : {});
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

  it('are those of the table', () => {
    const all = [ANYONE, SESSION, CUSTOMER, FINANCE].flatMap(routesOf).toSorted((a, b) => (a < b ? -1 : 1));
    expect(registered(gateway)).toEqual(all);
  });

  it.each(routesOf(CUSTOMER))('%s is for who is logged in', async (route) => {
    expect(codeOf(await call(people.nobody, route))).toBe('not_logged_in');
  });

  it.each(routesOf(FINANCE))('%s is for finance with a second factor', async (route) => {
    const codes = await Promise.all(
      [people.nobody, people.customer, people.operator].map(async (person) => codeOf(await call(person, route))),
    );
    expect(codes).toEqual(['not_logged_in', 'role_required', 'role_required']);
    expect(codeOf(await call(people.financeWithoutFactor, route))).toBe('second_factor_required');
    expect([200, 400, 404]).toContain((await call(people.finance, route)).status);
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
