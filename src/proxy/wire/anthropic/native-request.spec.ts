import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { readMessagesRequest } from './native-request.js';

const HI = { role: 'user', content: 'Hi' };
const bodyOf = (more: JsonObject = {}): JsonObject => ({
  model: 'claude-opus-5-5',
  max_tokens: 100,
  messages: [HI],
  ...more,
});
const read = (more: JsonObject = {}) => {
  const body = bodyOf(more);
  return readMessagesRequest(body, Buffer.byteLength(JSON.stringify(body)));
};
const withBlocks = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });

function refusalOf(more: JsonObject): string {
  try {
    read(more);
    return 'no refusal';
  } catch (error) {
    if (error instanceof Untranslatable) return `${error.param}: ${error.message}`;
    throw error;
  }
}

describe('a request that goes to Anthropic as it is', () => {
  it('says which model, how much, and whether as a stream', () => {
    expect(read()).toMatchObject({
      model: 'claude-opus-5-5',
      maxTokens: 100,
      stream: false,
      images: 0,
      pdfPages: 0,
      cacheWrites: 'none',
    });
    expect(read({ stream: true }).stream).toBe(true);
    expect(read({ stream: null }).stream).toBe(false);
  });

  it('passes with fields that are not known here', () => {
    const more = {
      context_management: { edits: [{ type: 'clear_thinking_20251015' }] },
      fresh_field: 1,
      speed: 'standard',
    };
    expect(read(more).body).toEqual(bodyOf(more));
  });

  it('counts images and pages wherever they stand, and the rest as text', () => {
    const data = 'A'.repeat(4_000);
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
    const url = { type: 'image', source: { type: 'url', url: 'https://a.b/c.png' } };
    const pdf = Buffer.from('%PDF-1.4 << /Type /Page >> << /Type /Page >>').toString('base64');
    const document = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } };
    const result = { type: 'tool_result', tool_use_id: 't', content: [image, document] };
    const inDocument = { type: 'document', source: { type: 'content', content: [url] } };
    const plain = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'text' } };
    const request = read(withBlocks(image, url, document, result, inDocument, plain));
    expect(request).toMatchObject({ images: 4, pdfPages: 4 });
    const size = Buffer.byteLength(JSON.stringify(request.body));
    expect(request.textBytes).toBe(size - 2 * data.length - 2 * pdf.length);
  });

  it.each<[string, JsonObject]>([
    ['a file from elsewhere', { type: 'document', source: { type: 'url', url: 'https://a.b/c.pdf' } }],
    ['a document from nowhere', { type: 'document' }],
    ['an image from nowhere', { type: 'image', source: { type: 'session', id: 'a' } }],
    ['a block yet unknown', { type: 'video', source: { type: 'base64', data: 'AAAA' } }],
    ['one in a result', { type: 'tool_result', tool_use_id: 't', content: [{ type: 'video' }] }],
    [
      'one that a tool brought',
      {
        type: 'web_fetch_tool_result',
        tool_use_id: 't',
        content: { type: 'web_fetch_result', content: { type: 'document', source: { type: 'url' } } },
      },
    ],
  ])('takes %s for anything', (_what, block) => expect(read(withBlocks(block)).unbounded).toBe(true));

  it('counts the pages that a fetch brought', () => {
    const data = Buffer.from('%PDF-1.4 << /Type /Page >>').toString('base64');
    const document = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } };
    const content = { type: 'web_fetch_result', url: 'https://a.b/c.pdf', content: document };
    const request = read(withBlocks({ type: 'web_fetch_tool_result', tool_use_id: 't', content }));
    expect(request).toMatchObject({ pdfPages: 1, unbounded: false });
  });

  it('counts the definition of a tool as often as it is referred to', () => {
    const deferred = { name: 'weather', input_schema: {}, description: 'x'.repeat(1_000), defer_loading: true };
    const reference = { type: 'tool_reference', tool_name: 'weather' };
    const found = { type: 'tool_search_tool_search_result', tool_references: [reference, reference] };
    const result = { type: 'tool_search_tool_result', tool_use_id: 's', content: found };
    const own = { type: 'tool_result', tool_use_id: 't', content: [reference] };
    const overhead = (...blocks: JsonObject[]) => read({ tools: [deferred], ...withBlocks(...blocks) }).overheadTokens;
    const once = overhead(own) - overhead();
    expect(once).toBe(JSON.stringify(deferred).length);
    expect(overhead(result, own)).toBe(overhead() + 3 * once);
  });

  it('may be read in rounds where tools run at Anthropic', () => {
    const [small, large] = [1, 1_000].map((size) => ({ name: 'a', input_schema: {}, description: 'x'.repeat(size) }));
    const search = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' };
    const fetches = { type: 'web_fetch_20250910', name: 'web_fetch' };
    const rounds = (...tools: (JsonObject | undefined)[]) => read({ tools: tools as JsonObject[] }).rounds;
    expect(rounds(small, large)).toEqual({ most: 1, foundTokens: 0 });
    expect(rounds(small, large, search)).toEqual({ most: 10, foundTokens: 5 * JSON.stringify(large).length });
    expect(rounds(small, fetches)).toEqual({ most: 10, foundTokens: Infinity });
    const added = { type: 'tool_addition', tool: { type: 'tool_definition', definition: fetches } };
    expect(read(withBlocks(added)).rounds.most).toBe(10);
  });

  it('leaves room for what Anthropic adds to explain tools', () => {
    const [own, known] = [
      { name: 'a', input_schema: {} },
      { type: 'bash_20250124', name: 'bash' },
    ];
    const overhead = (tools: readonly JsonObject[]) => read({ tools }).overheadTokens;
    expect([overhead([]), overhead([own]), overhead([own, known])]).toEqual([500, 1_500, 5_500]);
  });

  it.each<['none' | '5m' | '1h', JsonObject]>([
    ['5m', { cache_control: { type: 'ephemeral' } }],
    ['5m', { system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '5m' } }] }],
    ['1h', { tools: [{ name: 'a', input_schema: {}, cache_control: { type: 'ephemeral', ttl: '1h' } }] }],
    ['1h', withBlocks({ type: 'tool_result', content: [{ type: 'text', text: 'a', cache_control: { ttl: '2d' } }] })],
    ['none', withBlocks({ type: 'text', text: '"cache_control":{"ttl":"1h"}', cache_control: null })],
  ])('may write to the cache for %s', (life, more) => expect(read(more).cacheWrites).toBe(life));

  it('has each id of a call once', () => {
    const turn = (id: string) => [
      { role: 'assistant', content: [{ type: 'tool_use', id, name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'done' }] },
    ];
    const messages = [HI, ...turn('call_0'), ...turn('call_0')];
    expect(read({ messages }).body['messages']).toEqual([HI, ...turn('call_0'), ...turn('call_0_2')]);
  });

  it('has ids of calls that Anthropic takes', () => {
    const call = (id: string) => ({ role: 'assistant', content: [{ type: 'tool_use', id, name: 'a', input: {} }] });
    const result = (id: string) => ({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: 'b' }],
    });
    const sent = (id: string) => read({ messages: [HI, call(id), result(id)] }).body['messages'];
    expect(sent('call_1__thought__c2ln+/==')).toEqual([HI, call('call_1'), result('call_1')]);
    expect(sent('functions.a:0')).toEqual([HI, call('functions_a_0'), result('functions_a_0')]);
  });

  it('goes without thinking that Anthropic did not sign', () => {
    const [unsigned, text] = [
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'text', text: 'Yes' },
    ];
    const signed = { ...unsigned, signature: 'EqQB' };
    const sent = (...content: JsonObject[]) =>
      read({ messages: [HI, { role: 'assistant', content }, HI] }).body['messages'];
    expect(sent(unsigned, text)).toEqual([HI, { role: 'assistant', content: [text] }, HI]);
    expect(sent(signed, text)).toEqual([HI, { role: 'assistant', content: [signed, text] }, HI]);
    expect(sent(unsigned), 'an answer that was cut off while it thought').toEqual([HI, HI]);
  });

  it('goes without citations that Anthropic can’t read', () => {
    const text = { type: 'text', text: 'Yes' };
    const foreign = { type: 'web_search_result_location', url: 'https://a.b', encrypted_index: '' };
    const own = { ...foreign, encrypted_index: 'Eo8B' };
    const document = { type: 'char_location', document_index: 0 };
    const sent = (citations: JsonObject[] | null) =>
      read({ messages: [HI, { role: 'assistant', content: [{ ...text, citations }] }, HI] }).body['messages'];
    const told = (block: JsonObject) => [HI, { role: 'assistant', content: [block] }, HI];
    expect(sent([foreign])).toEqual(told(text));
    expect(sent([foreign, own, document])).toEqual(told({ ...text, citations: [own, document] }));
    expect(sent(null)).toEqual(told({ ...text, citations: null }));
  });
});

describe('refused, by the name of the field, is', () => {
  const nested = (depth: number): JsonObject =>
    depth === 0 ? { type: 'text', text: 'a' } : { type: 'tool_result', content: [nested(depth - 1)] };
  const added = (definition: JsonObject) =>
    withBlocks({ type: 'tool_addition', tool: { type: 'tool_definition', definition } });
  it.each<[string, JsonObject, RegExp]>([
    ['no model', { model: '' }, /^model: /],
    ['no message', { messages: [] }, /^messages: /],
    ['no cap', { max_tokens: null }, /^max_tokens: /],
    ['a cap of nothing', { max_tokens: 0 }, /^max_tokens: .*at least 1/],
    ['a stream of no kind', { stream: 'yes' }, /^stream: /],
    ['fast mode', { speed: 'fast' }, /^speed: .*prices of its own/],
    ['a place', { inference_geo: 'us' }, /^inference_geo: .*price/],
    ['a container', { container: 'c_1' }, /^container: .*by the hour/],
    ['servers of tools', { mcp_servers: [] }, /^mcp_servers: /],
    ['another model to fall back on', { fallbacks: 'default' }, /^fallbacks: /],
    ['a conversation kept elsewhere', { thread: { type: 'continue' } }, /^thread: /],
    ['a compaction', { compaction: { type: 'summarize' } }, /^compaction: /],
    [
      'a compaction by edit',
      { context_management: { edits: [{ type: 'compact_20260112' }] } },
      /^context_management: /,
    ],
    ['a web search', { tools: [{ type: 'web_search_20260209', name: 'web_search' }] }, /^tools\[0\]: .*billed apart/],
    [
      'a fetch that runs code',
      { tools: [{ type: 'web_fetch_20260318', name: 'web_fetch' }] },
      /^tools\[0\]: .*"allowed_callers": \["direct"\]/,
    ],
    ['another tier', { service_tier: 'priority' }, /^service_tier: .*prices of their own/],
    ['another maker’s search', { enable_search: true }, /^enable_search: /],
    ['a tool yet unknown', { tools: [{ type: 'oracle_20270101' }] }, /^tools\[0\]: /],
    ['a web search on the way', added({ type: 'web_search_20260209' }), /^messages\[0\]\.content\[0\]: /],
    ['an uploaded file', withBlocks({ type: 'document', source: { type: 'file', file_id: 'f' } }), /uploaded files/],
    [
      'an uploaded file in a result',
      withBlocks({ type: 'tool_result', content: [{ type: 'image', source: { type: 'file' } }] }),
      /^messages\[0\]\.content\[0\]\.content\[0\]: /,
    ],
    ['content without end', withBlocks(nested(20)), /nested too deep/],
  ])('%s', (_, more, expected) => expect(refusalOf(more)).toMatch(expected));

  it.each<JsonObject>([
    { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
    { type: 'tool_search_tool_bm25', name: 'tool_search_tool_bm25' },
    { type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 5, citations: { enabled: true } },
    { type: 'web_fetch_20260318', name: 'web_fetch', allowed_callers: ['direct'] },
  ])('but not a tool of Anthropic that costs tokens alone: %j', (definition) => {
    expect(refusalOf({ tools: [definition] })).toBe('no refusal');
    expect(refusalOf(added(definition))).toBe('no refusal');
  });

  it.each(['auto', 'standard_only'])('but not the tier %s', (tier) =>
    expect(refusalOf({ service_tier: tier })).toBe('no refusal'),
  );

  it('but not a tool that the client runs', () => {
    expect(refusalOf(added({ name: 'a', input_schema: {} }))).toBe('no refusal');
    expect(refusalOf({ tools: [{ type: 'computer_toolset_20260801' }, { type: 'custom', name: 'a' }] })).toBe(
      'no refusal',
    );
  });
});
