import assert from 'node:assert/strict';
import { AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import type { Client, Place } from './features.js';
import { all, ANSWER, CITY, errorOf, HELLO, PNG, zCity } from './material.js';
import { versionOf } from './versions.js';

const TOOL = { type: 'function' as const, function: { name: 'weather', parameters: CITY } };

export const langChainJs = ({ baseUrl, key }: Place): Client => {
  const of = (model: string, more: object = {}) =>
    new ChatOpenAI({ model, apiKey: key, configuration: { baseURL: baseUrl }, maxRetries: 0, ...more });
  return {
    name: 'LangChain (JS)',
    packages: [
      `@langchain/openai ${versionOf('@langchain/openai')}`,
      `@langchain/core ${versionOf('@langchain/core')}`,
    ],
    chat: chats(of),
    others: {
      Errors: async () => {
        const error = await errorOf(Error, of('gpt-99').invoke(HELLO));
        assert.equal((error as { status?: number }).status, 404);
      },
      Embeddings: async () => {
        const embeddings = new OpenAIEmbeddings({
          model: 'text-embedding-3-small',
          apiKey: key,
          configuration: { baseURL: baseUrl },
        });
        assert.equal((await embeddings.embedQuery('a')).length, 1536);
      },
    },
  };
};

const chats = (of: (model: string, more?: object) => ChatOpenAI): Client['chat'] => ({
  Chat: async (model) => {
    const answer = await of(model).invoke(HELLO);
    assert.ok(answer.text.startsWith(ANSWER));
    assert.ok((answer.usage_metadata?.output_tokens ?? 0) > 0);
  },
  Streaming: async (model) => {
    const chunks = await all(await of(model).stream(HELLO));
    assert.ok(
      chunks
        .map(({ text }) => text)
        .join('')
        .startsWith(ANSWER),
    );
  },
  'Usage of a stream': async (model) => assert.ok((await gathered(of(model), [])).usage_metadata?.output_tokens),
  'System prompt': async (model) => {
    assert.ok((await of(model).invoke([new SystemMessage('Be brief.'), new HumanMessage(HELLO)])).text);
  },
  Tools: async (model) => {
    const [call] = (await of(model).bindTools([TOOL]).invoke(HELLO)).tool_calls ?? [];
    assert.equal(typeof call?.args['city'], 'string');
  },
  'Tools, streamed': async (model) => {
    assert.equal(typeof (await gathered(of(model), [TOOL])).tool_calls?.[0]?.args['city'], 'string');
  },
  'Tool results': async (model) => {
    const bound = of(model).bindTools([TOOL]);
    const asked = await bound.invoke(HELLO);
    const result = new ToolMessage({ content: 'It rains.', tool_call_id: asked.tool_calls?.[0]?.id ?? '' });
    assert.match((await bound.invoke([new HumanMessage(HELLO), asked, result])).text, /It rains/);
  },
  'Structured output': async (model) => {
    const structured = of(model).withStructuredOutput(zCity, { method: 'jsonSchema' });
    assert.equal(typeof (await structured.invoke(HELLO)).city, 'string');
  },
  'Images in a prompt': async (model) => {
    const image = { type: 'image_url' as const, image_url: { url: `data:image/png;base64,${PNG}` } };
    assert.ok((await of(model).invoke([new HumanMessage({ content: [{ type: 'text', text: HELLO }, image] })])).text);
  },
  'Token limit': async (model) => {
    assert.equal((await of(model, { maxTokens: 3 }).invoke(HELLO)).response_metadata['finish_reason'], 'length');
  },
  Responses: async (model) => {
    assert.ok((await of(model, { useResponsesApi: true }).invoke(HELLO)).text.startsWith(ANSWER));
  },
  'Responses, streamed': async (model) => {
    const chunks = await all(await of(model, { useResponsesApi: true }).stream(HELLO));
    assert.ok(
      chunks
        .map(({ text }) => text)
        .join('')
        .startsWith(ANSWER),
    );
  },
});

async function gathered(model: ChatOpenAI, tools: (typeof TOOL)[]): Promise<AIMessageChunk> {
  const chunks = await all(await (tools.length > 0 ? model.bindTools(tools) : model).stream(HELLO));
  return chunks.reduce((sum, chunk) => sum.concat(chunk));
}
