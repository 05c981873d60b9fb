// A provider that fails before a byte of its answer has reached the client: the hold is released, nothing is charged.
// Modes: embedded. What providers do has nothing to do with stores; a release is one like any other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, errorOf, jsonOf, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, released } from '../../support/gateway/ledger-desk.js';
import {
  answering,
  refusing,
  type Script,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
} from '../../support/gateway/upstream.js';

const SILENCE_MS = 1_000;
const DEADLINE_MS = 4_000;

let gateway: TestGateway;
let scripted: ScriptedUpstream;
beforeAll(async () => {
  scripted = await startUpstream(answering());
  gateway = await startGateway({
    env: {
      UPSTREAM_FIRST_BYTE_TIMEOUT_MS: String(SILENCE_MS),
      UPSTREAM_IDLE_TIMEOUT_MS: String(SILENCE_MS),
      REQUEST_TIMEOUT_MS: String(DEADLINE_MS),
    },
    channels: (url) => [
      channel('sandbox', url, { makers: ['openai'] }),
      channel('scripted', scripted.url, { makers: ['deepseek'] }),
      channel('nobody', 'http://127.0.0.1:1', { makers: ['zhipu'] }),
      channel('plain', scripted.url.replace('http:', 'https:'), { makers: ['moonshot'] }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await scripted.close();
});

/** Faults that are tried again, and again. */
const PASSING = ['status_408', 'status_500', 'html_502', 'die'];
/** What the client is told as the provider told it. */
const REFUSALS: Readonly<Record<string, object>> = {
  status_400: { status: 400, type: 'invalid_request_error', code: 'invalid_request_error', param: null },
  status_404: { status: 404, type: 'invalid_request_error', code: 'model_not_found', param: 'model' },
};

const failed = { status: 502, type: 'upstream_error' };
const late = { status: 504, type: 'upstream_timeout', code: 'upstream_timeout' };

/** A call that fails; what the client is told, and what the ledger says. */
async function failing(prompt: string, stream: boolean, model = 'gpt-4o-mini') {
  const account = await gateway.desk.account();
  const answer = await post(gateway.url, account.key, chat(prompt, { stream, model }));
  const error = errorOf(answer);
  expect(error.status < 500 || error.message.includes('Nothing was charged.')).toBe(true);
  expect(error.message).not.toMatch(/<html|nginx/);
  expect(await account.available(), 'all credit is free again').toBe('5.00');
  const [release] = await account.eventsOf('HoldReleased');
  expect(release?.requestId).toBe(answer.requestId);
  return { error, answer, release, ending: await account.ending() };
}

describe.each([
  ['a plain answer', false],
  ['a stream', true],
])('asked for %s, a provider', (_kind, stream) => {
  it.each([
    ['status_400', 'refused_by_provider', 'The sandbox was configured to refuse this request'],
    ['status_404', 'refused_by_provider', 'The model does not exist'],
    ['status_401', 'upstream_error', 'it answered 401 to this gateway’s credentials'],
    ['status_408', 'upstream_error', 'it answered 408: Request timed out'],
    ['status_429', 'upstream_error', 'it answered 429: Rate limit reached'],
    ['status_500', 'upstream_error', 'it answered 500: The server had an error'],
    ['status_503', 'upstream_error', 'it answered 503: The engine is currently overloaded'],
    ['html_502', 'upstream_error', 'it answered 502: no reason given (text/html)'],
    ['die', 'upstream_error', 'the connection failed'],
    [
      'half_json',
      'upstream_error',
      stream ? 'it answered a request for a stream with application/json' : 'not valid JSON',
    ],
  ])('that plays %s gets the hold released as %s', async (fault, reason, sentence) => {
    const { error, release, ending } = await failing(`[[sandbox fault=${fault}]]`, stream);
    expect(error).toMatchObject(REFUSALS[fault] ?? failed);
    expect(error.message).toContain(sentence);
    expect(ending).toEqual(released(reason));
    expect((release?.attempts?.length ?? 0) > 1, 'is tried again').toBe(PASSING.includes(fault));
  });

  it('that never answers is given up after the first-byte timeout', async () => {
    const { error, ending } = await failing('[[sandbox fault=hang]]', stream);
    expect(error).toMatchObject(late);
    expect(error.message).toContain(`no answer within ${SILENCE_MS} ms`);
    expect(ending).toEqual(released('upstream_timeout'));
  });
});

describe('a plain answer', () => {
  it.each(['die_midstream', 'half_json_length'])('that breaks off (%s) is charged nothing', async (fault) => {
    const { error, ending } = await failing(`[[sandbox fault=${fault}]]`, false);
    expect(error).toMatchObject({ ...failed, code: 'upstream_error' });
    expect(error.message).toContain('the connection failed');
    expect(ending).toEqual(released('upstream_error'));
  });

  it('that falls silent is given up after the idle timeout', async () => {
    const { error, ending } = await failing('[[sandbox fault=hang_midstream]]', false);
    expect(error).toMatchObject(late);
    expect(error.message).toContain(`fell silent for ${SILENCE_MS} ms`);
    expect(ending).toEqual(released('upstream_timeout'));
  });

  it('that comes slowly but steadily is waited for', async () => {
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('[[sandbox fault=slow_body chunks=10 chunk_delay=50]]'));
    expect(answer.status).toBe(200);
    expect(await account.ending()).toEqual(charged(answer.headers.get('x-tokenhub-cost') ?? ''));
  });

  it('that takes longer than any request may is given up as late', async () => {
    const prompt = '[[sandbox fault=slow_body chunks=100 chunk_delay=50]]';
    const { error, ending } = await failing(prompt, false);
    expect(error).toMatchObject(late);
    expect(error.message).toContain(`${DEADLINE_MS} ms`);
    expect(ending).toEqual(released('upstream_timeout'));
  });
});

it('names a provider that can’t be reached', async () => {
  const { error, ending } = await failing('Hi', false, 'glm-4.6');
  expect(error).toMatchObject(failed);
  expect(error.message).toContain('ECONNREFUSED');
  expect(ending).toEqual(released('upstream_error'));
});

it('says in few words that a provider does not speak TLS', async () => {
  const { error } = await failing('Hi', false, 'kimi-k2.6');
  expect(error).toMatchObject(failed);
  expect(error.message).toBe(
    'The provider failed: the connection failed (TLS: wrong version number). Nothing was charged.',
  );
});

describe('the provider’s own words', () => {
  const told = async (script: Script) => {
    scripted.script = script;
    scripted.calls.length = 0;
    return failing('Hi', false, 'deepseek-chat');
  };

  it('reach the client with its code and param, and a hint not to send the same again', async () => {
    const words = { message: 'temperature is too high', code: 'invalid_value', param: 'temperature' };
    const { error, answer } = await told(refusing(422, words));
    expect(error).toEqual({ ...words, status: 422, type: 'invalid_request_error' });
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(answer.headers.get('x-tokenhub-provider')).toBe('scripted');
    expect(scripted.calls).toHaveLength(1);
  });

  it.each([
    ['/v1/messages', { max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }],
    ['/v1/responses', { input: 'Hi' }],
    ['/v1/completions', { prompt: 'Hi' }],
  ])('reach the clients of %s, too, in their own shape', async (path, body) => {
    const words = { message: 'prompt is too long', code: 'context_length_exceeded', type: 'invalid_request_error' };
    scripted.script = refusing(400, { ...words, param: 'messages' });
    const { key } = await gateway.desk.account();
    for (const stream of [false, true]) {
      const answer = await post(gateway.url, key, { model: 'deepseek-chat', stream, ...body }, { path });
      expect(answer.status).toBe(400);
      const error = { type: words.type, message: words.message };
      const anthropic = { type: 'error', error };
      expect(jsonOf(answer)).toEqual(path === '/v1/messages' ? anthropic : { error: { ...words, param: 'messages' } });
    }
  });

  it.each([
    ['plain', false],
    ['streamed', true],
  ])('come to the same when they stand in an answer of 200 (%s)', async (_kind, stream) => {
    const error = {
      message: 'The prompt was filtered.',
      type: null,
      param: 'prompt',
      code: 'content_filter',
      status: 400,
    };
    scripted.script = ({ response }) => sendJson(response, 200, { error });
    const { error: given, answer, ending } = await failing('Hi', stream, 'deepseek-chat');
    const { message, param, code } = error;
    expect(given).toEqual({ status: 400, type: 'invalid_request_error', message, param, code });
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(ending).toEqual(released('refused_by_provider'));
  });

  it('are taken from an error that is plain text, too', async () => {
    expect((await told(refusing(500, 'out of memory'))).error.message).toContain('it answered 500: out of memory.');
  });

  it('do not reach the client when they are about the gateway’s own account there', async () => {
    const { error, ending } = await told(
      refusing(402, { message: 'Insufficient Balance', code: 'invalid_request_error' }),
    );
    expect(error).toMatchObject({ ...failed, code: 'upstream_error' });
    expect(error.message).not.toContain('Balance');
    expect(ending).toEqual(released('upstream_error'));
  });

  it('do not reach the ledger, for they may quote the prompt', async () => {
    const words = { message: 'Invalid value: “my secret prompt”', code: 'my secret prompt' };
    const { error, release } = await told(refusing(400, words));
    expect(error.message).toContain('my secret prompt');
    expect(JSON.stringify(release)).not.toContain('my secret prompt');
    expect(release?.detail).toContain('it answered 400');
  });
});
