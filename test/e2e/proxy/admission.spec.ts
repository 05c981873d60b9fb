// What a request is refused for before anything is set aside or forwarded: 400, 404, 413.
// Modes: embedded. It is about what never gets to a store.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { chat, COMPLETIONS, errorOf, get, jsonOf, MODEL, post, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { NOTHING, type TestAccount } from '../../support/gateway/ledger-desk.js';

const BODY_LIMIT = 4_096;

let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  gateway = await startGateway({ env: { BODY_LIMIT_BYTES: String(BODY_LIMIT) } });
  account = await gateway.desk.account();
});
afterAll(() => gateway.close());

const refusal = async (body: JsonObject | string | Uint8Array<ArrayBuffer>) => {
  const one = await gateway.desk.account();
  const { message, ...error } = errorOf(await post(gateway.url, one.key, body));
  expect(await one.ending()).toEqual(NOTHING);
  return { message, error };
};

describe('400 names the field at fault:', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  it.each<[string, JsonObject, string]>([
    ['no model', { messages }, 'model'],
    ['an empty model', { model: '', messages }, 'model'],
    ['a model that is no string', { model: 4, messages }, 'model'],
    ['no messages', { model: MODEL }, 'messages'],
    ['messages that are no list', { model: MODEL, messages: 'Hi' }, 'messages'],
    ['no message', { model: MODEL, messages: [] }, 'messages'],
    ['stream', chat('Hi', { stream: 'yes' }), 'stream'],
    ['stream_options', chat('Hi', { stream: true, stream_options: 3 }), 'stream_options'],
    ['max_tokens of 0', chat('Hi', { max_tokens: 0 }), 'max_tokens'],
    ['negative max_tokens', chat('Hi', { max_tokens: -1 }), 'max_tokens'],
    ['half a token', chat('Hi', { max_tokens: 1.5 }), 'max_tokens'],
    ['max_tokens as text', chat('Hi', { max_tokens: '10' }), 'max_tokens'],
    ['max_tokens beyond all bounds', chat('Hi', { max_tokens: 1e15 }), 'max_tokens'],
    ['max_completion_tokens of 0', chat('Hi', { max_completion_tokens: 0 }), 'max_completion_tokens'],
    ['no choices', chat('Hi', { n: 0 }), 'n'],
    ['too many choices', chat('Hi', { n: 129 }), 'n'],
    ['two caps at once', chat('Hi', { max_tokens: 10, max_completion_tokens: 1 }), 'max_tokens'],
  ])('%s', async (_case, body, param) => {
    const { error, message } = await refusal(body);
    expect(error).toEqual({ status: 400, type: 'invalid_request_error', param, code: 'invalid_request' });
    expect(message).toContain(param);
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ['an empty body', ''],
    ['text that is not JSON', 'model=gpt-4o'],
    ['half of a JSON body', '{"model":"gpt-4o","mess'],
    ['bytes that are not UTF-8', Buffer.from(JSON.stringify(chat('caf\u00e9')), 'latin1')],
  ])('%s', async (_case, body) => {
    const { error, message } = await refusal(body);
    expect(error).toEqual({ status: 400, type: 'invalid_request_error', param: null, code: 'invalid_json' });
    expect(message).toContain('not valid JSON');
  });

  it('JSON that is no object', async () => {
    const { error } = await refusal('[1, 2]');
    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('404', () => {
  const noModel = { status: 404, type: 'invalid_request_error', param: 'model', code: 'model_not_found' };

  it('for a model that does not exist', async () => {
    const { error, message } = await refusal(chat('Hi', { model: 'gpt-99' }));
    expect(error).toEqual(noModel);
    expect(message).toContain('"gpt-99" does not exist');
    expect(errorOf(await get(gateway.url, '/v1/models/gpt-99', account.key))).toMatchObject(noModel);
  });

  it('for a model that does not exist, with what may have been meant of those that the key may call', async () => {
    const meant = async (model: string) =>
      /Did you mean (.*)\?/.exec((await refusal(chat('Hi', { model }))).message)?.[1];
    expect(await meant('gpt-4o-mni')).toMatch(/^"gpt-4o-mini"/);
    expect(await meant('Octopus-9')).toBeUndefined();
    const { key } = await gateway.desk.account('5.00', { allowedModels: ['gpt-4o-mini'] });
    const { message } = errorOf(await post(gateway.url, key, chat('Hi', { model: 'gpt-4o-mni' })));
    expect(message).toContain('Did you mean "gpt-4o-mini"?');
  });

  it('for a model that does not chat', async () => {
    const { error, message } = await refusal(chat('Hi', { model: 'text-embedding-3-small' }));
    expect(error).toEqual(noModel);
    expect(message).toContain('Use POST /v1/embeddings for it.');
  });

  it.each([
    ['an unknown path', 'GET', '/v1/nothing'],
    ['a path outside /v1', 'GET', '/nothing'],
    ['another method', 'GET', COMPLETIONS],
    ['another method', 'DELETE', `/v1/models/${MODEL}`],
  ])('for %s', async (_case, method, path) => {
    const error = errorOf(await request(`${gateway.url}${path}?secret=1`, { method }));
    expect(error).toMatchObject({ status: 404, type: 'invalid_request_error', param: null, code: 'unknown_url' });
    expect(error.message).toContain(`${method} ${path}.`);
  });
});

describe('501 says what to use instead', () => {
  it.each([
    ['POST', '/v1/batches', '{"input_file_id":"file-1"}'],
    ['GET', '/v1/files', undefined],
    ['POST', '/v1/files', 'a file of any shape'],
    ['DELETE', '/v1/files/file-1', undefined],
  ])('for %s %s', async (method, path, body) => {
    const answer = await request(`${gateway.url}${path}?limit=1`, { method, ...(body !== undefined && { body }) });
    expect(errorOf(answer)).toMatchObject({ status: 501, type: 'invalid_request_error', code: 'unsupported_endpoint' });
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });

  it('to clients of Anthropic’s API in its shape', async () => {
    const answer = await request(`${gateway.url}/v1/messages/batches`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(501);
    expect(jsonOf(answer)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });
});

describe('what is hardly HTTP gets an error in the same shape:', () => {
  it('a path that can’t be decoded', async () => {
    const error = errorOf(await request(`${gateway.url}/v1/%E0%A4%A`));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
  });

  it('a request that can’t be parsed', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.end('GET /v1/models HTTP/1.1\r\nno header\r\n\r\n');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 400 /);
    expect(head).toMatch(/x-request-id: req_/i);
    expect(JSON.parse(body)).toMatchObject({ error: { type: 'invalid_request_error', code: 'invalid_request' } });
  });

  it('a header that is too long', async () => {
    const error = errorOf(await request(gateway.url, { headers: { long: 'x'.repeat(20_000) } }));
    expect(error).toMatchObject({ status: 431, type: 'invalid_request_error' });
  });

  it('a content type that can’t be parsed: the body is JSON all the same', async () => {
    const answer = await post(gateway.url, account.key, 'no JSON', { headers: { 'content-type': ';' } });
    expect(errorOf(answer)).toMatchObject({ status: 400, type: 'invalid_request_error' });
  });
});

describe('413', () => {
  const tooLarge = { status: 413, type: 'invalid_request_error', param: null, code: 'request_too_large' };
  const large = JSON.stringify(chat('x'.repeat(BODY_LIMIT)));

  it('for a body beyond the limit', async () => {
    expect(errorOf(await post(gateway.url, account.key, large))).toMatchObject(tooLarge);
  });

  it('also when its length was not announced', async () => {
    const body = new Blob([large]).stream();
    const headers = { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' } as const;
    expect(errorOf(await request(`${gateway.url}${COMPLETIONS}`, init))).toMatchObject(tooLarge);
  });
});

describe('a model that its maker retired', () => {
  it('names its successor where no channel serves it any more', async () => {
    const strict = await startGateway({
      channels: (url) => [channel('strict', url, { servesRetired: false, makers: ['anthropic'] })],
    });
    const { key } = await strict.desk.account();
    const retired = errorOf(await post(strict.url, key, chat('Hi', { model: 'claude-3-5-sonnet-20241022' })));
    expect(retired).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    expect(retired.message).toContain('retired by its maker on 2025-10-28. Use "claude-sonnet-5-5" instead');
    const unserved = errorOf(await post(strict.url, key, chat('Hi', { model: 'gpt-6-luna' })));
    expect(unserved).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(unserved.message).toContain('not available on this gateway');
    const listed = jsonOf(await get(strict.url, '/v1/models', key))['data'] as { id: string }[];
    expect(listed.map(({ id }) => id)).toContain('claude-sonnet-5-5');
    expect(listed.map(({ id }) => id)).not.toContain('claude-3-5-sonnet-20241022');
    expect(listed.map(({ id }) => id)).not.toContain('gpt-6-luna');
    await strict.close();
  });
});

it('nothing of all this is in the ledger, and nothing was forwarded', async () => {
  expect(await account.ending()).toEqual(NOTHING);
  expect(await gateway.usageLines()).toEqual([]);
});
