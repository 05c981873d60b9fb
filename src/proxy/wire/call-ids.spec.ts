// The ids of calls as clients of messages and responses are told them, plain and streamed.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { anthropicClient, responsesClient } from './index.js';
import { objectsOf } from './json.js';

const called = (id: string): JsonObject => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const result = (id: string): JsonObject => ({ type: 'tool_result', tool_use_id: id, content: 'done' });
const use = (id: string): JsonObject => ({ type: 'tool_use', id, name: 'f', input: {} });

const CLIENTS = [
  [
    'messages',
    anthropicClient,
    (id: string): JsonObject => ({
      messages: [
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: [use(id)] },
        { role: 'user', content: [result(id)] },
      ],
    }),
    'toolu_chatcmpl-7_',
  ],
  [
    'responses',
    responsesClient,
    (call_id: string): JsonObject => ({
      input: [
        { type: 'function_call', call_id, name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id, output: 'done' },
      ],
    }),
    'call_7_',
  ],
] as const;

const CONTEXT = { id: 'chatcmpl-7', created: 1, model: 'm' };

/** The ids that a client is told of an answer with these calls, plain and streamed. */
function idsTold(client: (typeof CLIENTS)[number][1], request: JsonObject, ids: readonly string[]): unknown[] {
  const message = { role: 'assistant', content: null, tool_calls: ids.map(called) };
  const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
  const answer = client.answer({ ...CONTEXT, object: 'chat.completion', choices }, request);
  const plain = [...objectsOf(answer['content']), ...objectsOf(answer['output'])].map(
    ({ id, call_id = id }) => call_id,
  );

  const stream = client.stream(CONTEXT, request);
  const deltas = ids.map((id, index) => ({ tool_calls: [{ index, ...called(id) }] }));
  const chunks = deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] }));
  const text = chunks.map((chunk) => stream.push(JSON.stringify(chunk))).join('') + stream.end();
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
  const begun = events.flatMap(({ content_block, item, type }) =>
    type === 'content_block_start' ? [content_block.id] : type === 'response.output_item.added' ? [item.call_id] : [],
  );
  expect(begun).toEqual(plain);
  return plain;
}

describe.each(CLIENTS)('calls told to a client of %s', (_, client, conversation, derived) => {
  it('have the ids of their provider', () =>
    expect(idsTold(client, conversation('call_9'), ['call_0', 'call_1'])).toEqual(['call_0', 'call_1']));

  it('have others where the conversation has those already, or the answer has one twice', () => {
    expect(idsTold(client, conversation('call_0'), ['call_0', 'call_1'])).toEqual([`${derived}0`, 'call_1']);
    expect(idsTold(client, conversation('call_0__thought__c2ln'), ['call_0'])).toEqual([`${derived}0`]);
    expect(idsTold(client, {}, ['call_0', 'call_0', ''])).toEqual(['call_0', `${derived}1`, `${derived}2`]);
  });
});
