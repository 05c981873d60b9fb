import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../../test/support/proxy/wire/usage-dialects.js';
import type { JsonObject } from '../../kernel/index.js';
import { normaliseUsage, partsOf, readAnyUsage, type Usage, UsageFault } from '../../pricing/index.js';
import { anthropicClient } from './anthropic/index.js';
import { chatUsageOf, mergeChatUsage } from './chat-usage.js';
import { completionsClient } from './completions/index.js';
import { responsesClient } from './responses/index.js';

const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'm' };
const CLIENTS = { responses: responsesClient, messages: anthropicClient, completions: completionsClient };
type Client = keyof typeof CLIENTS;
const ASKED = { stream_options: { include_usage: true } };
const choices = [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }];

function billed(block: JsonObject): Usage {
  const usage = normaliseUsage(block);
  if (usage instanceof UsageFault) throw new Error(usage.message);
  return usage;
}

/** What a client of another API is told, plain: its input and its output. */
function told(client: Client, block: JsonObject): JsonObject {
  return CLIENTS[client].answer({ ...CONTEXT, choices, usage: block }, {})['usage'] as JsonObject;
}

/** The same in a stream that tells it in several chunks. */
function streamed(client: Client, ...blocks: readonly JsonObject[]): JsonObject {
  const stream = CLIENTS[client].stream(CONTEXT, ASKED);
  const content = stream.push(
    JSON.stringify({ choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] }),
  );
  const frames =
    content + blocks.map((usage) => stream.push(JSON.stringify({ choices: [], usage }))).join('') + stream.end();
  const usages = [...frames.matchAll(/^data: (\{.*\})$/gm)]
    .map(([, data = '']) => JSON.parse(data) as JsonObject)
    .map((event) => (event['usage'] ?? (event['response'] as JsonObject | undefined)?.['usage']) as JsonObject | null)
    .filter((usage) => usage !== null && usage !== undefined);
  return usages.at(-1) ?? {};
}

/** Prompt, read from the cache, written to it, completion and reasoning, as each API tells them. */
const countsIn: Readonly<Record<Client, (usage: JsonObject) => readonly unknown[]>> = {
  responses: (usage) => {
    const [input, output] = [usage['input_tokens_details'], usage['output_tokens_details']] as JsonObject[];
    const cache = [input?.['cached_tokens'], input?.['cache_write_tokens']];
    return [usage['input_tokens'], ...cache, usage['output_tokens'], output?.['reasoning_tokens']];
  },
  messages: (usage) => {
    const [read, written] = [Number(usage['cache_read_input_tokens']), Number(usage['cache_creation_input_tokens'])];
    const thinking = (usage['output_tokens_details'] as JsonObject)['thinking_tokens'];
    return [Number(usage['input_tokens']) + read + written, read, written, usage['output_tokens'], thinking];
  },
  completions: (usage) => {
    const [prompt, completion] = [usage['prompt_tokens_details'], usage['completion_tokens_details']] as JsonObject[];
    const cache = [prompt?.['cached_tokens'], prompt?.['cache_write_tokens']];
    return [usage['prompt_tokens'], ...cache, usage['completion_tokens'], completion?.['reasoning_tokens']];
  },
};

const countsOf = (usage: Usage): readonly unknown[] => [
  usage.promptTokens,
  usage.cachedTokens,
  usage.cacheWriteTokens + usage.cacheWrite1hTokens,
  usage.completionTokens,
  usage.reasoningTokens,
];

describe.each(DIALECTS)('usage of $name', ({ block, billed: expected }) => {
  it('is billed by what it means', () => {
    const usage = billed(block);
    expect(usage).toMatchObject(expected);
    expect(usage.reading).toEqual(expected.reading);
    const parts = Object.values(partsOf(usage));
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(usage.promptTokens + usage.completionTokens);
  });

  it.each(Object.keys(CLIENTS) as Client[])(
    'is told to clients of %s as it is billed, plain and streamed',
    (client) => {
      expect(countsIn[client](told(client, block))).toEqual(countsOf(billed(block)));
      expect(countsIn[client](streamed(client, block))).toEqual(countsOf(billed(block)));
    },
  );

  it('keeps its meaning in OpenAI’s own words', () => {
    const { reading: _, ...counts } = billed(block);
    expect(normaliseUsage(chatUsageOf(block, normaliseUsage) ?? null)).toEqual(counts);
  });

  it('is read the same by who does not know its format', () => expect(readAnyUsage(block)).toEqual(billed(block)));
});

describe('usage in several chunks', () => {
  const first = {
    prompt_tokens: 1_220,
    completion_tokens: 1,
    total_tokens: 1_221,
    prompt_tokens_details: { cached_tokens: 800 },
  };

  it('goes by the last', () => {
    const last = { prompt_tokens: 1_220, completion_tokens: 50, total_tokens: 1_270 };
    expect(billed(mergeChatUsage(first, last) as JsonObject)).toMatchObject({
      cachedTokens: 800,
      completionTokens: 50,
    });
  });

  it('is never taken back: not the prompt, not the completion', () => {
    const last = { prompt_tokens: 0, completion_tokens: 50, total_tokens: 50 };
    const merged = mergeChatUsage(first, last) as JsonObject;
    expect(billed(merged)).toMatchObject({ promptTokens: 1_220, cachedTokens: 800, completionTokens: 50 });
    expect(billed(mergeChatUsage(merged, { prompt_tokens: 1_220, completion_tokens: 0 }) as JsonObject)).toMatchObject({
      completionTokens: 50,
    });
  });

  it('is not taken back under the names of other APIs, either', () => {
    const [start, end] = [
      { input_tokens: 100, output_tokens: 1 },
      { input_tokens: 0, output_tokens: 50 },
    ];
    expect(billed(mergeChatUsage(start, end) as JsonObject)).toMatchObject({ promptTokens: 100, completionTokens: 50 });
  });

  it.each(Object.keys(CLIENTS) as Client[])('is told to clients of %s as it is billed', (client) => {
    const last = { prompt_tokens: 0, completion_tokens: 50, total_tokens: 50 };
    const usage = billed(mergeChatUsage(first, last) as JsonObject);
    expect(countsIn[client](streamed(client, first, last))).toEqual(countsOf(usage));
  });

  it('comes to no less than each of them, whatever they are', () => {
    const count = fc.nat(1_000);
    const block = fc.record({ prompt_tokens: count, completion_tokens: count }, { requiredKeys: ['prompt_tokens'] });
    const law = fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
      const all = blocks.reduce<JsonObject | undefined>(
        (merged, one) => mergeChatUsage(merged, one) as JsonObject,
        undefined,
      );
      const usage = billed(all ?? {});
      for (const one of blocks) {
        expect(usage.promptTokens).toBeGreaterThanOrEqual(one.prompt_tokens ?? 0);
        expect(usage.completionTokens).toBeGreaterThanOrEqual(one.completion_tokens ?? 0);
      }
    });
    fc.assert(law);
  });
});

describe('what is told', () => {
  it('is what is billed, whatever the block', () => {
    const count = fc.option(fc.nat(200), { nil: undefined });
    const block = fc.record({
      prompt_tokens: fc.nat(200),
      completion_tokens: fc.nat(200),
      total_tokens: fc.option(fc.nat(900), { nil: undefined }),
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
      prompt_tokens_details: fc.record({ cached_tokens: count, audio_tokens: count, cache_write_tokens: count }),
      completion_tokens_details: fc.record({ reasoning_tokens: count }),
    });
    const law = fc.property(block, fc.constantFrom(...(Object.keys(CLIENTS) as Client[])), (raw, client) => {
      const json = JSON.parse(JSON.stringify(raw)) as JsonObject;
      expect(countsIn[client](told(client, json))).toEqual(countsOf(billed(json)));
      expect(countsIn[client](streamed(client, json))).toEqual(countsOf(billed(json)));
    });
    fc.assert(law);
  });
});
