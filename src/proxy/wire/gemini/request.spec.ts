import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chat, configOf, refusalOf, thrownBy } from '../../../../test/support/proxy/wire/gemini.js';
import { type JsonObject, type JsonValue, parseExactly } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { gemini } from './index.js';

describe('a chat completion for Gemini', () => {
  it('becomes contents of two roles, with the system messages apart', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi!' },
      { role: 'user', name: 'Ann', content: [{ type: 'text', text: 'How are you?' }] },
    ];
    expect(gemini.request(chat({ messages }))).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hello' }] },
        { role: 'model', parts: [{ text: 'Hi!' }] },
        { role: 'user', parts: [{ text: 'How are you?' }] },
      ],
      generationConfig: { maxOutputTokens: 100 },
    });
  });

  it('keeps its settings', () => {
    const settings = {
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      frequency_penalty: 1,
      presence_penalty: -1,
      seed: 7,
      logprobs: true,
      top_logprobs: 3,
      n: 2,
      stop: 'END',
    };
    expect(configOf({ ...settings, max_tokens: undefined, max_completion_tokens: 50 })).toEqual({
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      frequencyPenalty: 1,
      presencePenalty: -1,
      seed: 7,
      responseLogprobs: true,
      logprobs: 3,
      candidateCount: 2,
      stopSequences: ['END'],
      maxOutputTokens: 50,
    });
  });

  it.each([
    ['2147483647', 2_147_483_647],
    ['-2147483648', -2_147_483_648],
    ['2147483648', -2_147_483_648],
    ['1234567890123456789', 2_112_454_933],
    ['"seven"', 'seven'],
  ])('has a seed of 32 bits, the same for the same: %s', (given, seed) => {
    expect(configOf({ seed: parseExactly(given) })).toMatchObject({ seed });
  });

  it('says nothing of settings that are null, or that ask for what is so anyway', () => {
    const same = { n: 1, modalities: ['text'], service_tier: 'auto', verbosity: 'medium', logit_bias: {}, stop: null };
    expect(configOf({ ...same, temperature: null, response_format: { type: 'text' } })).toEqual({
      maxOutputTokens: 100,
    });
  });

  it('leaves mere hints out', () => {
    const hints = { user: 'u', metadata: { a: 'b' }, store: true, prompt_cache_key: 'k', safety_identifier: 's' };
    expect(gemini.request(chat(hints))).toEqual(gemini.request(chat()));
    // What clients of OpenRouter send, as recorded in crewAIInc/crewAI and pydantic/pydantic-ai.
    expect(gemini.request(chat({ usage: { include: true } }))).toEqual(gemini.request(chat()));
  });

  it.each<[string, JsonObject]>([
    ['logit_bias', { logit_bias: { 50256: -100 } }],
    ['modalities', { modalities: ['text', 'audio'], audio: { voice: 'alloy' } }],
    ['audio', { audio: { voice: 'alloy' } }],
    ['service_tier', { service_tier: 'flex' }],
    ['verbosity', { verbosity: 'low' }],
    ['web_search_options', { web_search_options: {} }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['function_call', { function_call: 'auto' }],
    ['safetySettings', { safetySettings: [] }],
    ['generationConfig', { generationConfig: { responseModalities: ['IMAGE'] } }],
    ['constructor', { constructor: {} }],
  ])('is refused for its %s', (param, more) => {
    expect(refusalOf(more)).toMatchObject({ param, message: expect.stringContaining(param) });
  });

  it('must have a cap, which bounds its cost, and a model', () => {
    expect(refusalOf({ max_tokens: undefined }).param).toBe('max_tokens');
    expect(refusalOf({ model: undefined }).param).toBe('model');
  });

  it('must have messages of known roles', () => {
    expect(refusalOf({ messages: [{ role: 'critic', content: 'Hm.' }] }).param).toBe('messages[0].role');
    expect(refusalOf({ messages: 'Hello' }).param).toBe('messages');
  });

  it('is translated or refused, whatever it holds', () => {
    const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
    const kind = fc.constantFrom('text', 'refusal', 'image_url', 'input_audio', 'file');
    const part = fc.record({ type: kind, text: anything, image_url: anything, input_audio: anything, file: anything });
    const call = fc.record({ id: fc.string(), function: fc.record({ name: fc.string(), arguments: anything }) });
    const message = fc.record({
      role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'other'),
      content: fc.oneof(anything, fc.array(part)),
      tool_calls: fc.oneof(anything, fc.array(call)),
    });
    const field = fc.constantFrom('tools', 'tool_choice', 'response_format', 'stop', 'reasoning_effort', 'extra_body');
    const messages = fc.oneof(anything, fc.array(message, { minLength: 1 }));
    const property = fc.property(messages, fc.dictionary(field, anything), (said, more) => {
      const error = thrownBy(() => gemini.request(chat({ messages: said, ...more })));
      expect(error === undefined || error instanceof Untranslatable).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
