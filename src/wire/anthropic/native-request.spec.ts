import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { MAX_PDF_PAGES } from '../pdf-pages.js';
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

  it('takes a PDF from elsewhere for the longest', () => {
    const document = { type: 'document', source: { type: 'url', url: 'https://a.b/c.pdf' } };
    expect(read(withBlocks(document)).pdfPages).toBe(MAX_PDF_PAGES);
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

  it('but not a tool that the client runs', () => {
    expect(refusalOf(added({ name: 'a', input_schema: {} }))).toBe('no refusal');
    expect(refusalOf({ tools: [{ type: 'computer_toolset_20260801' }, { type: 'custom', name: 'a' }] })).toBe(
      'no refusal',
    );
  });
});
