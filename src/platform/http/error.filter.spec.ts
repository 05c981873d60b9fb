// What a client gets for whatever was thrown, over real requests.
import { HttpException, Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStoreUnavailable, ReadModelsUnavailable, ViewBehind } from '../../event-store/index.js';
import { Refused, refuse, type RejectionKind } from '../../kernel/index.js';
import { DocumentsUnavailable } from '../documents/index.js';
import { ApiError } from './api-error.js';
import { ErrorFilter } from './error.filter.js';

let app: FastifyInstance;
let thrown: unknown;
/** Whether the answer begins before the error. */
let begins = false;
beforeAll(() => {
  Logger.overrideLogger(false);
  const filter = new ErrorFilter();
  app = fastify();
  app.get('/v1/x', async (_request, reply) => {
    if (begins) reply.raw.writeHead(200).write('the beginning');
    throw thrown;
  });
  app.setErrorHandler((error, request, reply) => {
    // oxlint-disable-next-line promise/no-promise-in-callback -- a filter's method, not a promise's
    filter.catch(error, new ExecutionContextHost([request, reply]));
  });
});
afterAll(async () => {
  Logger.overrideLogger(['log', 'error', 'warn', 'debug', 'verbose', 'fatal']);
  await app.close();
});

async function answerTo(error: unknown) {
  thrown = error;
  const { statusCode, headers, json, body } = await app.inject('/v1/x?secret=1');
  return {
    status: statusCode,
    headers,
    body,
    error: json<{ error: { type: string; code: string; message: string } }>().error,
  };
}
const refused = (kind: RejectionKind, details?: Record<string, string>) =>
  new Refused(refuse(kind, 'some_code', 'A sentence.', details));

describe('a refusal', () => {
  it.each<[RejectionKind, number, string]>([
    ['invalid', 400, 'invalid_request_error'],
    ['unauthenticated', 401, 'authentication_error'],
    ['payment_required', 402, 'insufficient_balance'],
    ['forbidden', 403, 'permission_error'],
    ['not_found', 404, 'invalid_request_error'],
    ['conflict', 409, 'invalid_request_error'],
    ['too_many', 429, 'rate_limit_exceeded'],
    ['bad_gateway', 502, 'upstream_error'],
    ['unavailable', 503, 'service_unavailable'],
  ])('of the kind %s is a %i', async (kind, status, type) => {
    const answer = await answerTo(refused(kind));
    expect([answer.status, answer.error]).toEqual([
      status,
      { type, code: 'some_code', message: 'A sentence.', param: null },
    ]);
  });

  it.each<[RejectionKind, string | undefined, string | undefined]>([
    ['too_many', '17', '17'],
    ['too_many', undefined, '1'],
    ['unavailable', undefined, '1'],
    ['conflict', undefined, undefined],
  ])('of the kind %s, to be retried after %s seconds, has retry-after: %s', async (kind, seconds, header) => {
    const { headers } = await answerTo(refused(kind, seconds === undefined ? {} : { retryAfterSeconds: seconds }));
    expect(headers['retry-after']).toBe(header);
  });
});

describe('an error', () => {
  it('for the client is sent as it is, with its headers', async () => {
    const error = { status: 418, type: 't', code: 'c', message: 'No.', param: 'p', headers: { 'x-a': '1' } };
    const answer = await answerTo(new ApiError(error));
    expect(answer.status).toBe(418);
    expect(answer.headers['x-a']).toBe('1');
    expect(answer.error).toEqual({ type: 't', code: 'c', message: 'No.', param: 'p' });
  });

  it.each([
    [undefined, 'Nothing is lost; if it stays so, whoever runs this gateway finds the reason in /readyz.'],
    [3.2, 'Nothing is lost; try again in 4 s.'],
  ])('promises a view only where it comes by itself: in %s s', async (seconds, words) => {
    const { error } = await answerTo(new ViewBehind('v', { position: 1, target: 2 }, seconds));
    expect(error.message).toContain(words);
  });

  it.each<[string, unknown, number, string]>([
    ['a ledger that can’t be reached', new EventStoreUnavailable('down'), 503, '1'],
    ['read models that can’t be reached', new ReadModelsUnavailable('down'), 503, '10'],
    ['a view that stands still', new ViewBehind('v', { position: 1, target: 2 }, undefined), 503, '10'],
    ['a view that is behind', new ViewBehind('v', { position: 1, target: 2 }, 3.2), 503, '4'],
    ['a view that is far behind', new ViewBehind('v', { position: 1, target: 2 }, 500), 503, '60'],
    ['documents that can’t be reached', new DocumentsUnavailable('down'), 503, '1'],
  ])('for %s is worth a retry', async (_case, error, status, retryAfter) => {
    const answer = await answerTo(error);
    expect([answer.status, answer.error.code]).toEqual([status, 'service_unavailable']);
    expect(answer.headers['retry-after']).toBe(retryAfter);
  });

  it.each<[string, unknown, number, string]>([
    ['Nest’s 404', new HttpException('no', 404), 404, 'unknown_url'],
    ['Nest’s 400', new HttpException('Bad cookie.', 400), 400, 'invalid_request'],
    ['Fastify’s 415', Object.assign(new Error('no such type'), { statusCode: 415 }), 400, 'invalid_request'],
    ['a bug', new TypeError('secret'), 500, 'internal_error'],
    ['something that is no error', null, 500, 'internal_error'],
  ])('that is %s', async (_case, error, status, code) => {
    const answer = await answerTo(error);
    expect([answer.status, answer.error.code]).toEqual([status, code]);
    expect(answer.body).not.toContain('secret');
  });

  it('after the answer has begun breaks the connection off', async () => {
    thrown = new TypeError('secret');
    begins = true;
    const { body } = await fetch(`${await app.listen({ port: 0, host: '127.0.0.1' })}/v1/x`);
    await expect(new Response(body).text()).rejects.toThrow('terminated');
  });
});
