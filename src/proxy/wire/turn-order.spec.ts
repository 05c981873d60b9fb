import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { anthropicClient } from './anthropic/index.js';
import { responsesClient } from './responses/index.js';

/** Claude Code sends instructions within a conversation, and reminders beside results. */
const messages = [
  { role: 'user', content: 'Hi' },
  { role: 'system', content: 'Be kind.' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 'abcdefghi', name: 'f', input: {} }] },
  {
    role: 'user',
    content: [
      { type: 'tool_result', tool_use_id: 'abcdefghi', content: 'it' },
      { type: 'text', text: 'Go on.' },
    ],
  },
  { role: 'system', content: '12 tokens left' },
];
const input = [
  { role: 'user', content: 'Hi' },
  { role: 'developer', content: 'Be kind.' },
  { type: 'function_call', call_id: 'abcdefghi', name: 'f', arguments: '{}' },
  { type: 'function_call_output', call_id: 'abcdefghi', output: 'it' },
  { role: 'user', content: 'Go on.' },
  { role: 'developer', content: '12 tokens left' },
];
const told = (model: string): Record<string, readonly JsonObject[]> => ({
  messages: anthropicClient.request({ model, max_tokens: 9, system: 'Be brief.', messages })[
    'messages'
  ] as JsonObject[],
  responses: responsesClient.request({ model, instructions: 'Be brief.', input })['messages'] as JsonObject[],
});
const wrapped = (text: string): string => `<system>\n${text}\n</system>`;

describe.each(['messages', 'responses'])('a conversation of /v1/%s', (client) => {
  const rolesFor = (model: string): string => (told(model)[client] ?? []).map(({ role }) => role).join(' ');

  it('keeps its instructions in their place for models that take them there', () => {
    for (const model of ['gpt-5', 'deepseek-v4', 'glm-5', 'kimi-k3'])
      expect(rolesFor(model)).toBe('system user system assistant tool user system');
  });

  it('has them as the user’s for Qwen, which takes them at the start alone', () => {
    expect(rolesFor('qwen3.8-max')).toBe('system user user assistant tool user user');
    const contents = (told('qwen3.8-max')[client] ?? []).map(({ content }) => content);
    expect([contents[0], contents[2], contents[6]]).toEqual([
      'Be brief.',
      wrapped('Be kind.'),
      wrapped('12 tokens left'),
    ]);
  });

  it('lets the assistant answer results before the user goes on for Mistral', () => {
    expect(rolesFor('mistral-large-latest')).toBe('system user user assistant tool assistant user user');
  });
});

it('leaves several instructions at the start alone', () => {
  const start = [{ type: 'text', text: 'Be brief.' }];
  const request = anthropicClient.request({
    model: 'qwen3.8-max',
    max_tokens: 9,
    system: start,
    messages: messages.slice(0, 1),
  });
  expect((request['messages'] as JsonObject[]).map(({ role }) => role)).toEqual(['system', 'user']);
});

it('has the instructions of a start as one where a model takes one', () => {
  const request = (model: string): unknown => {
    const start = [{ role: 'developer', content: [{ type: 'input_text', text: 'Ask first.' }] }, ...input.slice(0, 1)];
    return responsesClient.request({ model, instructions: 'Be brief.', input: start })['messages'];
  };
  for (const model of ['qwen3.8-max', 'Qwen/Qwen3.5-27B', 'MiniMax-M2.7'])
    expect(request(model)).toEqual([{ role: 'system', content: 'Be brief.\n\nAsk first.' }, input[0]]);
  for (const model of ['kimi-k3', 'mistral-large-latest']) expect(request(model)).toHaveLength(3);
});
