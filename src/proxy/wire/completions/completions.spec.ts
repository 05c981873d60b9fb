import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { completionOf } from './answer.js';
import { chatRequest } from './request.js';
import { CompletionStream } from './stream.js';

const CONTEXT = { id: 'chatcmpl-7', created: 1_790_000_000, model: 'gpt-4o' };
const EMPTY = { id: 'cmpl-7', object: 'text_completion', created: 1_790_000_000, model: 'gpt-4o' };
const USAGE = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
/** The same as it is billed. */
const BILLED = {
  ...USAGE,
  prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

function refusalOf(body: JsonObject): string {
  try {
    return `no refusal: ${JSON.stringify(chatRequest(body))}`;
  } catch (error) {
    if (error instanceof Untranslatable) return `${error.param}: ${error.message}`;
    throw error;
  }
}

describe('a request for a completion', () => {
  it('is a chat completion of one message', () => {
    const same = { n: 2, stop: ['\n'], temperature: 0, top_p: 0.5, seed: 1, user: 'u-1', stream: true };
    const body = { model: 'gpt-4o', prompt: 'Once upon', max_tokens: 50, stream_options: { include_usage: true } };
    expect(chatRequest({ ...body, ...same, echo: false, best_of: 1, suffix: null, logprobs: null })).toEqual({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Once upon' }],
      max_tokens: 50,
      ...same,
      stream_options: { include_usage: true },
    });
  });

  it('has OpenAI’s cap of 16 tokens where it names none', () => {
    expect(chatRequest({ model: 'gpt-4o', prompt: ['Once'] })).toEqual({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Once' }],
      max_tokens: 16,
    });
  });

  it.each<[string, JsonObject, RegExp]>([
    ['several prompts', { prompt: ['a', 'b'] }, /^prompt: .*a request for each/],
    ['tokens', { prompt: [1, 2] }, /^prompt: .*not tokens/],
    ['one token', { prompt: [1] }, /^prompt: .*not tokens/],
    ['lists of tokens', { prompt: [[1], [2]] }, /^prompt: .*not tokens/],
    ['no prompt', { prompt: null }, /^prompt: /],
    ['a suffix', { suffix: 'end' }, /^suffix: /],
    ['an echo', { echo: true }, /^echo: /],
    ['a best of several', { best_of: 3 }, /^best_of: /],
    ['probabilities', { logprobs: 0 }, /^logprobs: .*chat\/completions/],
  ])('is refused for %s', (_, more, expected) => {
    expect(refusalOf({ model: 'gpt-4o', prompt: 'a', ...more })).toMatch(expected);
  });
});

describe('a chat completion for a client of completions', () => {
  it('is a text', () => {
    const choice = (index: number, message: JsonObject, finish_reason: string) => ({ index, message, finish_reason });
    const choices = [
      choice(0, { content: ' a time', reasoning_content: 'Hm' }, 'length'),
      choice(1, { content: null, refusal: 'No.' }, 'tool_calls'),
    ];
    expect(completionOf({ ...CONTEXT, system_fingerprint: 'fp', choices, usage: USAGE })).toEqual({
      ...EMPTY,
      choices: [
        { text: ' a time', index: 0, logprobs: null, finish_reason: 'length' },
        { text: 'No.', index: 1, logprobs: null, finish_reason: 'stop' },
      ],
      system_fingerprint: 'fp',
      usage: BILLED,
    });
  });

  const CHUNKS = [
    { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
    { choices: [{ index: 0, delta: { reasoning_content: 'Hm' }, finish_reason: null }] },
    { choices: [{ index: 0, delta: { content: ' a' }, finish_reason: null }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: USAGE },
  ];
  const framesOf = (request: JsonObject): string => {
    const stream = new CompletionStream(CONTEXT, request);
    return CHUNKS.map((chunk) => stream.push(JSON.stringify(chunk))).join('') + stream.end();
  };
  const head = '{"id":"cmpl-7","object":"text_completion","created":1790000000,"model":"gpt-4o","choices":';
  const text = '[{"text":" a","index":0,"logprobs":null,"finish_reason":null}]';
  const end = '[{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}]';

  it('comes in chunks', () => {
    expect(framesOf({})).toBe(`data: ${head}${text}}\n\ndata: ${head}${end}}\n\ndata: [DONE]\n\n`);
  });

  it('tells its usage last, where it was asked for', () => {
    const usage = `[],"usage":${JSON.stringify(BILLED)}}`;
    expect(framesOf({ stream_options: { include_usage: true } })).toBe(
      `data: ${head}${text},"usage":null}\n\ndata: ${head}${end},"usage":null}\n\ndata: ${head}${usage}\n\ndata: [DONE]\n\n`,
    );
  });

  it('breaks off with the error as it is', () => {
    const stream = new CompletionStream(CONTEXT, {});
    expect(stream.fail({ error: { message: 'It broke.' } })).toBe('data: {"error":{"message":"It broke."}}\n\n');
  });

  it('takes no notice of what is no chunk', () => {
    const stream = new CompletionStream(CONTEXT, {});
    expect(['[DONE]', '{', '[]', '{"error":{"message":"x"}}'].map((data) => stream.push(data)).join('')).toBe('');
  });
});
