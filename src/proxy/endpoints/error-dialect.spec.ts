import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../platform/http/index.js';
import { Refused, refuse } from '../../kernel/index.js';
import { errorDialect } from './error-dialect.js';
import { ErrorFilter } from '../../platform/http/error.filter.js';

/** What a client gets for what was thrown. */
function answerTo(error: unknown, url = '/v1/chat/completions') {
  const sent: { status?: number; headers?: object; body?: unknown } = {};
  const reply = {
    raw: { headersSent: false },
    status: (status: number) => ((sent.status = status), reply),
    headers: (headers: object) => ((sent.headers = headers), reply),
    send: (body: unknown) => ((sent.body = body), reply),
  };
  const http = { getResponse: () => reply, getRequest: () => ({ id: 'req_1', method: 'POST', url }) };
  const filter: ExceptionFilter = new ErrorFilter(errorDialect);
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  // oxlint-disable-next-line promise/no-promise-in-callback -- a filter's method, not a promise's
  filter.catch(error, host);
  return sent;
}

const upstream = (status: number, code: string): ApiError =>
  new ApiError({ status, type: status < 500 ? 'invalid_request_error' : 'upstream_error', code, message: 'no' });

describe('an error', () => {
  it.each(['unauthenticated', 'payment_required', 'forbidden'] as const)('%s does not pass by waiting', (kind) => {
    expect(answerTo(new Refused(refuse(kind, 'code', 'no'))).headers).toEqual({ 'x-should-retry': 'false' });
  });

  it('says nothing about retries where they may help', () => {
    expect(answerTo(upstream(502, 'upstream_error')).headers).toEqual({});
  });

  it.each([
    [400, 'context_length_exceeded', 'invalid_request_error'],
    [404, 'model_not_found', 'not_found_error'],
    [413, 'x', 'request_too_large'],
    [422, 'x', 'invalid_request_error'],
    [502, 'upstream_error', 'api_error'],
    [502, 'overloaded_error', 'overloaded_error'],
    [502, 'UNAVAILABLE', 'overloaded_error'],
    [502, 'rate_limit_exceeded', 'rate_limit_error'],
  ])('%i %s is a %s to Anthropic’s clients', (status, code, type) => {
    const { body, status: told } = answerTo(upstream(status, code), '/v1/messages');
    expect([told, body]).toEqual([status, { type: 'error', error: { type, message: 'no' } }]);
  });
});
