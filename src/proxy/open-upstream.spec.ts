import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ANY_MAKER, type Route } from './channels.js';
import { NotOpened, openUpstream } from './open-upstream.js';
import { Upstream, UpstreamFailure, type UpstreamRequest, type UpstreamResponse, UpstreamTimeout } from './upstream.js';

type Script = () => UpstreamResponse;

/** Does for each channel what its script says, and remembers who was asked. */
class ScriptedUpstream extends Upstream {
  readonly asked: string[] = [];

  constructor(private readonly scripts: Readonly<Record<string, Script>>) {
    super();
  }

  override async send({ channel: { name } }: Route): Promise<UpstreamResponse> {
    this.asked.push(name);
    const script = this.scripts[name];
    if (script === undefined) throw new Error(`no script for ${name}`);
    return script();
  }

  override failureOf(error: unknown): UpstreamFailure {
    return new UpstreamFailure(String(error));
  }
}

const answer = (status: number, body: string | Readable = '', contentType = 'application/json'): Script => {
  return () => ({ status, contentType, body: typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body });
};
const error = (status: number, message: string, more: object = {}): Script =>
  answer(status, JSON.stringify({ error: { message, ...more } }));
const fail = (failure: Error): Script => {
  return () => {
    throw failure;
  };
};

const routeTo = (name: string): Route => ({
  upstreamModel: 'm',
  channel: {
    name,
    baseUrl: '',
    apiKey: '',
    models: {},
    makers: [ANY_MAKER],
    order: 0,
    weight: 1,
    servesRetired: true,
    responseHeaders: {},
  },
});

async function open(scripts: Readonly<Record<string, Script>>, signal = new AbortController().signal) {
  const upstream = new ScriptedUpstream(scripts);
  const request: UpstreamRequest = { requestId: 'req_1', body: {}, signal };
  const outcome = await openUpstream(upstream, Object.keys(scripts).map(routeTo), request);
  return { outcome, asked: upstream.asked };
}

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
    const { outcome, asked } = await open({ a: cutOff, b: answer(200) }, controller.signal);
    expect(asked).toEqual(['a']);
    expect(outcome).toMatchObject({ reason: 'upstream_timeout', error: { status: 504 } });
  });
});

describe('when no channel answers, the client', () => {
  it('is told the reason of the last one', async () => {
    const { error: told } = await notOpened({ a: error(500, 'first'), b: error(503, 'second.') });
    expect(told.status).toBe(502);
    expect(told.message).toBe('The provider failed: it answered 503: second. Nothing was charged.');
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
    expect(texts.code).toBe('upstream_error');
  });

  it('is told not to send the same again, except where that may help', async () => {
    const headersAfter = async (status: number) => (await notOpened({ a: error(status, 'no') })).error.options.headers;
    for (const status of [400, 404, 422]) expect(await headersAfter(status)).toEqual({ 'x-should-retry': 'false' });
    for (const status of [408, 429, 500, 503]) expect(await headersAfter(status)).toEqual({});
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
