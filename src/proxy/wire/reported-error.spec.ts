import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readError, readErrorBody, type ReportedError } from './reported-error.js';

const read = (body: unknown): ReportedError => readErrorBody(JSON.stringify(body), 'application/json');

describe('the error of a provider is read in the shape of', () => {
  it.each<[string, unknown, ReportedError]>([
    [
      'OpenAI',
      {
        error: {
          message: 'Too long.',
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded',
        },
      },
      {
        message: 'Too long.',
        status: 400,
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    ],
    [
      'Anthropic',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' },
      { message: 'Overloaded', status: 529, type: 'overloaded_error', code: 'overloaded_error' },
    ],
    [
      'Google',
      [{ error: { code: 503, message: 'Overloaded.', status: 'UNAVAILABLE' } }],
      { message: 'Overloaded.', status: 503, code: 'UNAVAILABLE' },
    ],
    [
      'Zhipu, as the end of an answer', // https://docs.bigmodel.cn/cn/api/api-code, https://github.com/earendil-works/pi/issues/2313
      { choices: [{ index: 0, finish_reason: 'network_error', delta: { role: 'assistant', content: '' } }] },
      { message: 'network_error', status: 500, code: 'network_error' },
    ],
    [
      'DeepSeek, as the end of an answer', // https://api-docs.deepseek.com/api/create-chat-completion
      { choices: [{ index: 0, finish_reason: 'insufficient_system_resource', message: { content: 'Hel' } }] },
      { message: 'insufficient_system_resource', status: 503, code: 'insufficient_system_resource' },
    ],
    [
      'OpenRouter, in a choice without an end', // recorded in social-growth-studio/req_llm
      {
        choices: [
          { index: 0, finish_reason: null, error: { code: 502, message: 'Broke.' }, message: { content: 'Hel' } },
        ],
      },
      { message: 'Broke.', status: 502 },
    ],
    [
      'Groq, in a field of its own',
      { choices: [{ index: 0, delta: {}, finish_reason: null }], x_groq: { id: 'req_1', error: 'Stopped early.' } },
      { message: 'Stopped early.' },
    ],
    [
      'Zhipu, for a prompt that fills the window',
      {
        choices: [
          { index: 0, finish_reason: 'model_context_window_exceeded', delta: { role: 'assistant', content: '' } },
        ],
      },
      {
        message: 'The prompt exceeds the model’s context window (model_context_window_exceeded).',
        status: 400,
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
        param: 'messages',
      },
    ],
    [
      'OpenRouter, in the choice',
      { choices: [{ index: 0, finish_reason: 'error', error: { code: 502, message: 'Upstream failed' }, delta: {} }] },
      { message: 'Upstream failed', status: 502 },
    ],
    [
      'OpenRouter, with the reason of the provider behind it',
      {
        error: {
          code: 400,
          message: 'Provider returned error',
          metadata: {
            provider_name: 'Anthropic',
            raw: '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}',
          },
        },
      },
      {
        message: 'Provider returned error: prompt is too long',
        status: 400,
        type: 'invalid_request_error',
        code: 'invalid_request_error',
      },
    ],
    [
      'OpenRouter, with a reason that is a text',
      { error: { code: 429, message: 'Provider returned error', metadata: { raw: 'slow down' } } },
      { message: 'Provider returned error: slow down', status: 429 },
    ],
    [
      'Groq',
      {
        error: {
          message: 'Failed to call a function.',
          type: 'invalid_request_error',
          code: 'tool_use_failed',
          status_code: 400,
        },
      },
      { message: 'Failed to call a function.', status: 400, type: 'invalid_request_error', code: 'tool_use_failed' },
    ],
    [
      'FastAPI',
      { detail: [{ loc: ['body', 'input'], msg: 'field required' }, { msg: 'and another' }] },
      { message: 'field required; and another' },
    ],
    [
      'vLLM',
      { object: 'error', message: 'Too long.', type: 'BadRequestError', param: null, code: 400 },
      { message: 'Too long.', status: 400, type: 'BadRequestError', code: 'BadRequestError' },
    ],
    [
      'Mistral',
      { object: 'error', message: { detail: [{ msg: 'no' }] }, type: 'x' },
      { message: 'no', type: 'x', code: 'x' },
    ],
    [
      'MiniMax, beside choices that are null', // https://platform.minimax.io/docs/api-reference/errorcode
      {
        choices: null,
        usage: { total_tokens: 0 },
        base_resp: { status_code: 1027, status_msg: 'output new_sensitive' },
      },
      { message: 'output new_sensitive', status: 400, code: '1027' },
    ],
    [
      'MiniMax, with a code that is not known',
      { choices: null, base_resp: { status_code: 2999, status_msg: 'no' } },
      { message: 'no', code: '2999' },
    ],
    [
      'MiniMax, with the status within it',
      {
        type: 'error',
        error: { type: 'bad_request_error', message: 'invalid params, invalid chat setting (2013)', http_code: '400' },
      },
      {
        message: 'invalid params, invalid chat setting (2013)',
        status: 400,
        type: 'bad_request_error',
        code: 'bad_request_error',
      },
    ],
    [
      'llama.cpp, for a prompt that fills the window',
      {
        error: {
          code: 400,
          message: 'request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 4_390,
          n_ctx: 4_096,
        },
      },
      {
        message: 'request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it',
        status: 400,
        type: 'exceed_context_size_error',
        code: 'context_length_exceeded',
      },
    ],
    [
      'llama.cpp, while it loads its model', // https://github.com/ggml-org/llama.cpp/tree/master/tools/server#get-health-returns-health-check-result
      { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
      { message: 'Loading model', status: 503, type: 'unavailable_error', code: 'unavailable_error' },
    ],
    [
      'Cloudflare',
      { errors: [{ message: 'AiError: Bad input', code: 5006 }], success: false, result: {}, messages: [] },
      { message: 'AiError: Bad input' },
    ],
    [
      'RFC 9457, with a title alone', // https://www.rfc-editor.org/rfc/rfc9457.html
      { type: 'about:blank', title: 'Unprocessable Content', status: 422 },
      { message: 'Unprocessable Content', status: 422 },
    ],
    ['a text', { error: 'broken' }, { message: 'broken' }],
    [
      'a gateway that wraps an error once more', // fixtures of tailcallhq/forgecode
      { error: { error: { message: 'Prompt is too long', type: 'invalid_request_error' }, code: 413 } },
      { message: 'Prompt is too long', status: 413, type: 'invalid_request_error', code: 'invalid_request_error' },
    ],
    ['xAI', { code: 'not-found', error: 'No such model.' }, { message: 'No such model.', code: 'not-found' }],
    ['something without words', { error: { code: 7 } }, { message: undefined }],
    ['something else', [1], { message: undefined }],
  ])('%s', (_maker, body, expected) => expect(read(body)).toEqual(expected));
});

it('an error that is plain text is words; a page is none', () => {
  expect(readErrorBody('Failed to deserialize the JSON body', 'text/plain; charset=utf-8')).toEqual({
    message: 'Failed to deserialize the JSON body',
  });
  expect(readErrorBody('<html>', 'text/html')).toEqual({ message: undefined });
});

it('words are not endless, and a code is a word', () => {
  expect(read({ error: { message: 'x'.repeat(10_000) } }).message).toHaveLength(500);
  expect(read({ error: { message: 'no', code: 'a text with the prompt' } })).toEqual({ message: 'no' });
});

describe('an error is about the gateway itself when it tells of', () => {
  const key = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
  it.each<[string, object]>([
    [
      'OpenAI’s quota',
      { message: 'You exceeded your current quota.', type: 'insufficient_quota', code: 'insufficient_quota' },
    ],
    ['Moonshot’s', { message: 'You exceeded your current quota.', type: 'exceeded_current_quota_error' }],
    ['Z.ai’s balance', { message: 'Insufficient balance', code: '1113' }],
    ['Alibaba’s arrears', { message: 'Access denied', code: 'Arrearage' }],
    [
      'Anthropic’s credit',
      { type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API.' },
    ],
    [
      'Anthropic’s spend limit',
      { type: 'rate_limit_error', message: 'no', details: { error_code: 'enforced_spend_limit_reached' } },
    ],
    ['Google’s key', { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT', details: key }],
    ['xAI’s key', { message: 'Incorrect API key provided: xa***Xk.', code: 'invalid-argument' }],
    ['Google’s project', { code: 403, message: 'no', status: 'PERMISSION_DENIED' }],
    [
      'Fireworks’ bills',
      { message: 'Account acme is suspended, possibly due to reaching the monthly spending limit.', type: 'error' },
    ],
    [
      'xAI’s credits',
      { message: 'Your team 0a1b has either used all available credits or reached its monthly spending limit.' },
    ],
    ['MiniMax’s balance', { type: 'api_error', message: 'insufficient balance (1008)' }],
    ['MiniMax’s balance, by its type', { type: 'insufficient_balance_error', message: 'no' }],
    ['Groq’s organization', { message: 'Organization has been restricted.', code: 'organization_restricted' }],
    ['LiteLLM’s budget', { message: 'Budget has been exceeded!', type: 'budget_exceeded', code: '400' }],
  ])('%s', (_case, error) => expect(read({ error }).about).toBe('gateway'));

  it('nothing else, though its status may be the same', () => {
    expect(
      read({ error: { code: 400, message: 'no', status: 'INVALID_ARGUMENT', details: [] } }).about,
    ).toBeUndefined();
    expect(read({ error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } }).about).toBeUndefined();
  });

  it('while OpenRouter tells of the prompt by a 403', () => {
    const error = {
      code: 403,
      message: 'Your input was flagged.',
      metadata: { reasons: ['violence'], flagged_input: '…' },
    };
    expect(read({ error }).about).toBe('request');
  });

  it('while xAI tells of the prompt by a 403, naming our team and key, behind OpenRouter too', () => {
    const ids = 'Team: 0a1b, API key ID: 2c3d, ';
    const error = `Content violates usage guidelines. ${ids}Model: grok-4, Failed check: SAFETY_CHECK_TYPE_BIO`;
    const message = error.replace(ids, '');
    const code = 'The caller does not have permission to execute the specified operation';
    expect(read({ code, error })).toEqual({ message, about: 'request' });
    const behind = {
      message: 'Provider returned error',
      code: 403,
      metadata: { raw: JSON.stringify({ code, error }) },
    };
    expect(read({ error: behind })).toMatchObject({ message: `Provider returned error: ${message}`, about: 'request' });
  });
});

describe('an error that is nested as deep as its bytes allow', () => {
  it.each([
    ['in another', '{"error":'],
    ['behind another', '{"error":{"metadata":{"raw":', 3],
    ['in its own words', '{"message":'],
  ])('%s, has no words', (_where, open, closes = 1) => {
    const text = `${open.repeat(30_000)}{"message":"Too long."}${'}'.repeat(30_000 * closes)}`;
    expect(readErrorBody(text, 'application/json').message).toBeUndefined();
  });
});

describe('no error is seen', () => {
  it.each([[null], [false], [''], [{}], [[]]])('in an error of %j', (error) => {
    expect(readError({ error, choices: [] })).toBeUndefined();
  });

  it('where MiniMax says that all went well', () => {
    expect(readError({ choices: null, base_resp: { status_code: 0, status_msg: '' } })).toBeUndefined();
  });

  it('where there is none, whatever there is', () => {
    const property = fc.property(fc.jsonValue(), (body) => {
      fc.pre(!JSON.stringify(body).includes('"error"'));
      expect(readError(body)).toBeUndefined();
    });
    fc.assert(property);
  });
});
