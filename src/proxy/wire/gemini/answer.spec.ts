import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { context, thrownBy } from '../../../../test/support/proxy/wire/gemini.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { gemini } from './index.js';

const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 3, thoughtsTokenCount: 8, totalTokenCount: 20 };
const candidate = (parts: JsonValue, more: JsonObject = {}): JsonObject => ({
  content: { role: 'model', parts },
  finishReason: 'STOP',
  index: 0,
  ...more,
});
const response = (...candidates: JsonObject[]): JsonObject => ({
  candidates,
  usageMetadata,
  modelVersion: 'gemini-3.5-flash',
  responseId: 'r',
});
const choices = (body: JsonObject): JsonValue | undefined => gemini.answer(body, context).body['choices'];

describe('an answer of Gemini', () => {
  it('keeps the first call where one at a time was asked for', () => {
    const parts = [{ functionCall: { name: 'f', args: {} } }, { functionCall: { name: 'g', args: {} } }];
    const { body } = gemini.answer(response(candidate(parts)), { ...context, oneCall: true });
    expect(body['choices']).toMatchObject([
      { message: { tool_calls: [{ function: { name: 'f' } }] }, finish_reason: 'tool_calls' },
    ]);
  });

  it('becomes a chat completion, with the usage block as it came beside it', () => {
    const parts = [
      { text: 'Let me see.', thought: true },
      { text: 'Hi ' },
      { text: 'there', thoughtSignature: 'sigT' },
    ];
    expect(gemini.answer(response(candidate(parts)), context)).toEqual({
      body: {
        ...context,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: 'Hi there',
              refusal: null,
              reasoning_content: 'Let me see.',
              extra_content: { google: { thought_signature: 'sigT' } },
            },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: {
          prompt_tokens: 9,
          completion_tokens: 11,
          total_tokens: 20,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 8 },
        },
      },
      usage: usageMetadata,
    });
  });

  it('tells its calls with ids, Gemini’s or its own, and signatures', () => {
    const parts = [
      { functionCall: { id: 'fc-1', name: 'warm', args: { city: 'Paris' } }, thoughtSignature: 'sigA' },
      { functionCall: { name: 'wet' } },
    ];
    expect(choices(response(candidate(parts)))).toMatchObject([
      {
        message: {
          content: null,
          tool_calls: [
            {
              id: 'fc-1',
              type: 'function',
              function: { name: 'warm', arguments: '{"city":"Paris"}' },
              extra_content: { google: { thought_signature: 'sigA' } },
            },
            { id: 'call_1_0_1', type: 'function', function: { name: 'wet', arguments: '{}' } },
          ],
        },
        finish_reason: 'tool_calls',
      },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['STOP', { finish_reason: 'stop' }],
    ['MAX_TOKENS', { finish_reason: 'length' }],
    ['CONTINUATION', { finish_reason: 'length' }],
    ...[
      'SAFETY',
      'RECITATION',
      'BLOCKLIST',
      'PROHIBITED_CONTENT',
      'SPII',
      'LANGUAGE',
      'MALFORMED_FUNCTION_CALL',
      'OTHER',
      'A_NEW_REASON',
    ].map((reason): [string, JsonObject] => [
      reason,
      { finish_reason: 'content_filter', native_finish_reason: reason },
    ]),
  ])('that ended by %s says so', (finishReason, expected) => {
    const [choice] = choices(response(candidate([{ text: 'a' }], { finishReason }))) as JsonObject[];
    const { finish_reason, native_finish_reason } = choice ?? {};
    expect({ finish_reason, ...(native_finish_reason !== undefined && { native_finish_reason }) }).toEqual(expected);
  });

  it('that was cut off is cut off, calls or not', () => {
    const cut = candidate([{ functionCall: { name: 'f', args: {} } }], { finishReason: 'MAX_TOKENS' });
    expect(choices(response(cut))).toMatchObject([{ finish_reason: 'length' }]);
  });

  it('may be empty, when all tokens went into thoughts', () => {
    expect(choices(response({ finishReason: 'MAX_TOKENS', index: 0 }))).toMatchObject([
      { message: { content: '' }, finish_reason: 'length' },
    ]);
  });

  it('to a prompt that was blocked is filtered', () => {
    const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 9 } };
    const { body, usage } = gemini.answer(blocked, context);
    expect(body['choices']).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null },
        logprobs: null,
        finish_reason: 'content_filter',
        native_finish_reason: 'PROHIBITED_CONTENT',
      },
    ]);
    expect(usage).toEqual({ promptTokenCount: 9 });
  });

  it('may hold several candidates', () => {
    const two = response(candidate([{ text: 'a' }]), candidate([{ text: 'b' }], { index: 1 }));
    expect(choices(two)).toMatchObject([
      { index: 0, message: { content: 'a' } },
      { index: 1, message: { content: 'b' } },
    ]);
  });

  it('tells log probabilities', () => {
    const logprobsResult = {
      chosenCandidates: [{ token: 'é', tokenId: 5, logProbability: -0.1 }],
      topCandidates: [
        {
          candidates: [
            { token: 'é', logProbability: -0.1 },
            { token: 'e', logProbability: -3 },
          ],
        },
      ],
    };
    expect(choices(response(candidate([{ text: 'é' }], { logprobsResult })))).toMatchObject([
      {
        logprobs: {
          content: [
            {
              token: 'é',
              logprob: -0.1,
              bytes: [195, 169],
              top_logprobs: [
                { token: 'é', logprob: -0.1, bytes: [195, 169] },
                { token: 'e', logprob: -3, bytes: [101] },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('without usage that can be billed is passed on without, and the block is kept as it came', () => {
    const odd = { ...response(candidate([{ text: 'a' }])), usageMetadata: { promptTokenCount: -1 } };
    const { body, usage } = gemini.answer(odd, context);
    expect(body).not.toHaveProperty('usage');
    expect(usage).toEqual({ promptTokenCount: -1 });
  });

  it.each<[string, JsonObject, string]>([
    ['without candidates', { usageMetadata }, 'no candidates'],
    ['that breaks off', response(candidate([{ text: 'a' }], { finishReason: undefined })), 'why it ended'],
    ['that is an error', { error: { code: 500, message: 'secret prompt', status: 'INTERNAL' } }, 'is an error'],
  ])('%s is none', (_case, body, reason) => expect(() => gemini.answer(body, context)).toThrow(reason));

  it('is translated or refused, whatever it holds, and so is an event', () => {
    const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
    const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] });
    const functionCall = fc.oneof(anything, some({ id: anything, name: anything, args: anything }));
    const part = some({ text: anything, thought: anything, thoughtSignature: anything, functionCall });
    const anyCandidate = some({
      content: fc.oneof(anything, some({ parts: fc.oneof(anything, fc.array(part)) })),
      finishReason: fc.oneof(anything, fc.constant('STOP')),
      index: anything,
      logprobsResult: fc.oneof(anything, some({ chosenCandidates: fc.array(anything), topCandidates: anything })),
    });
    const body = some({
      candidates: fc.oneof(anything, fc.array(anyCandidate)),
      promptFeedback: anything,
      usageMetadata: anything,
      error: anything,
    });
    const property = fc.property(body, (answer) => {
      const error = thrownBy(() => gemini.answer(answer, context));
      expect(error === undefined || error instanceof Untranslatable).toBe(true);
      expect(typeof gemini.stream(context, { includeUsage: true }).push(JSON.stringify(answer))).toBe('string');
    });
    fc.assert(property, { numRuns: 500 });
  });
});
