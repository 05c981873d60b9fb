// What Claude Code has for Anthropic alone: a line about itself, which is another one in every request and would keep other makers from reading a
// prompt from their caches, and instructions within a conversation.
// Modes: embedded. Wire formats have nothing to do with stores.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/kernel/index.js';
import { post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { answering, type ScriptedUpstream, sendJson, startUpstream } from '../../support/gateway/upstream.js';

const LINE = 'x-anthropic-billing-header: cc_version=2.1.283.a1f; cc_entrypoint=cli; cch=71fea;';
const IN_BLOCKS = [
  { type: 'text', text: LINE },
  { type: 'text', text: 'Be brief.' },
];

let gateway: TestGateway;
let chats: ScriptedUpstream;
let messages: ScriptedUpstream;
beforeAll(async () => {
  chats = await startUpstream(answering());
  messages = await startUpstream(({ response }) =>
    sendJson(response, 200, { content: [], stop_reason: 'end_turn', usage: { input_tokens: 9, output_tokens: 1 } }),
  );
  gateway = await startGateway({
    channels: () => [
      channel('openai', chats.url, { makers: ['openai'] }),
      channel('anthropic', messages.url, { makers: ['anthropic', 'moonshot'], format: 'anthropic' }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([chats.close(), messages.close()]);
});

const HI = { role: 'user', content: 'Hi' };

async function sentFor(model: string, system: JsonValue, told: readonly JsonObject[] = [HI]): Promise<JsonObject> {
  const { key } = await gateway.desk.account();
  const body = { model, max_tokens: 50, system, messages: told };
  expect((await post(gateway.url, key, body, { path: '/v1/messages' })).status).toBe(200);
  const { body: sent = {} } = [...chats.calls.splice(0), ...messages.calls.splice(0)].at(-1) ?? {};
  return sent;
}

it.each<JsonValue>([IN_BLOCKS, `${LINE}\nBe brief.`])('reaches Anthropic: %j', async (system) =>
  expect(await sentFor('claude-haiku-4-5', system)).toMatchObject({ system }),
);

it.each<[JsonValue, JsonValue | undefined]>([
  [IN_BLOCKS, [{ type: 'text', text: 'Be brief.' }]],
  [`${LINE}\nBe brief.`, 'Be brief.'],
  [[{ type: 'text', text: LINE }], undefined],
  [`Not a line: ${LINE}`, `Not a line: ${LINE}`],
  [['Be brief.'], ['Be brief.']],
])('reaches no other maker of Anthropic’s format: %j', async (system, sent) =>
  expect((await sentFor('kimi-k3', system))['system']).toEqual(sent),
);

it.each<[JsonValue, string]>([
  [IN_BLOCKS, 'Be brief.'],
  [`${LINE}\nBe brief.`, 'Be brief.'],
])('reaches no maker of another format: %j', async (system, content) =>
  expect((await sentFor('gpt-4o-mini', system))['messages']).toEqual([
    { role: 'system', content },
    { role: 'user', content: 'Hi' },
  ]),
);

it.each<[string, JsonValue]>([
  ['claude-opus-5-5', [HI, { role: 'system', content: 'Be kind.' }]],
  [
    'kimi-k3',
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'text', text: '<system>\nBe kind.\n</system>' },
        ],
      },
    ],
  ],
])('says what is told within a conversation as %s takes it', async (model, sent) =>
  expect((await sentFor(model, 'Be brief.', [HI, { role: 'system', content: 'Be kind.' }]))['messages']).toEqual(sent),
);
