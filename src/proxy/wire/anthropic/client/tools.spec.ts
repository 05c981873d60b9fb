import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { anthropicClient } from '../index.js';
import { Untranslatable } from '../../wire.js';
import { chatTools, clientNames } from './tools.js';

const tool = (name: string, more: JsonObject = {}): JsonObject => ({ name, input_schema: { type: 'object' }, ...more });
const user = { role: 'user', content: 'Hi' };
const changed = (...content: readonly JsonObject[]): JsonObject => ({ role: 'system', content });
const added = (definition: JsonObject): JsonObject => ({
  type: 'tool_addition',
  tool: { type: 'tool_definition', definition },
});
const named = (type: 'tool_addition' | 'tool_removal', name: string): JsonObject => ({
  type,
  tool: { type: 'tool_reference', name },
});
const request = (tools: readonly JsonObject[], ...changes: readonly JsonObject[]): JsonObject =>
  anthropicClient.request({ model: 'gpt-4o', max_tokens: 9, tools, messages: [user, ...changes] });
const offered = (...given: Parameters<typeof request>): string =>
  ((request(...given)['tools'] ?? []) as { function: JsonObject }[]).map(({ function: one }) => one['name']).join();

it('are looked for once in a request, however often it is asked what they are', () => {
  const body = { model: 'gpt-4o', max_tokens: 9, tools: [tool('a')], messages: [user] };
  chatTools(body);
  Object.defineProperty(body, 'messages', { get: () => expect.fail('it was searched again') });
  expect([chatTools(body)?.length, clientNames(body)]).toEqual([1, new Map([['a', 'a']])]);
});

// https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
describe('tools that a conversation changes', () => {
  it('are offered once they were added', () => {
    expect(offered([tool('a')], changed(added(tool('b'))))).toBe('a,b');
    expect(offered([], changed({ type: 'text', text: 'More.' }, added(tool('b'))))).toBe('b');
  });

  it('are not offered once they were removed, and are again once they come back', () => {
    const gone = changed(named('tool_removal', 'a'));
    expect(offered([tool('a'), tool('b')], gone)).toBe('b');
    expect(offered([tool('a')], gone)).toBe('');
    expect(request([tool('a')], gone)).not.toHaveProperty('tools');
    expect(offered([tool('a'), tool('b')], gone, user, changed(named('tool_addition', 'a')))).toBe('a,b');
  });

  it('are as they were defined last', () => {
    const { tools } = request([tool('a')], changed(added(tool('a', { description: 'New.' }))));
    expect(tools).toMatchObject([{ function: { name: 'a', description: 'New.' } }]);
    expect(tools).toHaveLength(1);
  });

  it('are called by the client’s name for them', () => {
    const name = `mcp__${'x'.repeat(80)}`;
    const messages = [user, changed(added(tool(name)))];
    const told = anthropicClient.request({ model: 'gpt-4o', max_tokens: 9, messages });
    const [{ function: called } = { function: {} }] = told['tools'] as { function: JsonObject }[];
    const call = { id: 'call_1', type: 'function', function: { name: called['name'] ?? '', arguments: '{}' } };
    const chat = { id: 'chatcmpl-1', choices: [{ message: { role: 'assistant', tool_calls: [call] } }] };
    expect(anthropicClient.answer(chat, { messages })['content']).toMatchObject([{ name }]);
  });

  it('leave nothing else behind', () => {
    expect(request([tool('a')], changed(added(tool('b'))))['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('are refused by their place', () => {
    const built = changed(added({ type: 'bash_20250124', name: 'bash' }));
    expect(() => request([], built)).toThrow(Untranslatable);
    expect(() => request([], built)).toThrow('"messages[1].content[0]" must have a "name"');
  });
});
