import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { chatRequest } from './request.js';

const translate = (body: JsonObject = {}) => chatRequest({ model: 'gpt-5', input: 'Hi', ...body });
const messagesFor = (input: readonly JsonObject[], model = 'gpt-5') => translate({ model, input })['messages'];

function refusalOf(body: JsonObject): string {
  try {
    return `no refusal: ${JSON.stringify(translate(body))}`;
  } catch (error) {
    if (error instanceof Untranslatable) return `${error.param}: ${error.message}`;
    throw error;
  }
}

describe('a Responses request', () => {
  it('is a chat completion', () => {
    const body = {
      model: 'gpt-5',
      instructions: 'Be brief.',
      input: 'Hi',
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: null,
      top_logprobs: 2,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { verbosity: 'low' },
      user: 'u-1',
      metadata: { a: 'b' },
      store: true,
      truncation: 'auto',
      include: ['reasoning.encrypted_content'],
      stream: true,
    };
    expect(chatRequest(body)).toEqual({
      model: 'gpt-5',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      max_completion_tokens: 100,
      temperature: 0.5,
      logprobs: true,
      top_logprobs: 2,
      reasoning_effort: 'low',
      verbosity: 'low',
      user: 'u-1',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('shows images and files', () => {
    const content = [
      { type: 'input_text', text: 'Look:' },
      { type: 'input_image', image_url: 'data:image/png;base64,iVBO', detail: 'low' },
      { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
    ];
    expect(messagesFor([{ type: 'message', role: 'user', content }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
        ],
      },
    ]);
  });

  it('has what the assistant thought, said and called as one message, and results after it', () => {
    const input = [
      { role: 'developer', content: 'Help.' },
      { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Wait.', annotations: [] }] },
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' },
      { type: 'function_call', call_id: 'call_2', name: 'map', arguments: '' },
      { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
      {
        type: 'function_call_output',
        call_id: 'call_2',
        output: [{ type: 'input_image', image_url: 'https://a/b.png' }],
      },
      { role: 'assistant', content: 'Sunny.' },
      { role: 'user', content: 'Thanks' },
    ];
    const call = (id: string, name: string, args: string) => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    });
    expect(messagesFor(input, 'deepseek-v4-pro')).toEqual([
      { role: 'system', content: 'Help.' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: 'Wait.',
        reasoning_content: 'Hm',
        tool_calls: [call('call_1', 'weather', '{"city":"Bern"}'), call('call_2', 'map', '')],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
      { role: 'tool', tool_call_id: 'call_2', content: '(The result is in the message that follows.)' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a/b.png' } }] },
      { role: 'assistant', content: 'Sunny.', reasoning_content: '' },
      { role: 'user', content: 'Thanks' },
    ]);
    expect(messagesFor(input, 'kimi-k3')).toContainEqual({
      role: 'assistant',
      content: 'Sunny.',
      reasoning_content: ' ',
    });
    expect(JSON.stringify(messagesFor(input, 'gpt-5'))).not.toContain('reasoning');
  });

  it('has results right behind their calls, whatever was said in between', () => {
    const call = (call_id: string) => ({ type: 'function_call', call_id, name: 'f', arguments: '{}' });
    const result = (call_id: string) => ({ type: 'function_call_output', call_id, output: call_id });
    const [hook, user] = [
      { role: 'developer', content: 'Mind the budget.' },
      { role: 'user', content: 'Go on.' },
    ];
    const said = (...input: JsonObject[]) =>
      (messagesFor(input) as readonly JsonObject[]).map(
        ({ role, tool_calls: calls, tool_call_id: id }) => id ?? (Array.isArray(calls) ? calls.length : role),
      );
    expect(said(user, call('a'), hook, result('a'))).toEqual(['user', 1, 'a', 'system']);
    expect(said(call('a'), call('b'), result('b'), user, result('a'))).toEqual([2, 'b', 'a', 'user']);
    expect(said(call('a'), result('a'), call('b'), hook, result('b'))).toEqual([1, 'a', 1, 'b', 'system']);
    expect(said(user, result('x'), user)).toEqual(['user', 'x', 'user']);
  });

  it('tells what another agent says, outside of the calls that wait for a result', () => {
    const agent = (content: JsonObject['content']) => ({
      type: 'agent_message',
      author: '/root',
      content: content ?? null,
    });
    const task = [
      { type: 'input_text', text: 'Sender: /root' },
      { type: 'encrypted_content', encrypted_content: 'Count the files.' },
    ];
    const [called, result] = [
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: '2' },
    ];
    expect(messagesFor([agent(task), called, agent('Hurry.'), result, agent(null)])).toEqual([
      { role: 'user', content: 'Sender: /root\n\nCount the files.' },
      expect.objectContaining({ role: 'assistant' }),
      { role: 'tool', tool_call_id: 'a', content: '2' },
      { role: 'user', content: 'Hurry.' },
    ]);
  });

  it('brings thoughts back as they were told, and nothing of what another maker encrypted', () => {
    const details = [{ type: 'reasoning.text', text: 'Hm', signature: 'sig' }];
    const thought = (encrypted_content: string) => [
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content },
      { role: 'assistant', content: 'Yes' },
    ];
    const ours = Buffer.from(JSON.stringify(details)).toString('base64');
    expect(messagesFor(thought(ours), 'claude-opus-5-5')).toEqual([
      { role: 'assistant', content: 'Yes', reasoning_details: details },
    ]);
    expect(messagesFor(thought('gAAAAAB'), 'claude-opus-5-5')).toEqual([{ role: 'assistant', content: 'Yes' }]);
  });

  it('defines its functions and how they may be called', () => {
    const parameters = { type: 'object', properties: {} };
    const tools = [
      { type: 'function', name: 'now', description: 'The time', parameters, strict: true },
      { type: 'function', name: 'at', parameters, strict: null },
    ];
    const tool_choice = { type: 'function', name: 'now' };
    expect(translate({ tools, tool_choice, parallel_tool_calls: false })).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'now', description: 'The time', parameters, strict: true } },
        { type: 'function', function: { name: 'at', parameters } },
      ],
      tool_choice: { type: 'function', function: { name: 'now' } },
      parallel_tool_calls: false,
    });
    expect(translate({ tools, tool_choice: 'required' })['tool_choice']).toBe('required');
    expect(translate({ tools: [], tool_choice: 'auto', parallel_tool_calls: true })).toEqual(translate());
  });

  it('asks for JSON', () => {
    const schema = { type: 'object' };
    const format = { type: 'json_schema', name: 'a', schema, strict: true };
    expect(translate({ text: { format } })['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'a', schema, strict: true },
    });
    expect(translate({ text: { format: { type: 'json_object' } } })['response_format']).toEqual({
      type: 'json_object',
    });
    expect(translate({ text: { format: { type: 'text' } } })).toEqual(translate());
  });
});

describe('refused, by the name of the field, is', () => {
  const part = (content: JsonObject) => ({ input: [{ role: 'user', content: [content] }] });
  it.each<[string, JsonObject, RegExp]>([
    ['an earlier response', { previous_response_id: 'resp_1' }, /^previous_response_id: .*not kept here/],
    ['a conversation', { conversation: 'conv_1' }, /^conversation: .*not kept here/],
    ['a stored prompt', { prompt: { id: 'pmpt_1' } }, /^prompt: /],
    ['work in the background', { background: true }, /^background: /],
    ['compaction', { context_management: [{ type: 'compaction' }] }, /^context_management: /],
    ['a mode with prices of its own', { reasoning: { mode: 'pro' } }, /^reasoning\.mode: /],
    ...['web_search', 'file_search', 'code_interpreter', 'computer_use_preview', 'image_generation', 'mcp'].map(
      (type): [string, JsonObject, RegExp] => [
        `the tool ${type}`,
        { tools: [{ type }] },
        new RegExp(`^tools\\[0\\]: .*"${type}"`),
      ],
    ),
    [
      'a choice of other tools',
      { tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'mcp' } },
      /^tool_choice: /,
    ],
    ['an item kept elsewhere', { input: [{ type: 'item_reference', id: 'msg_1' }] }, /^input\[0\]: .*not kept here/],
    ['an item of a built-in tool', { input: [{ type: 'mcp_call' }] }, /^input\[0\]: .*"mcp_call"/],
    ['an uploaded image', part({ type: 'input_image', file_id: 'file_1' }), /^input\[0\]\.content\[0\]\.file_id: /],
    ['an uploaded file', part({ type: 'input_file', file_id: 'file_1' }), /^input\[0\]\.content\[0\]\.file_id: /],
    ['a file from elsewhere', part({ type: 'input_file', file_url: 'https://a.b/c.pdf' }), /not fetched/],
    ['a part yet unknown', part({ type: 'hologram' }), /^input\[0\]\.content\[0\]: .*"hologram"/],
    ['a message of nobody', { input: [{ role: 'tool', content: 'x' }] }, /^input\[0\]\.role: /],
    ['an image for a system', { input: [{ role: 'system', content: [{ type: 'input_image' }] }] }, /only text/],
    ['no input', { input: null }, /^input: /],
    ['an empty input', { input: [] }, /^input: .*at least one message/],
    ['a format without a schema', { text: { format: { type: 'json_schema', name: 'a' } } }, /^text\.format: /],
    ['a cap of nothing', { max_output_tokens: 0 }, /^max_output_tokens: /],
  ])('%s', (_, body, expected) => expect(refusalOf(body)).toMatch(expected));

  it('nothing of what the SDKs send by default', () => {
    const body = { store: true, background: false, conversation: null, previous_response_id: null, prompt: null };
    expect(translate(body)).toEqual(translate());
  });
});
