import 'reflect-metadata';
import { type CanActivate, Controller, type ExecutionContext, Module, Post, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryDocumentStore } from '../../adapters/memory/memory-document-store.js';
import { DocumentStore } from '../documents/index.js';
import { Refused, refuse } from '../../kernel/index.js';
import { ErrorFilter } from './index.js';
import { ApiError, invalidRequest, notFound } from './api-error.js';
import { Idempotent } from './idempotency.js';

/** Whoever the header names. */
class Named implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.principal = { userId: String(request.headers['x-user']) } as FastifyRequest['principal'];
    return true;
  }
}

/** What was done, by the id it was done for. */
const done: string[] = [];
let fails: Error | undefined;
/** Requests that are held up wait for this. */
let goOn: Promise<void> | undefined;

@Controller('payments')
@UseGuards(Named)
class Payments {
  @Post()
  @Idempotent()
  async pay(@Req() { idempotency, body }: FastifyRequest): Promise<object> {
    const failure = fails;
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (String(body) === 'slow') await goOn;
    if (failure !== undefined) throw failure;
    done.push(idempotency.id);
    return { paid: String(body), times: done.length };
  }
}

const documents = new MemoryDocumentStore();

@Module({ controllers: [Payments], providers: [{ provide: DocumentStore, useValue: documents }] })
class TestModule {}

async function startGateway(): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter();
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
  const app = await NestFactory.create<NestFastifyApplication>(TestModule, adapter, {
    logger: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ErrorFilter());
  await app.init();
  await fastify.ready();
  return app;
}

describe('a request that is sent again', () => {
  /** Two gateways on one store, which take turns. */
  let gateways: NestFastifyApplication[];
  let turn = 0;
  beforeAll(async () => {
    gateways = [await startGateway(), await startGateway()];
  });
  afterAll(() => Promise.all(gateways.map((gateway) => gateway.close())));
  beforeEach(() => {
    done.length = 0;
    fails = undefined;
    goOn = undefined;
  });

  let keys = 0;
  const newKey = () => `key-${keys++}`;
  const pay = async (key: string | undefined, body = '$5', user = 'ada') => {
    const headers = {
      'content-type': 'text/plain',
      'x-user': user,
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const gateway = gateways[turn++ % gateways.length];
    const answer = await gateway!.inject({ method: 'POST', url: '/payments', headers, payload: body });
    return { status: answer.statusCode, body: answer.json<unknown>(), again: answer.headers['idempotent-replayed'] };
  };

  it('is done once and answered the same', async () => {
    const key = newKey();
    const first = await pay(key);
    expect(first).toEqual({ status: 201, body: { paid: '$5', times: 1 }, again: undefined });
    expect(await pay(key)).toEqual({ ...first, again: 'true' });
    expect(done).toHaveLength(1);
  });

  it('has an id of its own for each key and person, and the same one for the same', async () => {
    const key = newKey();
    await pay(key);
    await pay(key, '$5', 'eve');
    await pay(newKey());
    expect(new Set(done).size).toBe(3);
    expect(done[0]).toMatch(/^[0-9A-Za-z]{22}$/);
  });

  it('is refused with another body', async () => {
    const key = newKey();
    await pay(key);
    expect(await pay(key, '$6')).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_reused' } } });
  });

  const refusals: readonly (readonly [number, Error])[] = [
    [400, invalidRequest('"amount": is missing', 'amount')],
    [400, new Refused(refuse('invalid', 'invalid_amount', 'Too little.'))],
    [401, new Refused(refuse('unauthenticated', 'not_logged_in', 'Who are you?'))],
    [402, new Refused(refuse('payment_required', 'insufficient_balance', 'Too much.'))],
    [403, new Refused(refuse('forbidden', 'login_too_old', 'Log in again.'))],
    [404, notFound('topup_not_found', 'No such top-up.')],
    [409, new Refused(refuse('conflict', 'refund_window_over', 'Too late.'))],
    [422, new ApiError({ status: 422, type: 'invalid_request_error', code: 'unprocessable', message: 'No.' })],
    [429, new Refused(refuse('too_many', 'rate_limit_exceeded', 'Slower.'))],
  ];
  it.each(refusals)('uses up no key when it is refused: %i %o', async (status, refusal) => {
    const key = newKey();
    fails = refusal;
    expect(await pay(key, 'nonsense')).toMatchObject({ status, again: undefined });
    expect(await pay(key, 'other nonsense')).toMatchObject({ status, again: undefined });
    fails = undefined;
    const right = await pay(key, '$5');
    expect(right).toMatchObject({ status: 201, again: undefined });
    expect(await pay(key, '$5')).toEqual({ ...right, again: 'true' });
  });

  it('keeps its key while it is under way, also when the same one beside it was refused', async () => {
    const key = newKey();
    let release = (): void => undefined;
    goOn = new Promise((resolve) => (release = resolve));
    const first = pay(key, 'slow');
    await expect.poll(() => pay(key, 'other').then(({ status }) => status)).toBe(409);
    fails = invalidRequest('not now');
    const beside = pay(key, 'slow');
    const inUse = { status: 409, body: { error: { code: 'idempotency_key_in_use', param: 'idempotency-key' } } };
    expect(await pay(key, 'other')).toMatchObject(inUse);
    release();
    const answers = await Promise.all([first, beside]);
    expect(answers.map(({ status }) => status)).toEqual([201, 400]);
    expect(await pay(key, 'slow')).toMatchObject({ status: 201, again: 'true' });
    const reused = { status: 409, body: { error: { code: 'idempotency_key_reused' } } };
    expect(await pay(key, 'other')).toMatchObject(reused);
  });

  it.each([
    ['an accident', new Error('lost connection')],
    ['a refusal that passes', new Refused(refuse('unavailable', 'stale_command', 'Too old.'))],
  ])('is tried again with the same id after %s', async (_what, failure) => {
    const key = newKey();
    fails = failure;
    expect((await pay(key)).status).toBeGreaterThanOrEqual(500);
    fails = undefined;
    expect(await pay(key, '$6'), 'it may have been done').toMatchObject({ status: 409 });
    expect(await pay(key)).toMatchObject({ status: 201, again: undefined });
  });

  it('has one answer when both come at the same moment', async () => {
    const key = newKey();
    const answers = await Promise.all([pay(key), pay(key), pay(key)]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(new Set(done).size).toBe(1);
  });

  it('needs a key, of visible characters', async () => {
    expect(await pay(undefined)).toMatchObject({ status: 400, body: { error: { code: 'idempotency_key_required' } } });
    const bad = { status: 400, body: { error: { code: 'invalid_idempotency_key' } } };
    expect(await pay('a b')).toMatchObject(bad);
    expect(await pay('x'.repeat(256))).toMatchObject(bad);
    expect(done).toEqual([]);
  });
});
