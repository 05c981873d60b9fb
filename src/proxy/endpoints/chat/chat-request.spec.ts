import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mp3File } from '../../../../test/support/proxy/wire/audio.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { ApiError } from '../../../platform/http/index.js';
import { findModel, type Model } from '../../../pricing/index.js';
import {
  promptBound,
  readChatRequest,
  refuseOtherModalities,
  ruledOut,
  thinksBesideCap,
  upstreamBody,
} from './chat-request.js';

const bytesOf = (body: JsonObject): Buffer => Buffer.from(JSON.stringify(body));
const read = (more: JsonObject = {}) =>
  readChatRequest(bytesOf({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], ...more }));

const withParts = (...content: JsonObject[]) => read({ messages: [{ role: 'user', content }] });
const image = (url: string): JsonObject => ({ type: 'image_url', image_url: { url } });

function modelOf(id: string): Model {
  const model = findModel(id);
  if (model === undefined) throw new Error(`no model ${id}`);
  return model;
}

const GPT_4O = modelOf('gpt-4o');
const OVERHEAD = 500;

/** 200 when a body can be read, else the status of its error. */
function statusFor(value: unknown): number {
  try {
    readChatRequest(Buffer.from(JSON.stringify(value)));
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

describe('a request', () => {
  it('asks for one plain answer unless it says more', () => {
    const request = read();
    expect(request).toMatchObject({ model: 'gpt-4o', stream: false, includeUsage: false, choices: 1 });
    expect(request.maxTokens).toBeUndefined();
    expect(read({ stream: null, stream_options: null, n: null, max_tokens: null })).toMatchObject({ choices: 1 });
  });

  it('has its cap in either field', () => {
    expect(read({ max_tokens: 7 }).maxTokens).toBe(7);
    expect(read({ max_completion_tokens: 8 }).maxTokens).toBe(8);
    expect(read({ max_completion_tokens: 8, max_tokens: null }).maxTokens).toBe(8);
  });

  it('asks for the usage chunk of its stream only when it says so', () => {
    expect(read({ stream: true, stream_options: { include_usage: true } }).includeUsage).toBe(true);
    expect(read({ stream: true, stream_options: { include_usage: 'yes' } }).includeUsage).toBe(false);
    expect(read({ stream: true, stream_options: {} }).includeUsage).toBe(false);
  });

  it('has no prompt cache that lives longer than its price is known for', () => {
    const part = (ttl: string) => ({ type: 'text', text: 'Hi', prompt_cache_breakpoint: { ttl } });
    expect(() => read({ prompt_cache_options: { ttl: '12h' } })).toThrow('"prompt_cache_options.ttl" can’t be used');
    expect(() => withParts(part('30m'), part('12h'))).toThrow('30m, the defaults, have a known price');
    expect(() => read({ prompt_cache_options: { ttl: '30m' } })).not.toThrow();
    // Kimi's (MoonshotAI/kimi-code#3942): an hour costs twice as much.
    expect(() => read({ prompt_cache_options: { ttl: '5m' } })).not.toThrow();
    expect(() => read({ prompt_cache_options: { ttl: '1h' } })).toThrow('"prompt_cache_options.ttl" can’t be used');
  });

  it('of any JSON is read or refused with a 400, never anything else', () => {
    const fields = ['model', 'messages', 'stream', 'stream_options', 'max_tokens', 'n', 'modalities', 'x'];
    const body = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue());
    const property = fc.property(fc.oneof(body, fc.jsonValue()), (value) => {
      expect([200, 400]).toContain(statusFor(value));
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('the bound of a prompt', () => {
  it('is a token for each byte of the body, and what a provider may add', () => {
    const request = read({ messages: [{ role: 'user', content: 'é'.repeat(100) }] });
    expect(promptBound(request, GPT_4O)).toBe(bytesOf(request.body).length + OVERHEAD);
  });

  it('is never more than the context window', () => {
    const request = read({ messages: [{ role: 'user', content: 'x'.repeat(1_000_000) }] });
    expect(promptBound(request, GPT_4O)).toBe(GPT_4O.contextWindow);
  });

  it('counts an image by its allowance, not by its bytes', () => {
    const data = `data:image/png;base64,${'A'.repeat(50_000)}`;
    const one = withParts(image(data));
    const linked = withParts(image('https://example.com/a.png'));
    expect(one.media).toMatchObject({ images: 1, audioTokens: 0 });
    expect(promptBound(one, GPT_4O)).toBeLessThan(OVERHEAD + 200 + GPT_4O.imageTokens);
    expect(promptBound(one, GPT_4O)).toBeGreaterThan(GPT_4O.imageTokens);
    expect(promptBound(linked, GPT_4O)).toBeGreaterThan(GPT_4O.imageTokens);
    const three = withParts(image(data), image(data), { type: 'image_url', image_url: data });
    expect(three.media.images).toBe(3);
  });

  it('counts audio by its length', () => {
    const data = mp3File(15_000).toString('base64');
    const request = withParts({ type: 'input_audio', input_audio: { data, format: 'mp3' } });
    expect(request.media).toMatchObject({ images: 0, audioTokens: 16 * 32 });
    expect(promptBound(request, GPT_4O)).toBeLessThan(16 * 32 + OVERHEAD + 200);
  });

  it('rules out the dearer kinds of tokens that a request can’t come to', () => {
    expect(ruledOut(read())).toEqual(['inputImage', 'inputAudio', 'outputAudio', 'cacheWrite1h']);
    expect(ruledOut(withParts(image('https://example.com')))).toEqual(['inputAudio', 'outputAudio', 'cacheWrite1h']);
    expect(ruledOut(read({ modalities: ['text', 'audio'] }))).toEqual(['inputImage', 'inputAudio', 'cacheWrite1h']);
    const video = withParts({ type: 'video_url', video_url: { url: 'https://a.b/c.mp4' } });
    expect(ruledOut(video)).toEqual(['outputAudio', 'cacheWrite1h']);
  });

  it('holds for an hour of cache only where it is asked for', () => {
    const markedFor = (cache_control: JsonValue) => withParts({ type: 'text', text: 'Hi', cache_control });
    const ofTools = (cache_control: JsonValue) => read({ tools: [{ type: 'function', function: {}, cache_control }] });
    for (const mark of [null, { type: 'ephemeral' }, { type: 'ephemeral', ttl: '5m' }]) {
      expect(ruledOut(markedFor(mark)), JSON.stringify(mark)).toContain('cacheWrite1h');
      expect(ruledOut(ofTools(mark)), JSON.stringify(mark)).toContain('cacheWrite1h');
    }
    for (const mark of [{ type: 'ephemeral', ttl: '1h' }, { ttl: 60 }, 'an hour']) {
      expect(ruledOut(markedFor(mark)), JSON.stringify(mark)).not.toContain('cacheWrite1h');
      expect(ruledOut(ofTools(mark)), JSON.stringify(mark)).not.toContain('cacheWrite1h');
    }
  });

  it('is the whole window for an image where the model is not known to take any', () => {
    const textOnly = modelOf('qwen3.7-max');
    expect(textOnly.imageTokens).toBe(0);
    expect(promptBound(withParts(image('data:image/png;base64,AAAA')), textOnly)).toBe(textOnly.contextWindow);
  });
});

describe('the modalities of an answer', () => {
  it('are those of the model, as others have no price', () => {
    const asking =
      (...modalities: string[]) =>
      () =>
        refuseOtherModalities(read({ modalities }), GPT_4O);
    expect(asking('text')).not.toThrow();
    expect(asking()).not.toThrow();
    expect(asking('text', 'audio')).toThrow(/"modalities" can only be text for gpt-4o: "audio" has no price/);
    expect(asking('image')).toThrow(/modalities/);
  });
});

describe('the body for the provider', () => {
  it('is the client’s, but for the cap', () => {
    const more = { temperature: 0.1, tools: [{ type: 'function', function: { name: 'a', b: null } }], user: 'é' };
    expect(upstreamBody(read(more), GPT_4O, 100)).toEqual({ ...read(more).body, max_tokens: 100 });
  });

  it('always asks a stream for its usage, and keeps its other options', () => {
    const streamed = upstreamBody(read({ stream: true, stream_options: { x: 1, include_usage: false } }), GPT_4O, 1);
    expect(streamed['stream_options']).toEqual({ x: 1, include_usage: true });
    expect(upstreamBody(read({ stream: true }), GPT_4O, 1)['stream_options']).toEqual({ include_usage: true });
    const twice = { stream: true, stream_options: { include_usage: true, Include_Usage: false } };
    expect(JSON.stringify(upstreamBody(read(twice), GPT_4O, 1)['stream_options'])).toMatch(/,"include_usage":true}$/);
    expect(upstreamBody(read(), GPT_4O, 1)).not.toHaveProperty('stream_options');
  });

  it('has exactly one cap, in the field that the model reads', () => {
    const newer = modelOf('gpt-5-mini');
    const capsOf = (more: JsonObject, model: Model, cap?: number) => {
      const { max_tokens: older, max_completion_tokens: other } = upstreamBody(read(more), model, cap);
      return [older, other];
    };
    expect(capsOf({}, GPT_4O, 9)).toEqual([9, undefined]);
    expect(capsOf({}, newer, 9)).toEqual([undefined, 9]);
    expect(capsOf({ max_tokens: 5 }, GPT_4O)).toEqual([5, undefined]);
    expect(capsOf({ max_tokens: 5 }, newer)).toEqual([undefined, 5]);
    expect(capsOf({ max_completion_tokens: 5 }, GPT_4O)).toEqual([5, undefined]);
    expect(capsOf({ max_tokens: null, max_completion_tokens: 5 }, newer)).toEqual([undefined, 5]);
  });
});

describe('a model of Qwen that thinks', () => {
  it('has a cap on both where its maker has one', () => {
    const request = read({ max_tokens: 100, enable_thinking: true, thinking_budget: 5_000 });
    const {
      max_tokens: older,
      max_completion_tokens: newer,
      thinking_budget,
    } = upstreamBody(request, modelOf('qwen3.8-max'));
    expect([older, newer, thinking_budget]).toEqual([undefined, 100, 5_000]);
    expect(thinksBesideCap(request, modelOf('qwen3.8-max'))).toBe(false);
  });

  it('thinks no more than it says where not, and is held for twice', () => {
    const plus = modelOf('qwen-plus');
    const thinking = (more: JsonObject, cap?: number) =>
      upstreamBody(read({ enable_thinking: true, ...more }), plus, cap)['thinking_budget'];
    expect(thinking({ max_tokens: 100 })).toBe(100);
    expect(thinking({ max_tokens: 100, thinking_budget: 5_000 })).toBe(100);
    expect(thinking({ max_tokens: 100, thinking_budget: 50 })).toBe(50);
    expect(thinking({ thinking_budget: 5_000 }, 70)).toBe(70);
    expect(thinksBesideCap(read({ enable_thinking: true }), plus)).toBe(true);
    expect(thinksBesideCap(read(), plus)).toBe(false);
    expect(upstreamBody(read({ max_tokens: 100 }), plus)).not.toHaveProperty('thinking_budget');
  });
});

describe('a body that grows when it is serialised for the provider', () => {
  const raw = Buffer.from('{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"x":[1e20,2E+20,3e20]}');

  it('is bounded by what the provider gets', () => {
    const request = readChatRequest(raw);
    const sent = Buffer.byteLength(JSON.stringify(request.body));
    expect(sent).toBeGreaterThan(raw.length);
    expect(promptBound(request, GPT_4O)).toBe(sent + OVERHEAD);
  });

  it('is bounded by what the client sent when that is larger', () => {
    const spaced = Buffer.from(`${raw.toString().replace('[1e20,2E+20,3e20]', '1e5')}${' '.repeat(50)}`);
    expect(promptBound(readChatRequest(spaced), GPT_4O)).toBe(spaced.length + OVERHEAD);
  });
});
