import cookie from '@fastify/cookie';
import { Controller, Get, type INestApplication, Module, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IdentityDesk } from '../../../test/support/identity/desk.js';
import { Access, AccessModule, ErrorFilter, type Role } from '../../platform/http/index.js';
import { SessionStrategy } from './session.strategy.js';
import { CSRF_HEADER, type OpenedSession, SESSION_COOKIE, Sessions } from './sessions.js';
import type { Person } from '../users/user.js';

@Controller('of')
class Rooms {
  @Get('anyone') @Access('anyone') anyone() {
    return 'in';
  }
  @Get('customer') @Access('customer') customer(@Req() { principal }: FastifyRequest) {
    return principal.userId;
  }
  @Get('finance') @Access('finance') finance() {
    return 'in';
  }
  @Get('operator') @Access('operator') operator() {
    return 'in';
  }
  @Get('unsaid') unsaid() {
    return 'in';
  }
  @Post('finance') @Access('finance') change() {
    return 'in';
  }
}

const desk = new IdentityDesk();
let app: INestApplication;

@Module({
  imports: [AccessModule],
  controllers: [Rooms],
  providers: [SessionStrategy, { provide: Sessions, useValue: desk.sessions }],
})
class RoomsModule {}

beforeAll(async () => {
  const built = await NestFactory.create<NestFastifyApplication>(RoomsModule, new FastifyAdapter(), { logger: false });
  await built.register(cookie);
  built.useGlobalFilters(new ErrorFilter());
  await built.listen(0, '127.0.0.1');
  app = built;
});
afterAll(() => app.close());

let count = 0;
async function someone(
  roles: readonly Role[],
  secondFactor = false,
): Promise<{ person: Person; opened: OpenedSession }> {
  const { userId } = await desk.person(`${++count}@example.com`);
  const totp = { secret: 'sealed', confirmedAt: '2026-03-04T12:00:00.000Z', lastStep: 0, recoveryCodes: [] };
  const person = await desk.users.change(userId, (user) => ({ ...user, roles, ...(secondFactor && { totp }) }));
  return { person, opened: await desk.sessions.open(person, secondFactor, 'Firefox') };
}

const enter = (room: string, opened?: OpenedSession) =>
  request(app.getHttpServer())
    .get(`/of/${room}`)
    .set('cookie', `${SESSION_COOKIE}=${opened?.cookie ?? ''}`);

describe('who may call a route', () => {
  const rooms = ['anyone', 'customer', 'finance', 'operator', 'unsaid'];
  it.each([
    ['nobody', undefined, false, [200, 401, 401, 401, 403]],
    ['a customer', [], false, [200, 200, 403, 403, 403]],
    ['a customer with a second factor', [], true, [200, 200, 403, 403, 403]],
    ['finance without a second factor', ['finance'], false, [200, 200, 403, 403, 403]],
    ['finance', ['finance'], true, [200, 200, 200, 403, 403]],
    ['an operator', ['operator'], true, [200, 200, 403, 200, 403]],
    ['both', ['finance', 'operator'], true, [200, 200, 200, 200, 403]],
  ] as const)('as %s', async (_who, roles, secondFactor, expected) => {
    const opened = roles && (await someone(roles, secondFactor)).opened;
    const answers = await Promise.all(rooms.map((room) => enter(room, opened)));
    expect(answers.map(({ status }) => status)).toEqual(expected);
  });

  it('says that a role lacks its second factor', async () => {
    const { opened } = await someone(['finance']);
    expect((await enter('finance', opened)).body).toMatchObject({ error: { code: 'second_factor_required' } });
    expect((await enter('operator', opened)).body).toMatchObject({ error: { code: 'role_required' } });
  });

  it('changes at once with the roles', async () => {
    const { person, opened } = await someone(['finance'], true);
    expect((await enter('finance', opened)).status).toBe(200);
    await desk.users.change(person.userId, (user) => ({ ...user, roles: [] }));
    expect((await enter('finance', opened)).status).toBe(403);
  });
});

describe('a request that changes something', () => {
  const change = (opened: OpenedSession, headers: Record<string, string>) =>
    request(app.getHttpServer())
      .post('/of/finance')
      .set({ cookie: `${SESSION_COOKIE}=${opened.cookie}`, ...headers });

  it('needs the CSRF token of the session, and no other site as its origin', async () => {
    const { opened } = await someone(['finance'], true);
    const csrf = { [CSRF_HEADER]: opened.csrfToken };
    const { port } = new URL(await app.getUrl());
    expect((await change(opened, csrf)).status).toBe(201);
    expect((await change(opened, { ...csrf, origin: `http://127.0.0.1:${port}` })).status).toBe(201);
    const own = { ...csrf, 'sec-fetch-site': 'same-origin' };
    expect((await change(opened, own)).status).toBe(201);
    // Behind a proxy that passes on no Host.
    expect((await change(opened, { ...own, origin: 'https://tokens.example' })).status).toBe(201);
    expect((await change(opened, {})).body).toMatchObject({ error: { code: 'invalid_csrf_token' } });
    expect((await change(opened, { ...csrf, origin: 'https://evil.example' })).body).toMatchObject({
      error: { code: 'cross_site_request' },
    });
  });
});
