import assert from 'node:assert/strict';
import { Anthropic, NotFoundError } from '@anthropic-ai/sdk';
import type { Client, Place } from './features.js';
import { all, ANSWER, CITY, errorOf, HELLO, PDF, PNG } from './material.js';
import { versionOf } from './versions.js';

const user = (content: string) => ({ role: 'user' as const, content });
const hello = { max_tokens: 200, messages: [user(HELLO)] };
const TOOLS = [{ name: 'weather', description: 'The weather at a place', input_schema: CITY }];

type Message = Awaited<ReturnType<Anthropic['messages']['create']>> & { content: Anthropic.ContentBlock[] };
const textOf = ({ content }: Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');
const callIn = ({ content }: Message): Anthropic.ToolUseBlock => {
  const call = content.find((block) => block.type === 'tool_use');
  assert.equal(typeof (call?.input as { city?: unknown } | undefined)?.city, 'string');
  return call!;
};

/** The key goes as `x-api-key`, or as a Bearer token (`authToken`). */
export const anthropicNode = ({ baseUrl, key }: Place): Client => {
  const baseURL = baseUrl.replace(/\/v1$/, '');
  const client = new Anthropic({ baseURL, apiKey: key, maxRetries: 0 });
  const withToken = new Anthropic({ baseURL, authToken: key, apiKey: null, maxRetries: 0 });
  return {
    name: 'Anthropic (Node)',
    packages: [`@anthropic-ai/sdk ${versionOf('@anthropic-ai/sdk')}`],
    chat: { ...messages(client, withToken), ...tools(client) },
    others: {
      Models: async () => assert.ok((await all(client.models.list())).some(({ id }) => id === 'claude-haiku-4-5')),
      Errors: async () => {
        const error = await errorOf(NotFoundError, client.messages.create({ model: 'claude-99', ...hello }));
        assert.equal(error.type, 'not_found_error');
      },
    },
  };
};

function messages({ messages: api }: Anthropic, { messages: withToken }: Anthropic): Client['chat'] {
  const answerTo = async (model: string, content: Anthropic.ContentBlockParam[]) =>
    textOf(await api.create({ model, max_tokens: 200, messages: [{ role: 'user', content }] }));
  return {
    Chat: async (model) => {
      const answers = [await api.create({ model, ...hello }), await withToken.create({ model, ...hello })];
      for (const answer of answers) {
        assert.ok(textOf(answer).startsWith(ANSWER));
        assert.equal(answer.stop_reason, 'end_turn');
        assert.ok(answer.usage.output_tokens > 0);
      }
    },
    Streaming: async (model) => assert.ok((await api.stream({ model, ...hello }).finalText()).startsWith(ANSWER)),
    'Usage of a stream': async (model) => {
      const { usage } = await api.stream({ model, ...hello }).finalMessage();
      assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0);
    },
    'System prompt': async (model) => assert.ok(textOf(await api.create({ model, ...hello, system: 'Be brief.' }))),
    Conversation: async (model) => {
      const turns = [user('Hi'), { role: 'assistant' as const, content: 'Hello.' }, user('Again?')];
      assert.match(textOf(await api.create({ model, max_tokens: 200, messages: turns })), /Again\?/);
    },
    'Images in a prompt': async (model) => {
      const source = { type: 'base64' as const, media_type: 'image/png' as const, data: PNG };
      assert.ok(
        await answerTo(model, [
          { type: 'text', text: HELLO },
          { type: 'image', source },
        ]),
      );
    },
    'Files in a prompt': async (model) => {
      const source = { type: 'base64' as const, media_type: 'application/pdf' as const, data: PDF };
      assert.ok(
        await answerTo(model, [
          { type: 'text', text: HELLO },
          { type: 'document', source },
        ]),
      );
    },
    Reasoning: async (model) => {
      const answer = await api.create({
        model,
        max_tokens: 3_000,
        thinking: { type: 'enabled', budget_tokens: 1_024 },
        messages: [user('[[sandbox reasoning=40]] Think.')],
      });
      if (model.startsWith('gpt')) return; // OpenAI shows no thoughts in a chat
      assert.ok(
        answer.content.some(({ type }) => type === 'thinking'),
        'no thinking is shown',
      );
    },
    'Token limit': async (model) => {
      assert.equal((await api.create({ model, ...hello, max_tokens: 3 })).stop_reason, 'max_tokens');
    },
    'Stop sequence': async (model) => {
      const answer = await api.create({ model, ...hello, stop_sequences: ['you said'] });
      assert.ok(!textOf(answer).includes('you said'));
      assert.ok(answer.stop_reason === 'stop_sequence' || answer.stop_reason === 'end_turn');
    },
    'Counting tokens': async (model) => {
      assert.ok((await api.countTokens({ model, messages: hello.messages })).input_tokens > 0);
    },
  };
}

const tools = ({ messages: api }: Anthropic): Client['chat'] => ({
  Tools: async (model) => {
    const answer = await api.create({ model, ...hello, tools: TOOLS, tool_choice: { type: 'any' } });
    assert.equal(answer.stop_reason, 'tool_use');
    callIn(answer);
  },
  'Tools, streamed': async (model) => {
    callIn(await api.stream({ model, ...hello, tools: TOOLS }).finalMessage());
  },
  'Tool results': async (model) => {
    const asked = await api.create({ model, ...hello, tools: TOOLS });
    const result = { type: 'tool_result' as const, tool_use_id: callIn(asked).id, content: 'It rains.' };
    const turns: Anthropic.MessageParam[] = [
      user(HELLO),
      { role: 'assistant', content: asked.content },
      { role: 'user', content: [result] },
    ];
    assert.match(textOf(await api.create({ model, max_tokens: 200, messages: turns, tools: TOOLS })), /It rains/);
  },
  'Structured output': async (model) => {
    const format = { type: 'json_schema' as const, schema: CITY };
    const answer = await api.create({ model, ...hello, output_config: { format } });
    assert.equal(typeof JSON.parse(textOf(answer)).city, 'string');
  },
});
