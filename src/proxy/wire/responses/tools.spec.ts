import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { responsesClient } from './index.js';

const CONTEXT = { id: 'chatcmpl-7', created: 1, model: 'qwen' };
const FUNCTION = { type: 'function', name: 'find', parameters: { type: 'object' }, strict: false };
const GRAMMAR = { type: 'grammar', syntax: 'lark', definition: 'start: "*** Begin Patch"' };
const PATCH = { type: 'custom', name: 'apply_patch', description: 'Edits files.', format: GRAMMAR };
const CRM = { type: 'namespace', name: 'crm', description: '', tools: [FUNCTION, { type: 'custom', name: 'note' }] };
const SEARCH = { type: 'tool_search', execution: 'client', description: 'Finds.', parameters: { type: 'object' } };
const SHELL = { type: 'shell', environment: { type: 'local' } };

const translate = (body: JsonObject) => responsesClient.request({ model: 'qwen', input: 'Hi', ...body });
/** The names of the functions that a request offers. */
const offered = (body: JsonObject): readonly unknown[] =>
  ((translate(body)['tools'] ?? []) as JsonObject[]).map((tool) => (tool['function'] as JsonObject)['name']);

const chatCall = (name: string, args: string): JsonObject => ({
  id: 'call_1',
  type: 'function',
  function: { name, arguments: args },
});

/** The item that a call of a chat becomes, whole. */
function itemOf(body: JsonObject, name: string, args: string): JsonObject {
  const message = { role: 'assistant', content: null, tool_calls: [chatCall(name, args)] };
  const chat = { id: 'chatcmpl-7', choices: [{ message, finish_reason: 'tool_calls' }] };
  return (responsesClient.answer(chat, body)['output'] as JsonObject[])[0] ?? {};
}

/** The events that tell the same call in a stream, its arguments in pieces. */
function eventsOf(body: JsonObject, name: string, args: string): JsonObject[] {
  const stream = responsesClient.stream(CONTEXT, body);
  const chunk = (delta: JsonObject, finish: string | null = null) =>
    stream.push(JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] }));
  const piece = (text: string) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] });
  const frames =
    chunk({ tool_calls: [{ index: 0, ...chatCall(name, '') }] }) +
    args.split('').map(piece).join('') +
    chunk({}, 'tool_calls') +
    stream.end();
  return [...frames.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
}

describe('tools that are no functions, for models of other makers,', () => {
  it.each([{}, { syntax: 'lark' }, { syntax: 'lark', definition: { toString: 1 } }])(
    'say which grammar %j',
    (grammar) => {
      const custom = { ...PATCH, format: { type: 'grammar', ...grammar } };
      expect(() => translate({ tools: [custom] })).toThrow(
        /"tools\[0\].format" must have a "syntax" and a "definition"/,
      );
    },
  );

  it('are of a type that has a name', () => {
    expect(() => translate({ tools: [{ type: { toString: 1 }, name: 'a' }] })).toThrow(/"?tools\[0\]/);
    const result = { type: 'apply_patch_call_output', call_id: 'c', status: { toString: 1 } };
    expect(() => translate({ input: [result] })).not.toThrow(TypeError);
  });

  it('are functions wherever they are offered, each once', () => {
    const input = [
      { type: 'additional_tools', role: 'developer', tools: [CRM, PATCH] },
      { type: 'tool_search_output', call_id: 'call_0', tools: [{ ...FUNCTION, name: 'late' }] },
      { role: 'user', content: 'Hi' },
    ];
    const names = ['apply_patch', 'tool_search', 'shell', 'crm__find', 'crm__note', 'late'];
    expect(offered({ tools: [PATCH, SEARCH, SHELL], input })).toEqual(names);
  });

  it('tell their input and its grammar', () => {
    const [tool] = translate({ tools: [PATCH] })['tools'] as JsonObject[];
    expect(tool).toEqual({
      type: 'function',
      function: {
        name: 'apply_patch',
        description: 'Edits files.',
        parameters: {
          type: 'object',
          properties: { input: { type: 'string', description: expect.stringContaining(GRAMMAR.definition) } },
          required: ['input'],
          additionalProperties: false,
        },
      },
    });
  });

  it('are not searched by a provider, but offered at once', () =>
    expect(offered({ tools: [{ type: 'tool_search' }, { ...FUNCTION, defer_loading: true }] })).toEqual(['find']));

  it('have names that a chat takes', () => {
    const [name] = offered({ tools: [{ ...CRM, name: 'n'.repeat(60), tools: [FUNCTION] }] });
    expect(name).toMatch(/^n[\w-]{63}$/);
  });

  it('have names of their own where two would have one', () => {
    const other = { type: 'namespace', name: 'crm__find', tools: [{ ...FUNCTION, name: 'all' }] };
    const same = { ...CRM, tools: [{ ...FUNCTION, name: 'find__all' }] };
    const body = { tools: [other, same, { ...FUNCTION, name: 'crm__find__all' }, other], input: 'Hi' };
    expect(offered(body)).toEqual(['crm__find__all', 'crm__find__all_2', 'crm__find__all_3']);
    expect(itemOf(body, 'crm__find__all', '{}')).toMatchObject({ namespace: 'crm__find', name: 'all' });
    expect(itemOf(body, 'crm__find__all_2', '{}')).toMatchObject({ namespace: 'crm', name: 'find__all' });
    const choice = { type: 'function', name: 'find__all', namespace: 'crm' };
    expect(translate({ ...body, tool_choice: choice })['tool_choice']).toMatchObject({
      function: { name: 'crm__find__all_2' },
    });
  });

  it.each<[JsonObject, JsonObject]>([
    [
      { type: 'custom', name: 'apply_patch' },
      { type: 'function', function: { name: 'apply_patch' } },
    ],
    [
      { type: 'function', name: 'find', namespace: 'crm' },
      { type: 'function', function: { name: 'crm__find' } },
    ],
    [{ type: 'shell' }, { type: 'function', function: { name: 'shell' } }],
  ])('are chosen by their type and name: %j', (tool_choice, expected) =>
    expect(translate({ tools: [PATCH, CRM, SHELL], tool_choice })['tool_choice']).toEqual(expected),
  );

  it.each<[JsonObject, readonly string[]]>([
    [{ type: 'custom', name: 'apply_patch' }, ['apply_patch']],
    [{ type: 'namespace', name: 'crm' }, ['crm__find', 'crm__note']],
    [{ type: 'shell' }, ['shell']],
  ])('are the only ones left that a choice allows: %j', (allowed, names) => {
    const tool_choice = { type: 'allowed_tools', mode: 'required', tools: [allowed] };
    const body = { tools: [PATCH, CRM, SHELL], tool_choice };
    expect([offered(body), translate(body)['tool_choice']]).toEqual([names, 'required']);
  });
});

describe('a call of a tool that is no function', () => {
  const body = { tools: [FUNCTION, PATCH, CRM, SEARCH, SHELL, { type: 'local_shell' }], input: 'Hi' };
  const called = { call_id: 'call_1', status: 'completed' };

  it.each<[string, string, JsonObject]>([
    ['find', '{"id":1}', { type: 'function_call', name: 'find', arguments: '{"id":1}' }],
    ['crm__find', '{"id":1}', { type: 'function_call', namespace: 'crm', name: 'find', arguments: '{"id":1}' }],
    ['apply_patch', '{"input":"*** \\"x\\""}', { type: 'custom_tool_call', name: 'apply_patch', input: '*** "x"' }],
    ['crm__note', '{"input":"a"}', { type: 'custom_tool_call', namespace: 'crm', name: 'note', input: 'a' }],
    ['apply_patch', '*** plain', { type: 'custom_tool_call', name: 'apply_patch', input: '*** plain' }],
    ['tool_search', '{"query":"a"}', { type: 'tool_search_call', execution: 'client', arguments: { query: 'a' } }],
    [
      'shell',
      '{"commands":["ls"]}',
      { type: 'shell_call', action: { commands: ['ls'], timeout_ms: null, max_output_length: null } },
    ],
    [
      'local_shell',
      '{"command":["ls"]}',
      { type: 'local_shell_call', action: { type: 'exec', command: ['ls'], env: {} } },
    ],
  ])('of %s with %s is its item, whole and in a stream', (name, args, item) => {
    const whole = itemOf(body, name, args);
    expect(whole).toEqual({ id: 'fc_7_0', ...called, ...item });
    const events = eventsOf(body, name, args);
    const done = events.find(({ type }) => type === 'response.output_item.done');
    expect(done?.['item']).toEqual(whole);
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { output: [whole] } });
  });

  it('tells a custom tool’s input with the events of custom tools', () => {
    const told = eventsOf(body, 'apply_patch', '{"input":"*** x"}').slice(2, -1);
    expect(told.map(({ type, delta, input }) => [type, delta ?? input])).toEqual([
      ['response.output_item.added', undefined],
      ['response.custom_tool_call_input.delta', '*** x'],
      ['response.custom_tool_call_input.done', '*** x'],
      ['response.output_item.done', undefined],
    ]);
  });

  it('comes back as the call it was, with its result', () => {
    const items = [
      { type: 'custom_tool_call', call_id: 'call_1', name: 'apply_patch', input: '*** x' },
      { type: 'custom_tool_call_output', call_id: 'call_1', output: 'done' },
      { type: 'function_call', call_id: 'call_4', name: 'f', arguments: { a: 1 } },
      { type: 'function_call_output', call_id: 'call_4', output: 'done' },
      { type: 'shell_call', call_id: 'call_2', action: { commands: ['ls'] } },
      { type: 'shell_call_output', call_id: 'call_2', output: [{ stdout: 'a', stderr: '' }] },
      { type: 'tool_search_call', call_id: 'call_3', execution: 'client', arguments: { query: 'a' } },
      { type: 'tool_search_output', call_id: 'call_3', execution: 'client', tools: [FUNCTION] },
    ];
    const call = (id: string, name: string, args: string) => ({
      role: 'assistant',
      content: null,
      tool_calls: [{ id, type: 'function', function: { name, arguments: args } }],
    });
    expect(translate({ input: items })['messages']).toEqual([
      call('call_1', 'apply_patch', '{"input":"*** x"}'),
      { role: 'tool', tool_call_id: 'call_1', content: 'done' },
      call('call_4', 'f', '{"a":1}'),
      { role: 'tool', tool_call_id: 'call_4', content: 'done' },
      call('call_2', 'shell', '{"commands":["ls"]}'),
      { role: 'tool', tool_call_id: 'call_2', content: '[{"stdout":"a","stderr":""}]' },
      call('call_3', 'tool_search', '{"query":"a"}'),
      { role: 'tool', tool_call_id: 'call_3', content: JSON.stringify([FUNCTION]) },
    ]);
  });

  // As recorded in pydantic/pydantic-ai, tests/cassettes/test_tool_search: what a model of OpenAI began goes on with another.
  it('leaves out searches at the provider, whose call_id is null', () => {
    const search = { call_id: null, execution: 'server', status: 'completed' };
    const found = { ...FUNCTION, defer_loading: true };
    const input = [
      { role: 'user', content: 'Find it.' },
      { type: 'tool_search_call', id: 'tsc_1', arguments: { queries: ['find'] }, ...search },
      { type: 'tool_search_output', id: 'tso_1', tools: [found], ...search },
      { type: 'function_call', call_id: 'call_1', name: 'find', namespace: 'find', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'it' },
    ];
    const { messages, tools } = translate({ tools: [{ type: 'tool_search' }, found], input });
    expect(messages).toEqual([
      { role: 'user', content: 'Find it.' },
      { role: 'assistant', content: null, tool_calls: [chatCall('find', '{}')] },
      { role: 'tool', tool_call_id: 'call_1', content: 'it' },
    ]);
    expect(tools).toEqual([expect.objectContaining({ function: expect.objectContaining({ name: 'find' }) })]);
  });

  it('keeps every input there and back', () => {
    const law = fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('apply_patch', 'crm__note'),
      (input, name) => {
        const item = itemOf(body, name, JSON.stringify({ input }));
        expect(item['input']).toBe(input);
        const [message] = translate({ ...body, input: [item] })['messages'] as JsonObject[];
        expect(message?.['tool_calls']).toEqual([chatCall(name, JSON.stringify({ input }))]);
      },
    );
    fc.assert(law);
  });
});
