// Every model that chats, in each API: a call of a function, and its result with no more of the call than the API's own SDKs keep. A model is
// changed by one string.
// Modes: embedded. What a provider takes of a request does not depend on where its charge is stored.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../src/kernel/index.js';
import { SHIPPED } from '../../../src/pricing/index.js';
import { jsonOf, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    channels: (sandbox) => [
      channel('openai', sandbox, { makers: ['openai'], responses: true }),
      channel('anthropic', sandbox, { makers: ['anthropic'], format: 'anthropic' }),
      channel('google', '', { baseUrl: `${sandbox}/gemini/v1beta`, makers: ['google'], format: 'gemini' }),
      channel('others', sandbox, { makers: ['*'], order: 1 }),
    ],
  });
});
afterAll(() => gateway.close());

const ASK = { role: 'user', content: '[[sandbox call=f:%7B%22a%22%3A%22x%22%7D]]' };
const SUNNY = 'It is sunny.';
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const f = { name: 'f', description: 'Says what the weather is.' };

type Ask = (path: string, body: JsonObject) => Promise<JsonObject>;

const objects = (list: JsonValue | undefined): JsonObject[] => (isJsonArray(list) ? list.filter(isJsonObject) : []);
const ofType = (type: string, list: JsonValue | undefined): JsonObject =>
  objects(list).find((one) => one['type'] === type) ?? {};

/** What each API answers in the end. */
const IN_EACH: Readonly<Record<string, (ask: Ask) => Promise<JsonValue | undefined>>> = {
  async chat(ask) {
    const tools = [{ type: 'function', function: { ...f, parameters: schema } }];
    const turn = async (...messages: JsonObject[]) =>
      objects((await ask('/v1/chat/completions', { max_tokens: 400, tools, messages }))['choices'])[0]?.[
        'message'
      ] as JsonObject;
    const { content = null, tool_calls } = await turn(ASK);
    const result = { role: 'tool', tool_call_id: objects(tool_calls)[0]?.['id'] ?? null, content: SUNNY };
    return (await turn(ASK, { role: 'assistant', content, tool_calls: tool_calls ?? null }, result))['content'];
  },
  async messages(ask) {
    const tools = [{ ...f, input_schema: schema }];
    const turn = async (...messages: JsonObject[]) =>
      (await ask('/v1/messages', { max_tokens: 400, tools, messages }))['content'];
    const content = (await turn(ASK)) ?? null;
    const result = {
      type: 'tool_result',
      tool_use_id: ofType('tool_use', content)['id'] ?? null,
      content: SUNNY,
    };
    return turn(ASK, { role: 'assistant', content }, { role: 'user', content: [result] });
  },
  async responses(ask) {
    const tools = [{ type: 'function', ...f, parameters: schema }];
    const turn = async (...input: JsonObject[]) =>
      objects((await ask('/v1/responses', { max_output_tokens: 400, tools, input }))['output']);
    const output = await turn(ASK);
    const { call_id = null } = ofType('function_call', output);
    return turn(ASK, ...output, { type: 'function_call_output', call_id, output: SUNNY });
  },
};

const chats = SHIPPED.models.filter(({ kind }) => kind === 'chat');

it.each(Object.keys(IN_EACH))('takes a call of a function back from %s', async (api) => {
  const failures: string[] = [];
  for (const { id: model } of chats) {
    const account = await gateway.desk.account('100.00');
    const ask: Ask = async (path, body) => {
      const answer = await post(gateway.url, account.key, { model, ...body }, { path });
      if (answer.status !== 200) throw new Error(answer.text);
      return jsonOf(answer);
    };
    const said = await IN_EACH[api]?.(ask).then(JSON.stringify, (error: unknown) => String(error));
    if (said?.includes(SUNNY) !== true) failures.push(`${model}: ${said?.slice(0, 200)}`);
  }
  expect(failures).toEqual([]);
});
