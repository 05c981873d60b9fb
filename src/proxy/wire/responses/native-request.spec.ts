import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { readResponsesRequest, withOwnThoughts } from './native-request.js';

const FUNCTION = { type: 'function', name: 'f', parameters: { type: 'object' } };
const GRAMMAR = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
const PATCH = { type: 'custom', name: 'apply_patch', format: GRAMMAR };
const SEARCH = { type: 'web_search', external_web_access: false };
const NAMESPACE = { type: 'namespace', name: 'multi_agent_v1', description: '', tools: [FUNCTION, PATCH] };

const read = (fields: JsonObject) => readResponsesRequest({ model: 'gpt-5.5', input: 'Hi', ...fields });
const refusal = (fields: JsonObject): string => {
  try {
    read(fields);
  } catch (error) {
    if (error instanceof Untranslatable) return error.param ?? '';
    throw error;
  }
  throw new Error('it was not refused');
};

it('takes what agents say to each other, as text', () => {
  const content = [
    { type: 'input_text', text: 'Sender: /root' },
    { type: 'encrypted_content', encrypted_content: 'gAAAAAB' },
  ];
  const input = [{ type: 'agent_message', author: '/root', recipient: '/root/worker', content }];
  const { body, parts } = read({ input });
  expect(body['input']).toEqual(input);
  expect(parts).toEqual([
    { type: 'text', text: 'Sender: /root' },
    { type: 'text', text: 'gAAAAAB' },
  ]);
});

describe('tools of a Responses request', () => {
  it.each<JsonObject>([
    FUNCTION,
    PATCH,
    NAMESPACE,
    { type: 'apply_patch' },
    { type: 'local_shell' },
    { type: 'shell', environment: { type: 'local' } },
    { type: 'computer' },
    { type: 'tool_search', execution: 'client', parameters: {} },
    { type: 'tool_search' },
  ])('pass where the client runs them, or tokens are all they cost: %j', (tool) => {
    const item = { type: 'additional_tools', role: 'developer', tools: [tool] };
    const { body, leftOut } = read({ tools: [tool], input: [item] });
    expect({ tools: body['tools'], input: body['input'], leftOut }).toEqual({
      tools: [tool],
      input: [item],
      leftOut: [],
    });
  });

  it.each<JsonObject>([
    { type: 'file_search', vector_store_ids: ['vs_1'] },
    { type: 'code_interpreter', container: { type: 'auto' } },
    { type: 'mcp', server_label: 'x', server_url: 'https://example.com' },
    { type: 'shell', environment: { type: 'container_auto' } },
    { type: 'shell' },
    { type: 'programmatic_tool_calling' },
    { type: 'not_known_yet' },
    // What is left out is told in a header, which can't have all that a client sends.
    { type: 'web_search_日本' },
    { type: 'web_search\r\nx-tokenhub-cost: 0' },
    {},
  ])('are refused by name where the provider runs them: %j', (tool) => {
    expect(refusal({ tools: [FUNCTION, tool] })).toBe('tools[1]');
    const item = { type: 'additional_tools', role: 'developer', tools: [tool] };
    expect(refusal({ input: [{ role: 'user', content: 'Hi' }, item] })).toBe('input[1].tools[0]');
  });

  it('are left out where they are searches or images beside others, wherever they stand', () => {
    const image = { type: 'image_generation' };
    const items = [
      { type: 'additional_tools', role: 'developer', tools: [SEARCH] },
      { type: 'additional_tools', role: 'developer', tools: [image, NAMESPACE] },
    ];
    const choice = { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }, SEARCH] };
    const { body, leftOut } = read({ tools: [FUNCTION, SEARCH], input: items, tool_choice: choice });
    expect(leftOut).toEqual(['web_search', 'image_generation']);
    expect(body).toEqual({
      model: 'gpt-5.5',
      tools: [FUNCTION],
      input: [{ type: 'additional_tools', role: 'developer', tools: [NAMESPACE] }],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    });
  });

  it.each<[JsonObject, string]>([
    [{ tools: [SEARCH] }, 'tools[0]'],
    [{ input: [{ type: 'additional_tools', tools: [SEARCH] }] }, 'input[0].tools[0]'],
    [{ tools: [FUNCTION, SEARCH], tool_choice: { type: 'web_search' } }, 'tool_choice'],
    [{ tools: [FUNCTION, SEARCH], tool_choice: { type: 'allowed_tools', tools: [SEARCH] } }, 'tool_choice.tools'],
  ])('that must be used are not left out: %j', (fields, at) => expect(refusal(fields)).toBe(at));
});

it('tells Codex how to shorten a conversation by itself', () =>
  expect(() => read({ input: [{ role: 'user', content: 'Hi' }, { type: 'compaction_trigger' }] })).toThrow(
    'Codex does so if its provider has another "name" than OpenAI',
  ));

describe('what rests on a provider’s state, or has no known price,', () => {
  const part = (fields: JsonObject) => ({ input: [{ role: 'user', content: [{ type: 'input_file', ...fields }] }] });
  it.each<[JsonObject, string]>([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ background: true }, 'background'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0]'],
    [{ input: [{ type: 'compaction_trigger' }] }, 'input[0]'],
    [{ input: [{ type: 'mcp_call' }] }, 'input[0]'],
    [{ input: [{ type: 'not_known_yet' }] }, 'input[0]'],
    [part({ file_id: 'file_1' }), 'input[0].content[0].file_id'],
    [
      part({ prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } }),
      'input[0].content[0].prompt_cache_breakpoint.ttl',
    ],
    [{ prompt_cache_options: { ttl: '12h' } }, 'prompt_cache_options.ttl'],
    [{ prompt_cache_options: { comparison_response_id: 'resp_1' } }, 'prompt_cache_options.comparison_response_id'],
    [{ search_parameters: { mode: 'on' } }, 'search_parameters'],
    [{ enable_search: true }, 'enable_search'],
    [{ service_tier: 'priority' }, 'service_tier'],
    [{ service_tier: 'flex' }, 'service_tier'],
    [{ reasoning: { mode: 'pro' } }, 'reasoning.mode'],
    [{ max_output_tokens: 1.5 }, 'max_output_tokens'],
    [{ model: '' }, 'model'],
    [{ input: null }, 'input'],
  ])('is refused by name: %j', (fields, at) => expect(refusal(fields)).toBe(at));

  it.each<JsonObject>([
    { service_tier: 'auto' },
    { service_tier: 'default' },
    { service_tier: null },
    { text: { format: { type: 'json_schema', name: 'a', schema: { properties: { web_search: {} } } } } },
    { store: true, background: false, previous_response_id: null },
    { prompt_cache_options: { mode: 'explicit', ttl: '30m' } },
    { reasoning: { effort: 'low', context: 'all_turns' }, include: ['reasoning.encrypted_content'] },
    { client_metadata: { x: '1' }, stream_options: { include_obfuscation: false } },
  ])('where it changes nothing passes: %j', (fields) => expect(read(fields).body).toMatchObject(fields));
});

describe('thoughts in the input', () => {
  const thought = (fields: JsonObject) => ({ type: 'reasoning', id: 'rs_1', summary: [], ...fields });
  const foreign = Buffer.from('[{"type":"reasoning.text","text":"Hm."}]').toString('base64');
  const content = [{ type: 'reasoning_text', text: 'Hm.' }];
  const own = thought({ content: [], encrypted_content: 'gAAAAA' });
  const told = thought({ content, encrypted_content: null });
  const both = thought({ content, encrypted_content: 'gAAAAA' });
  it.each<[string, JsonObject, openAi: readonly JsonObject[], others: readonly JsonObject[]]>([
    ['encrypted by the provider', own, [own], [own]],
    ['told in words, as other makers do', told, [], [told]],
    ['told both ways', both, [thought({ encrypted_content: 'gAAAAA' })], [both]],
    ['that the provider would look for among what it stored', thought({}), [], []],
    ['that the provider would look for, and said so', thought({ encrypted_content: null }), [], []],
    ['of another maker’s model', thought({ encrypted_content: foreign }), [], []],
  ])('%s: %j', (_, item, openAi, others) => {
    const said = { role: 'user', content: 'Hi' };
    const { body } = read({ input: [item, said] });
    expect(body['input']).toEqual([item, said]);
    expect(withOwnThoughts(body, true)['input']).toEqual([...openAi, said]);
    expect(withOwnThoughts(body, false)['input']).toEqual([...others, said]);
  });
});

describe('the size of a Responses request', () => {
  const url = 'data:image/png;base64,AAAA';
  const image = { type: 'image_url', image_url: { url } };
  const partsOf = (content: JsonValue) => read({ input: [{ role: 'user', content }] }).parts;

  it.each<[JsonObject, JsonObject]>([
    [
      { type: 'input_text', text: 'a' },
      { type: 'text', text: 'a' },
    ],
    [{ type: 'input_image', image_url: url, detail: 'original' }, image],
    [
      { type: 'input_file', file_url: 'https://example.com/a.pdf' },
      { type: 'file', file: { file_data: null } },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
    ],
    [
      { type: 'input_video', url: 'https://example.com/a.mp4' },
      { type: 'input_video', url: 'https://example.com/a.mp4' },
    ],
  ])('is told in the parts of a chat: %j', (part, told) => expect(partsOf([part])).toEqual([told]));

  it('counts what results show, and the screenshots of a computer', () => {
    const call_id = 'call_1';
    const shot = { type: 'computer_screenshot', image_url: url };
    const input = [
      { type: 'function_call_output', call_id, output: [{ type: 'input_image', image_url: url }] },
      { type: 'computer_call_output', call_id, output: shot },
      { type: 'custom_tool_call_output', call_id, output: 'done' },
    ];
    expect(read({ input }).parts).toEqual([image, image]);
  });

  it('grows with the tools, and has no bound where the provider searches them', () => {
    const overhead = (tools: readonly JsonObject[]) => read({ tools: [...tools] }).overheadTokens;
    expect(overhead([NAMESPACE])).toBe(3 * 100);
    expect(overhead([{ type: 'computer' }])).toBe(100 + 4_000);
    expect(overhead([{ type: 'tool_search' }])).toBe(Infinity);
  });
});
