import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { responsesUpstream, Untranslatable } from '../../index.js';

const HI = { role: 'user', content: 'Hi' };
const translate = (chat: JsonObject) => responsesUpstream.request({ model: 'gpt-6-astra', messages: [HI], ...chat });
const inputFor = (...messages: JsonObject[]) => translate({ messages })['input'];
const refused = (chat: JsonObject): string | undefined => {
  try {
    translate(chat);
  } catch (error) {
    return error instanceof Untranslatable ? error.param : String(error);
  }
  return 'nothing';
};

describe('a chat as a response', () => {
  it('is not stored, and asks for its reasoning to send it back', () =>
    expect(translate({ store: true })).toEqual({
      model: 'gpt-6-astra',
      input: [{ type: 'message', ...HI }],
      include: ['reasoning.encrypted_content'],
      store: false,
    }));

  it.each<[JsonObject, JsonObject]>([
    [{ max_completion_tokens: 77 }, { max_output_tokens: 77 }],
    [{ max_tokens: 77 }, { max_output_tokens: 77 }],
    [{ reasoning_effort: 'high' }, { reasoning: { effort: 'high' } }],
    [
      { reasoning_effort: 'low', reasoning: { summary: 'detailed' } },
      { reasoning: { effort: 'low', summary: 'detailed' } },
    ],
    [{ reasoning: { effort: 'high' } }, { reasoning: { effort: 'high', summary: 'auto' } }],
    [{ reasoning: { enabled: true } }, { reasoning: { summary: 'auto' } }],
    [{ reasoning: { effort: 'high', exclude: true } }, { reasoning: { effort: 'high' } }],
    [{ reasoning: { enabled: false } }, { reasoning: { effort: 'none' } }],
    [{ verbosity: 'low' }, { text: { verbosity: 'low' } }],
    [{ response_format: { type: 'json_object' } }, { text: { format: { type: 'json_object' } } }],
    [
      {
        response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' }, strict: true } },
      },
      { text: { format: { type: 'json_schema', name: 'a', schema: { type: 'object' }, strict: true } } },
    ],
    [{ stream: true, stream_options: { include_usage: true } }, { stream: true }],
    [
      { stream: true, stream_options: { include_usage: true, include_obfuscation: false } },
      { stream: true, stream_options: { include_obfuscation: false } },
    ],
    [
      { logprobs: true, top_logprobs: 2 },
      { top_logprobs: 2, include: ['reasoning.encrypted_content', 'message.output_text.logprobs'] },
    ],
    ...[
      { service_tier: 'default', prompt_cache_key: 'k', metadata: { a: 'b' }, safety_identifier: 's', user: 'u' },
      { temperature: 1, top_p: 0.9, prompt_cache_options: { ttl: '30m' } },
    ].map((same): [JsonObject, JsonObject] => [same, same]),
  ])('%j', (chat, expected) => expect(translate(chat)).toMatchObject(expected));

  it.each<JsonObject>([
    { n: 1, stop: null, frequency_penalty: 0, presence_penalty: 0, logit_bias: {}, modalities: ['text'] },
    { seed: 7, prediction: { type: 'content', content: 'x' }, usage: { include: true }, functions: [] },
  ])('leaves out what asks for nothing: %j', (chat) => expect(translate(chat)).toEqual(translate({})));

  it.each<[string, JsonValueOf]>([
    ['n', 2],
    ['stop', ['x']],
    ['frequency_penalty', 0.5],
    ['presence_penalty', -1],
    ['logit_bias', { '50256': -100 }],
    ['modalities', ['text', 'audio']],
    ['audio', { voice: 'alloy', format: 'wav' }],
    ['functions', [{ name: 'f' }]],
    ['function_call', 'auto'],
    ['top_k', 40],
    ['response_format', { type: 'xml' }],
    ['tool_choice', { type: 'function' }],
  ])('refuses %s by its name', (field, value) =>
    expect(refused({ tools: [{ type: 'function', function: { name: 'f' } }], [field]: value })).toBe(field),
  );
});
type JsonValueOf = JsonObject[string];

describe('its tools', () => {
  it('have their fields beside the type, and promise to follow a schema only where the chat does', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string' } } };
    const grammar = { syntax: 'lark', definition: 'start: /.+/' };
    const tools = [
      { type: 'function', function: { name: 'f', description: 'F', parameters } },
      { type: 'function', function: { name: 'g', strict: true, parameters } },
      { type: 'function', function: { name: 'h' } },
      { type: 'custom', custom: { name: 'patch', format: { type: 'grammar', grammar } } },
    ];
    expect(translate({ tools, parallel_tool_calls: false })).toMatchObject({
      tools: [
        { type: 'function', name: 'f', description: 'F', parameters, strict: false },
        { type: 'function', name: 'g', parameters, strict: true },
        { type: 'function', name: 'h', parameters: { type: 'object', properties: {} }, strict: false },
        { type: 'custom', name: 'patch', format: { type: 'grammar', ...grammar } },
      ],
      parallel_tool_calls: false,
    });
    const named = { type: 'function', name: 'f' };
    const f = { type: 'function', function: { name: 'f' } };
    for (const [choice, expected] of [
      ['required', 'required'],
      [f, named],
      [
        { type: 'custom', custom: { name: 'patch' } },
        { type: 'custom', name: 'patch' },
      ],
      [
        { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [f] } },
        { type: 'allowed_tools', mode: 'auto', tools: [named] },
      ],
    ])
      expect(translate({ tools, tool_choice: choice })['tool_choice']).toEqual(expected);
  });

  it('that are none leave out how to choose them', () =>
    expect(translate({ tools: [], tool_choice: 'auto', parallel_tool_calls: true })).toEqual(translate({})));

  it('are called and answered by items', () => {
    const calls = [
      { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"n":12345678901234567890}' } },
      { id: 'call_2', type: 'custom', custom: { name: 'patch', input: '*** Begin' } },
    ];
    const results = [
      { role: 'tool', tool_call_id: 'call_1', content: 'one' },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'two' }] },
    ];
    expect(inputFor(HI, { role: 'assistant', content: null, tool_calls: calls }, ...results)).toEqual([
      { type: 'message', ...HI },
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"n":12345678901234567890}' },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'patch', input: '*** Begin' },
      { type: 'function_call_output', call_id: 'call_1', output: 'one' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'two' }] },
    ]);
  });
});

describe('its messages', () => {
  it('keep their parts', () => {
    const data = 'data:application/pdf;base64,JVBERi0=';
    const content = [
      { type: 'text', text: 'Look', prompt_cache_breakpoint: { mode: 'explicit' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: data } },
    ];
    expect(inputFor({ role: 'developer', content: 'Be brief.' }, { role: 'user', name: 'Ada', content })).toEqual([
      { type: 'message', role: 'developer', content: 'Be brief.' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look', prompt_cache_breakpoint: { mode: 'explicit' } },
          { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
          { type: 'input_file', filename: 'a.pdf', file_data: data },
        ],
      },
    ]);
  });

  it('of the assistant are what it said and declined, as a client sends them back whole', () => {
    const nothing = { annotations: [], audio: null, function_call: null, reasoning_content: 'Hm' };
    expect(
      inputFor(
        { role: 'assistant', content: 'Yes', refusal: null, ...nothing },
        { role: 'assistant', content: null, refusal: 'No' },
        { role: 'assistant', content: '' },
      ),
    ).toEqual([
      { type: 'message', role: 'assistant', phase: 'final_answer', content: [{ type: 'output_text', text: 'Yes' }] },
      { type: 'message', role: 'assistant', phase: 'final_answer', content: [{ type: 'refusal', refusal: 'No' }] },
    ]);
  });

  it('of the assistant are commentary between calls, and its answer where none follow', () => {
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    const input = inputFor(
      { role: 'assistant', content: 'I look.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'x' },
      { role: 'assistant', content: 'It is x.' },
    );
    const said = (input as readonly JsonObject[]).filter(({ type }) => type === 'message');
    expect(said.map(({ phase }) => phase)).toEqual(['commentary', 'final_answer']);
  });

  it('get their reasoning back in its place, without an id, and none that nothing follows', () => {
    const detail = (data: string, index: number) => ({
      type: 'reasoning.encrypted',
      data,
      format: 'openai-responses-v1',
      index,
    });
    const calls = ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } }));
    const details = [detail('one', 0), detail('two', 2), { type: 'reasoning.text', text: 'x' }, detail('three', 9)];
    const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'x' }));
    const input = inputFor(HI, { role: 'assistant', tool_calls: calls, reasoning_details: details }, ...results);
    const reasoning = (data: string) => ({ type: 'reasoning', summary: [], encrypted_content: data });
    expect((input as readonly JsonObject[]).slice(1, 5)).toEqual([
      reasoning('one'),
      expect.objectContaining({ type: 'function_call', call_id: 'a' }),
      reasoning('two'),
      expect.objectContaining({ type: 'function_call', call_id: 'b' }),
    ]);
    expect(JSON.stringify(input)).not.toContain('three');
  });

  it.each<[string, JsonObject]>([
    ['messages[0].content[0]', { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA==' } }] }],
    ['messages[0].content', { role: 'user', content: 7 }],
    ['messages[0].role', { role: 'function', name: 'f', content: 'x' }],
    ['messages[0].audio', { role: 'assistant', audio: { id: 'audio_1' } }],
    ['messages[0].tool_calls[0]', { role: 'assistant', tool_calls: [{ id: 'x', type: 'mcp' }] }],
  ])('are refused at %s', (param, message) => expect(refused({ messages: [message] })).toBe(param));
});
