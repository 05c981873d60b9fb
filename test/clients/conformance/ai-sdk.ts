import assert from 'node:assert/strict';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai';
import type { Client, Place } from './features.js';
import { all, ANSWER, errorOf, HELLO, PDF, PNG, zCity } from './material.js';
import { versionOf } from './versions.js';

const cityIn = (input: unknown): unknown => (input as { city?: unknown } | undefined)?.city;
const lookUp = { description: 'The weather at a place', inputSchema: zCity };
const TOOL = { weather: tool({ ...lookUp }) };
const RUN = { weather: tool({ ...lookUp, execute: () => Promise.resolve('It rains.') }) };

/** Vercel's AI SDK with a provider package of its own for each of our APIs. */
export function aiSdks({ baseUrl, key }: Place): Client[] {
  const compatible = createOpenAICompatible({
    name: 'token-hub',
    baseURL: baseUrl,
    apiKey: key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const openai = createOpenAI({ baseURL: baseUrl, apiKey: key });
  const anthropic = createAnthropic({ baseURL: baseUrl, apiKey: key });
  return [
    sdk('@ai-sdk/openai-compatible', (model) => compatible(model), {
      Embeddings: async () => {
        const model = compatible.embeddingModel('text-embedding-3-small');
        assert.equal((await embedMany({ model, values: ['a', 'b'] })).embeddings[1]?.length, 1536);
      },
    }),
    sdk('@ai-sdk/openai', (model) => openai.responses(model)),
    sdk('@ai-sdk/anthropic', (model) => anthropic(model)),
  ];
}

const sdk = (provider: string, of: (id: string) => LanguageModel, more: Client['others'] = {}): Client => ({
  name: provider.replace('@ai-sdk/', 'AI SDK, '),
  packages: [`ai ${versionOf('ai')}`, `${provider} ${versionOf(provider)}`],
  chat: { ...texts(of), ...toolsAndObjects(of) },
  others: {
    Errors: async () => {
      const error = await errorOf(APICallError, generateText({ model: of('gpt-99'), prompt: HELLO, maxRetries: 0 }));
      assert.equal(error.statusCode, 404);
    },
    ...more,
  },
});

function texts(of: (id: string) => LanguageModel): Client['chat'] {
  const ask = (id: string, more: object = {}) =>
    generateText({ model: of(id), prompt: HELLO, maxRetries: 0, maxOutputTokens: 500, ...more });
  const withFile = async (id: string, mediaType: string, data: string) => {
    const content = [
      { type: 'text', text: HELLO },
      { type: 'file', mediaType, data, filename: 'a' },
    ];
    assert.ok((await ask(id, { prompt: undefined, messages: [{ role: 'user', content }] })).text);
  };
  return {
    Chat: async (id) => {
      const { text, usage } = await ask(id);
      assert.ok(text.startsWith(ANSWER));
      assert.ok((usage.outputTokens ?? 0) > 0);
    },
    Streaming: async (id) => {
      const parts = await all(streamText({ model: of(id), prompt: HELLO, maxRetries: 0 }).textStream);
      assert.ok(parts.length > 1 && parts.join('').startsWith(ANSWER));
    },
    'Usage of a stream': async (id) => {
      const { outputTokens } = await streamText({ model: of(id), prompt: HELLO, maxRetries: 0 }).usage;
      assert.ok((outputTokens ?? 0) > 0);
    },
    'System prompt': async (id) => assert.ok((await ask(id, { system: 'Be brief.' })).text),
    'Images in a prompt': (id) => withFile(id, 'image/png', PNG),
    'Files in a prompt': (id) => withFile(id, 'application/pdf', PDF),
    'Token limit': async (id) => assert.equal((await ask(id, { maxOutputTokens: 3 })).finishReason, 'length'),
    Reasoning: async (id) => {
      const { usage, reasoningText = '' } = await ask(id, {
        prompt: '[[sandbox reasoning=40]] Think.',
        reasoning: 'low',
      });
      const { reasoningTokens = 0 } = usage.outputTokenDetails;
      assert.ok(reasoningTokens > 0 || reasoningText !== '', 'no reasoning is reported');
    },
  };
}

function toolsAndObjects(of: (id: string) => LanguageModel): Client['chat'] {
  const request = (id: string) => ({ model: of(id), prompt: HELLO, maxRetries: 0 });
  return {
    Tools: async (id) => {
      const { toolCalls, finishReason } = await generateText({ ...request(id), tools: TOOL });
      assert.equal(finishReason, 'tool-calls');
      assert.equal(typeof cityIn(toolCalls[0]?.input), 'string');
    },
    'Tools, streamed': async (id) => {
      const [call] = await streamText({ ...request(id), tools: TOOL }).toolCalls;
      assert.equal(typeof cityIn(call?.input), 'string');
    },
    'Tool results': async (id) => {
      const { text, steps } = await generateText({ ...request(id), tools: RUN, stopWhen: stepCountIs(3) });
      assert.equal(steps.length, 2);
      assert.match(text, /It rains/);
    },
    'Structured output': async (id) => {
      const { output } = await generateText({ ...request(id), output: Output.object({ schema: zCity }) });
      assert.equal(typeof output.city, 'string');
    },
    'Structured output, streamed': async (id) => {
      const stream = streamText({ ...request(id), output: Output.object({ schema: zCity }) });
      assert.equal(typeof (await stream.output).city, 'string');
    },
  };
}
