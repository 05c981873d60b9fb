import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { failureError, readErrorResponse, reportedError } from './provider-error.js';
import { NoRoom, UpstreamReport } from './upstream.js';

const told = (
  status: number,
  body: unknown = { error: { message: 'no', code: 'c', type: 't', param: 'p' } },
  more = {},
) =>
  readErrorResponse({
    status,
    contentType: 'application/json',
    body: Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]),
    ...more,
  });

describe('what the client is told of a provider’s status', () => {
  it.each([400, 404, 409, 410, 413, 415, 422, 451])('%i is its own, in the provider’s words', async (status) => {
    const { error, refused } = await told(status);
    expect(error.status).toBe(status);
    expect(error.body).toEqual({ error: { message: 'no', type: 't', code: 'c', param: 'p' } });
    expect(error.options.headers).toEqual({ 'x-should-retry': 'false' });
    expect(refused).toBe(true);
  });

  it.each([301, 401, 402, 403, 405, 407, 408, 418, 424, 425, 426, 429, 500, 502, 503, 504, 529])(
    '%i is a 502: no client can mend it',
    async (status) => {
      const { error, refused } = await told(status);
      expect([error.status, error.options.type, refused]).toEqual([502, 'upstream_error', false]);
    },
  );

  it('a status that no API gave is a 502, but for a body that is too large', async () => {
    const page = { contentType: 'text/html' };
    for (const status of [400, 404]) expect((await told(status, '<html>', page)).error.status).toBe(502);
    expect((await told(413, '<html>', page)).error).toMatchObject({
      status: 413,
      options: { type: 'invalid_request_error' },
    });
  });

  it.each([
    ['a 429 about our quota', 429, { type: 'insufficient_quota', code: 'insufficient_quota', message: 'billing' }],
    ['a 400 about our credit', 400, { message: 'Your credit balance is too low to access the Anthropic API.' }],
    ['a 400 about our account', 400, { code: 'Arrearage', message: 'Access denied' }],
  ])('%s is a 502 without its words, and another channel’s turn', async (_case, status, error) => {
    const outcome = await told(status, { error });
    expect(outcome.error.status).toBe(502);
    expect(outcome.error.message).toBe(
      `The provider failed: it answered ${status} to this gateway’s credentials. Nothing was charged.`,
    );
    expect(outcome.error.options.headers).toEqual({ 'x-should-retry': 'false' });
    expect(outcome).toMatchObject({ next: 'other channels', failed: 'channel', rests: 'channel' });
  });

  it.each([
    {
      code: 500,
      message: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
      type: 'server_error',
    },
    'Failed to create new sequence: failed to process inputs: image: unknown format',
  ])('a 500 about the client’s image is a 400, and no fault of the model’s: %j', async (error) => {
    const outcome = await told(500, { error });
    const message = typeof error === 'string' ? error : error.message;
    expect(outcome.error).toMatchObject({ status: 400, message, options: { type: 'invalid_request_error' } });
    expect(outcome).toMatchObject({ refused: true, next: 'other channels', mayPass: false });
    expect(outcome.failed).toBeUndefined();
  });

  it('a reason keeps the mark that ends it', async () => {
    const { error } = await told(500, { error: { message: 'Sorry about that!' } });
    expect(error.message).toBe('The provider failed: it answered 500: Sorry about that! Nothing was charged.');
  });

  it('a prompt that was flagged is the client’s, though OpenRouter tells it by a 403', async () => {
    const error = { code: 403, message: 'flagged', metadata: { reasons: ['violence'] } };
    expect(await told(403, { error })).toMatchObject({
      error: { status: 403, message: 'flagged' },
      next: 'stop',
      refused: true,
    });
  });

  it.each([
    ['a prompt that xAI does not answer', 403, 'Content violates usage guidelines.', 403, 'stop'],
    ['a key that xAI does not know', 400, 'Incorrect API key provided.', 502, 'other channels'],
  ])('%s is told by its words, whatever its status', async (_case, status, error, clients, next) => {
    const outcome = await told(status, { code: 'permission-denied', error });
    expect([outcome.error.status, outcome.next]).toEqual([clients, next]);
  });

  // https://github.com/chenyme/grok2api/pull/986
  it.each([
    [1_500, '2'],
    [86_400_000, '300'],
    [Date.UTC(2099, 0), '300'],
  ])('a wait of %i ms is told in seconds, and a mistaken one cut short', async (retryAfterMs, seconds) => {
    const { error, restMs } = await told(429, undefined, { retryAfterMs });
    expect(error.options.headers).toEqual({ 'retry-after': seconds });
    expect(restMs).toBe(Math.min(retryAfterMs, 300_000));
  });

  it('the provider’s wish not to be asked again passes on', async () => {
    const outcome = await told(500, undefined, { noRetry: true });
    expect(outcome.error.options.headers).toEqual({ 'x-should-retry': 'false' });
    expect(outcome.next).toBe('other channels');
  });
});

it('an error within an answer comes to what its status would', async () => {
  const reported = { message: 'no', status: 400, code: 'c', type: 't', param: 'p' };
  expect(reportedError(new UpstreamReport(reported)).error.options).toEqual((await told(400)).error.options);
  const unclear = reportedError(new UpstreamReport({ message: 'no' }));
  expect(unclear).toMatchObject({ error: { status: 502 }, next: 'other channels' });
  expect(unclear.failed).toBeUndefined();
});

it('an answer without room in memory is to be asked for again, and is not the provider’s fault', () => {
  const { status, options } = failureError(new NoRoom(60_000));
  expect([status, options.code, options.headers]).toEqual([503, 'service_unavailable', { 'retry-after': '1' }]);
  expect(options.message).toContain('Nothing was charged.');
});
