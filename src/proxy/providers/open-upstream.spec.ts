import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { answer, Calls, error, fail, inTurn, open, type Script } from '../../../test/support/proxy/opening.js';
import { NotOpened } from './open-upstream.js';
import { UpstreamFailure, UpstreamTimeout } from './upstream.js';

async function notOpened(scripts: Readonly<Record<string, Script>>): Promise<NotOpened> {
  const { outcome } = await open(scripts);
  if (!(outcome instanceof NotOpened)) throw new Error('a channel was opened');
  return outcome;
}

describe('the first channel that answers', () => {
  it('is opened, with all attempts up to it', async () => {
    const { outcome, asked } = await open({ a: error(500, 'no'), b: answer(200), c: answer(200) });
    expect(asked).toEqual(['a', 'b']);
    expect(outcome).toMatchObject({
      route: { channel: { name: 'b' } },
      response: { status: 200 },
      attempts: [
        { channel: 'a', status: 500, error: 'it answered 500' },
        { channel: 'b', status: 200 },
      ],
    });
  });

  it('is looked for among five at most', async () => {
    const scripts = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, error(500, 'no')]));
    const { asked } = await open(scripts);
    expect(asked).toHaveLength(5);
  });

  it.each([400, 409, 413, 415, 422, 451])('is not looked for after a %i: the request is at fault', async (status) => {
    const { outcome, asked } = await open({ a: error(status, 'no'), b: answer(200) });
    expect(asked).toEqual(['a']);
    expect(outcome).toMatchObject({ reason: 'refused_by_provider' });
  });

  it.each([401, 402, 403, 404, 408, 429, 500, 502, 503, 529])('is looked for after a %i', async (status) => {
    const { asked } = await open({ a: error(status, 'no'), b: answer(200) });
    expect(asked).toEqual(['a', 'b']);
  });

  it('is not looked for once the request was cut off', async () => {
    const controller = new AbortController();
    const cutOff = () => {
      controller.abort();
      throw new UpstreamTimeout('no whole answer within 1 ms');
    };
    const { outcome, asked } = await open({ a: cutOff, b: answer(200) }, { signal: controller.signal });
    expect(asked).toEqual(['a']);
    expect(outcome).toMatchObject({ reason: 'upstream_timeout', error: { status: 504 } });
  });
});

describe('a client that has left', () => {
  it.each([
    ['by another channel', { a: error(500, 'no'), b: answer(200) }],
    ['by the same one, again', { a: inTurn(fail(new UpstreamFailure('the connection failed')), answer(200)) }],
  ])('is not answered after a failure: %s', async (_, scripts) => {
    const { outcome, asked } = await new Calls().open(scripts, { isAwaited: () => false });
    expect(asked).toEqual(['a']);
    expect(outcome).toMatchObject({ reason: 'upstream_error', attempts: [{ channel: 'a' }] });
  });
});

describe('a failure that may pass', () => {
  const dropped = fail(new UpstreamFailure('the connection failed (ECONNRESET)'));

  it.each([
    ['a 408', error(408, 'no')],
    ['a 500', error(500, 'no')],
    ['a lost connection', dropped],
  ])('%s is tried again after a pause', async (_case, script) => {
    const { outcome, asked, pauses } = await open({ a: inTurn(script, answer(200)) });
    expect(asked).toEqual(['a', 'a']);
    expect(outcome).toMatchObject({ response: { status: 200 }, attempts: [{}, { status: 200 }] });
    expect(pauses).toHaveLength(1);
  });

  it('is tried again only when all other channels have been asked', async () => {
    const { asked } = await open({
      a: inTurn(error(500, 'no'), answer(200)),
      b: error(503, 'no'),
      c: error(401, 'no'),
    });
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('is tried three times in all, with growing pauses that differ from call to call', async () => {
    const { asked, pauses } = await open({ a: error(500, 'no') });
    expect(asked).toEqual(['a', 'a', 'a']);
    const first = await Promise.all(Array.from({ length: 8 }, async () => (await open({ a: dropped })).pauses[0]));
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5_000);
  });

  it('is not one that would happen again: a timeout, our credentials, an unknown model', async () => {
    for (const script of [fail(new UpstreamTimeout('late')), error(401, 'no'), error(403, 'no'), error(404, 'no')])
      expect((await open({ a: script })).asked).toEqual(['a']);
  });
});

describe('a provider that asks for rest', () => {
  const resting = (ms: number): Script => answer(429, '{"error":{"message":"slow down"}}', 'application/json', ms);

  it('is asked once by a call: its client comes again when it is told to', async () => {
    const { outcome, asked, pauses } = await open({ a: inTurn(resting(3_000), answer(200)) });
    expect([asked, pauses]).toEqual([['a'], []]);
    expect(outcome).toMatchObject({ error: { status: 502, options: { headers: { 'retry-after': '3' } } } });
  });

  it('is waited for by the next call, if that is soon', async () => {
    const calls = new Calls();
    await calls.open({ a: resting(3_000) });
    const { asked, pauses } = await calls.open({ a: answer(200) });
    expect([asked, pauses]).toEqual([['a'], [3_000]]);
  });

  it('is not waited for when it is long, and the client is told how long', async () => {
    const { outcome, asked } = await open({ a: resting(20_000) });
    expect(asked).toEqual(['a']);
    expect(outcome).toMatchObject({ error: { status: 502, options: { headers: { 'retry-after': '20' } } } });
  });

  it('loses no try by a call that finds it resting', async () => {
    const calls = new Calls();
    await calls.open({ a: resting(2_000) });
    expect((await calls.open({ a: error(500, 'no') })).asked).toEqual(['a', 'a', 'a']);
  });

  it('is left alone by the next calls, which go elsewhere or are told at once', async () => {
    const calls = new Calls();
    await calls.open({ a: resting(20_000) });
    expect((await calls.open({ a: answer(200), b: answer(200) })).asked).toEqual(['b']);
    const { outcome, asked } = await calls.open({ a: answer(200) });
    expect(asked).toEqual([]);
    expect(outcome).toMatchObject({ error: { status: 502, options: { headers: { 'retry-after': '20' } } } });
    await calls.clock.pause(20_000);
    expect((await calls.open({ a: answer(200) })).asked).toEqual(['a']);
  });
});

describe('a provider that is busy', () => {
  it.each([429, 503, 529])('is asked once by a call that it answers with %i, whoever else there is', async (status) => {
    expect((await open({ a: error(status, 'no') })).asked).toEqual(['a']);
    expect((await open({ a: error(status, 'no'), b: error(status, 'no') })).asked).toEqual(['a', 'b']);
  });
});

describe('a channel that failed five times in a row', () => {
  const failing = { a: error(500, 'no'), b: answer(200) };
  const broken = async () => {
    const calls = new Calls();
    for (let call = 0; call < 5; call++) await calls.open(failing);
    return calls;
  };

  it('is passed over', async () => {
    const { asked } = await (await broken()).open(failing);
    expect(asked).toEqual(['b']);
  });

  it('is asked all the same where there is no other', async () => {
    const { asked, outcome } = await (await broken()).open({ a: answer(200) });
    expect(asked).toEqual(['a']);
    expect(outcome).toMatchObject({ response: { status: 200 } });
  });

  it('gets one probe after a while, and is back when it answers', async () => {
    const calls = await broken();
    const isBack = async () => (await calls.open({ a: answer(200), b: answer(200) })).asked[0] === 'a';
    await expect.poll(isBack).toBe(true);
    expect(await isBack()).toBe(true);
  });

  it('is not one whose requests were at fault, or that limits the rate', async () => {
    for (const status of [400, 404, 422, 429]) {
      const calls = new Calls();
      for (let call = 0; call < 9; call++) await calls.open({ a: error(status, 'no') });
      expect((await calls.open({ a: answer(200), b: answer(200) })).asked, String(status)).toEqual(['a']);
    }
  });
});

describe('when no channel answers, the client', () => {
  it('is told the reason of the last one', async () => {
    const { error: told } = await notOpened({ a: error(401, 'first'), b: error(503, 'second.') });
    expect(told.status).toBe(502);
    expect(told.message).toBe('The provider failed: it answered 503: second. Nothing was charged.');
  });

  it('is told that something is missing only where no channel said anything else', async () => {
    const { error: busy } = await notOpened({ a: error(429, 'slow down'), b: error(404, 'no such model') });
    expect(busy).toMatchObject({ status: 502, options: { headers: { 'x-tokenhub-provider': 'a' } } });
    const { error: missing, reason } = await notOpened({ a: error(404, 'first'), b: error(404, 'no such model') });
    expect([missing.status, missing.message, reason]).toEqual([404, 'first', 'refused_by_provider']);
  });

  // Thoughts of another account (https://github.com/anomalyco/opencode/issues/44135), or a model that only others have.
  it.each([
    { code: 'model_not_found', message: "The requested model 'm' does not exist." },
    { code: 'invalid_request_error', message: 'Model Not Exist' },
    { code: '20012', message: 'Model does not exist. Please check it carefully.' },
    { code: '400', message: 'deepseek/deepseek-coder is not a valid model ID' },
    { code: 'invalid_encrypted_content', message: 'The encrypted content gAAA could not be verified.' },
    { type: 'invalid_request_error', message: 'messages.1.content.0: Invalid `signature` in `thinking` block' },
  ])(
    'gets the answer of the channel that has what its request names, or hears of what is missing: %j',
    async (fault) => {
      const missing = answer(400, JSON.stringify({ error: fault }));
      expect((await open({ a: missing, b: answer(200) })).asked).toEqual(['a', 'b']);
      const { error: busy } = await notOpened({ a: error(429, 'slow down'), b: missing });
      expect(busy).toMatchObject({ status: 502, options: { headers: { 'x-tokenhub-provider': 'a' } } });
      expect((await notOpened({ a: missing })).error).toMatchObject({ status: 400, message: fault.message });
    },
  );

  it('hears at once that its conversation has changed before a thought', async () => {
    const message =
      'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.';
    const changed = answer(400, JSON.stringify({ error: { type: 'invalid_request_error', message } }));
    expect((await open({ a: changed, b: answer(200) })).asked).toEqual(['a']);
  });

  it.each([
    ['an error as a text', '{"error":"broken"}', 'it answered 500: broken.'],
    ['an error without a wrapper', '{"message":"broken","code":"x"}', 'it answered 500: broken.'],
    ['an error without words', '{"error":{"code":7}}', 'no reason given (application/json)'],
    ['something else', '[1]', 'no reason given (application/json)'],
    ['nothing', '', 'no reason given (application/json)'],
    ['endless words', JSON.stringify({ error: { message: 'x'.repeat(5_000) } }), 'x'.repeat(500)],
  ])('is told so for %s', async (_case, body, sentence) => {
    const { error: told } = await notOpened({ a: answer(500, body) });
    expect(told.message).toContain(sentence);
    expect(told.message.length).toBeLessThan(700);
  });

  it('never gets HTML, nor a body that does not end', async () => {
    const { error: told } = await notOpened({ a: answer(502, '<html>Bad gateway</html>', 'text/html') });
    expect(told.message).toContain('no reason given (text/html)');
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(65_536, 'x'));
      },
    });
    expect((await notOpened({ a: answer(500, endless) })).error.status).toBe(502);
    expect(endless.destroyed).toBe(true);
  });

  it('gets the provider’s code and param, when they are words', async () => {
    const body = { code: 'context_length_exceeded', param: 'messages' };
    const { options } = (await notOpened({ a: error(400, 'too long', body) })).error;
    expect(options).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
    const texts = (await notOpened({ a: error(400, 'no', { code: 'a text with the prompt' }) })).error.options;
    expect(texts.code).toBe('invalid_request_error');
  });

  it('is told not to send the same again, except where that may help', async () => {
    const headersAfter = async (status: number) => (await notOpened({ a: error(status, 'no') })).error.options.headers;
    const by = { 'x-tokenhub-provider': 'a' };
    for (const status of [400, 401, 404, 409, 422])
      expect(await headersAfter(status)).toEqual({ ...by, 'x-should-retry': 'false' });
    for (const status of [408, 429, 500, 503, 529]) expect(await headersAfter(status)).toEqual(by);
  });

  it('gets a 504 for a provider that took too long', async () => {
    const outcome = await notOpened({ a: fail(new UpstreamTimeout('no answer within 5 ms')) });
    expect(outcome.error).toMatchObject({
      status: 504,
      message: expect.stringContaining('no answer within 5 ms') as string,
    });
    expect(outcome.reason).toBe('upstream_timeout');
  });

  it('gets a 502 where there is no channel at all', async () => {
    const outcome = await notOpened({});
    expect(outcome.error.status).toBe(502);
    expect(outcome.attempts).toEqual([]);
  });
});

describe('when no channel answers, the ledger', () => {
  it('keeps our words and the provider’s code, never its words', async () => {
    const outcome = await notOpened({
      a: fail(new UpstreamFailure('the connection failed (ECONNRESET)')),
      b: error(400, 'Invalid value: “the prompt”', { code: 'invalid_value' }),
    });
    expect(outcome.detail).toBe('it answered 400 (invalid_value)');
    expect(outcome.attempts).toEqual([
      { channel: 'a', status: null, error: 'the connection failed (ECONNRESET)' },
      { channel: 'b', status: 400, error: 'it answered 400 (invalid_value)' },
    ]);
  });
});
