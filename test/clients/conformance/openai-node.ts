import assert from 'node:assert/strict';
import { NotFoundError, OpenAI, toFile } from 'openai';
import type { RunnableToolFunctionWithParse } from 'openai/lib/RunnableFunction';
import type { Client, Place } from './features.js';
import { all, ANSWER, CITY, errorOf, HELLO, PDF, PNG, wav } from './material.js';
import { versionOf } from './versions.js';

const TOOLS = [{ type: 'function' as const, function: { name: 'weather', parameters: CITY } }];
const asJson = (input: string): object => JSON.parse(input) as object;
const user = (content: string) => ({ role: 'user' as const, content });
const hello = { messages: [user(HELLO)] };
const hasCity = (json: string | null | undefined) => assert.equal(typeof JSON.parse(json ?? '').city, 'string');

export const openAiNode = ({ baseUrl, key }: Place): Client => {
  const client = new OpenAI({ baseURL: baseUrl, apiKey: key, maxRetries: 0 });
  return {
    name: 'openai (Node)',
    packages: [`openai ${versionOf('openai')}`],
    chat: { ...chats(client), ...responses(client), ...completions(client) },
    others: others(client),
  };
};

function chats({ chat: { completions: api } }: OpenAI): Client['chat'] {
  const answerTo = async (model: string, content: object[]) =>
    (await api.create({ model, messages: [{ role: 'user', content: content as never }] })).choices[0]?.message.content;
  return {
    Chat: async (model) => {
      const { choices, usage } = await api.create({ model, ...hello });
      assert.ok(choices[0]?.message.content?.startsWith(ANSWER));
      assert.equal(usage?.total_tokens, usage!.prompt_tokens + usage!.completion_tokens);
    },
    Streaming: async (model) => {
      const chunks = await all(await api.create({ model, ...hello, stream: true }));
      assert.ok(
        chunks
          .map(({ choices }) => choices[0]?.delta.content ?? '')
          .join('')
          .startsWith(ANSWER),
      );
      assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop');
    },
    'Usage of a stream': async (model) => {
      const options = { stream: true, stream_options: { include_usage: true } } as const;
      const last = (await all(await api.create({ model, ...hello, ...options }))).at(-1);
      assert.deepEqual(last?.choices, []);
      assert.ok((last?.usage?.completion_tokens ?? 0) > 0);
    },
    'System prompt': async (model) => {
      const messages = [{ role: 'developer' as const, content: 'Be brief.' }, user(HELLO)];
      assert.ok((await api.create({ model, messages })).choices[0]?.message.content);
    },
    Conversation: async (model) => {
      const messages = [user('Hi'), { role: 'assistant' as const, content: 'Hello.' }, user('Again?')];
      assert.ok((await api.create({ model, messages })).choices[0]?.message.content?.includes('Again?'));
    },
    Tools: async (model) => {
      const [choice] = (await api.create({ model, ...hello, tools: TOOLS, tool_choice: 'required' })).choices;
      assert.equal(choice?.finish_reason, 'tool_calls');
      const [call] = choice?.message.tool_calls ?? [];
      hasCity(call?.type === 'function' ? call.function.arguments : '');
    },
    'Tools, streamed': async (model) => {
      const final = await api.stream({ model, ...hello, tools: TOOLS }).finalChatCompletion();
      const [call] = final.choices[0]?.message.tool_calls ?? [];
      hasCity(call?.type === 'function' ? call.function.arguments : '');
    },
    'Tool results': async (model) => {
      const weather = { name: 'weather', parameters: CITY, function: () => 'It rains.', parse: asJson };
      const tool: RunnableToolFunctionWithParse<object> = {
        type: 'function',
        function: { ...weather, description: '' },
      };
      assert.match((await api.runTools({ model, ...hello, tools: [tool] }).finalContent()) ?? '', /It rains/);
    },
    'Structured output': async (model) => {
      const format = { type: 'json_schema' as const, json_schema: { name: 'place', schema: CITY, strict: true } };
      const { choices } = await api.parse({ model, ...hello, response_format: format });
      hasCity(choices[0]?.message.content);
    },
    'Structured output, streamed': async (model) => {
      const format = { type: 'json_schema' as const, json_schema: { name: 'place', schema: CITY, strict: true } };
      hasCity(await api.stream({ model, ...hello, response_format: format }).finalContent());
    },
    'Images in a prompt': async (model) => {
      const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } };
      assert.ok(await answerTo(model, [{ type: 'text', text: HELLO }, image]));
    },
    'Files in a prompt': async (model) => {
      const file = { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } };
      assert.ok(await answerTo(model, [{ type: 'text', text: HELLO }, file]));
    },
    Reasoning: async (model) => {
      const messages = [user('[[sandbox reasoning=40]] Think.')];
      const { usage } = await api.create({ model, messages, reasoning_effort: 'low' });
      assert.ok((usage?.completion_tokens_details?.reasoning_tokens ?? 0) > 0, 'no reasoning tokens are reported');
    },
    'Token limit': async (model) => {
      const { choices, usage } = await api.create({ model, ...hello, max_completion_tokens: 3 });
      assert.equal(choices[0]?.finish_reason, 'length');
      assert.ok((usage?.completion_tokens ?? 9) <= 3);
    },
    'Stop sequence': async (model) => {
      const [choice] = (await api.create({ model, ...hello, stop: ['you said'] })).choices;
      assert.equal(choice?.finish_reason, 'stop');
      assert.ok(!choice.message.content?.includes('you said'));
    },
  };
}

function responses({ responses: api }: OpenAI): Client['chat'] {
  const tools = [{ type: 'function' as const, name: 'weather', parameters: CITY, strict: true }];
  return {
    Responses: async (model) => {
      const answer = await api.create({ model, input: HELLO });
      assert.ok(answer.output_text.startsWith(ANSWER));
      assert.ok((answer.usage?.output_tokens ?? 0) > 0);
    },
    'Responses, streamed': async (model) => {
      const final = await api.stream({ model, input: HELLO }).finalResponse();
      assert.equal(final.status, 'completed');
      assert.ok(final.output_text.startsWith(ANSWER));
    },
    'Responses with tools': async (model) => {
      const asked = await api.create({ model, input: HELLO, tools });
      const call = asked.output.find((item) => item.type === 'function_call');
      assert.ok(call);
      hasCity(call.arguments);
      const result = { type: 'function_call_output' as const, call_id: call.call_id, output: 'It rains.' };
      const told = await api.create({ model, input: [user(HELLO), ...asked.output, result] as never, tools });
      assert.match(told.output_text, /It rains/);
    },
    'Responses, structured': async (model) => {
      const format = { type: 'json_schema' as const, name: 'place', schema: CITY, strict: true };
      hasCity((await api.create({ model, input: HELLO, text: { format } })).output_text);
    },
    'Responses that are kept': async (model) => {
      const { id } = await api.create({ model, input: HELLO, store: true });
      assert.ok((await api.create({ model, input: 'And?', previous_response_id: id })).output_text);
    },
  };
}

function completions({ completions: api }: OpenAI): Client['chat'] {
  const request = { prompt: HELLO, max_tokens: 50 };
  return {
    Completions: async (model) => assert.ok((await api.create({ model, ...request })).choices[0]?.text),
    'Completions, streamed': async (model) => {
      const chunks = await all(await api.create({ model, ...request, stream: true }));
      assert.ok(
        chunks
          .map(({ choices }) => choices[0]?.text ?? '')
          .join('')
          .startsWith(ANSWER),
      );
    },
  };
}

function others(client: OpenAI): Client['others'] {
  return {
    Models: async () => assert.ok((await all(client.models.list())).some(({ id }) => id === 'gpt-4o')),
    Errors: async () => {
      const error = await errorOf(NotFoundError, client.chat.completions.create({ model: 'gpt-99', ...hello }));
      assert.equal(error.code, 'model_not_found');
    },
    Embeddings: async () => {
      const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
      assert.deepEqual(
        data.map(({ embedding }) => embedding.length),
        [1536, 1536],
      );
    },
    'Making images': async () => {
      const { data } = await client.images.generate({ model: 'gpt-image-1', prompt: 'An octopus' });
      assert.ok(data?.[0]?.b64_json);
    },
    Speech: async () => {
      const answer = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: HELLO });
      assert.ok((await answer.arrayBuffer()).byteLength > 0);
    },
    Transcription: async () => {
      const file = await toFile(wav(), 'a.wav');
      assert.equal(typeof (await client.audio.transcriptions.create({ model: 'whisper-1', file })).text, 'string');
    },
    Moderation: async () => {
      const { results } = await client.moderations.create({ model: 'omni-moderation-latest', input: HELLO });
      assert.equal(results[0]?.flagged, false);
    },
    'Files and batches': async () => assert.ok(await client.batches.list()),
  };
}
