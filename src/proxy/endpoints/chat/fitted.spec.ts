import { describe, expect, it } from 'vitest';
import { parseChatRequest } from '../../../../sandbox/provider/openai/chat-request.js';
import { channel } from '../../../../test/support/proxy/opening.js';
import type { JsonObject } from '../../../kernel/index.js';
import { SHIPPED } from '../../../pricing/index.js';
import { fitted } from './fitted.js';
import { RESPONSES } from './responses.js';

const modelOf = (id: string) => {
  const model = SHIPPED.models.find((one) => one.id === id);
  if (model === undefined) throw new Error(`There is no ${id}.`);
  return model;
};
const OPENAI: Parameters<typeof fitted>[2] = {
  format: 'openai',
  responses: true,
  baseUrl: 'https://api.openai.com/v1',
};
const OTHER: typeof OPENAI = { format: 'openai', baseUrl: 'https://llm.example.com/v1' };
const messages = [
  { role: 'developer', content: 'Be brief.' },
  { role: 'user', content: 'Hi' },
];
const rolesFor = (id: string, at = OTHER) =>
  (fitted({ messages }, modelOf(id), at, false)['messages'] as typeof messages).map(({ role }) => role);

describe('the role developer', () => {
  it('is OpenAI’s, and the system elsewhere', () => {
    expect(rolesFor('gpt-4o')).toEqual(['developer', 'user']);
    for (const id of ['deepseek-v4-pro', 'kimi-k3', 'qwen3.8-max'])
      expect(rolesFor(id), id).toEqual(['system', 'user']);
  });

  it('stays where the request is told in another format, which knows both', () =>
    expect(rolesFor('claude-haiku-4-5', { ...OTHER, format: 'anthropic' })).toEqual(['developer', 'user']));

  it('is one system at the start with others where a model takes one', () => {
    const start = [{ role: 'system', content: [{ type: 'text', text: 'Be kind.' }] }, ...messages];
    const told = (id: string) => fitted({ messages: start }, modelOf(id), OTHER, false)['messages'];
    expect(told('qwen3.8-max')).toEqual([{ role: 'system', content: 'Be kind.\n\nBe brief.' }, messages[1]]);
    expect(told('kimi-k3')).toHaveLength(3);
    const marked = { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } };
    const [first] = fitted(
      { messages: [{ role: 'system', content: [marked] }, ...messages] },
      modelOf('qwen3.8-max'),
      OTHER,
      false,
    )['messages'] as JsonObject[];
    expect(first?.['content']).toEqual([marked, { type: 'text', text: 'Be brief.' }]);
  });

  it('that is not there leaves the body alone', () => {
    const body = { messages: messages.slice(1) };
    expect(fitted(body, modelOf('deepseek-v4-pro'), OTHER, false)).toBe(body);
  });
});

describe('a chat with functions, for a model of OpenAI that calls them only while it does not reason,', () => {
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const effortOf = (id: string, { more = {}, at = OPENAI, isTranslated = true } = {}) =>
    fitted({ messages, tools, reasoning_effort: 'high', ...more }, modelOf(id), at, isTranslated)['reasoning_effort'];

  it('is told not to where its client can’t say so', () => {
    for (const id of ['gpt-5.4', 'gpt-5.6-sol', 'gpt-6-sol', 'gpt-6-luna', 'gpt-6.1-terra'])
      expect(effortOf(id), id).toBe('none');
    const body = { messages, tools };
    expect(fitted(body, modelOf('gpt-5.6-luna'), OPENAI, true)).toEqual({ ...body, reasoning_effort: 'none' });
  });

  it('stays as it is otherwise', () => {
    for (const id of ['gpt-5', 'gpt-5.1', 'gpt-6-astra', 'gpt-6.1-sol', 'gpt-6.2-sol'])
      expect(effortOf(id), id).toBe('high');
    expect(effortOf('gpt-5.6-sol', { isTranslated: false })).toBe('high');
    expect(effortOf('gpt-5.6-sol', { at: OTHER })).toBe('high');
    expect(effortOf('gpt-5.6-sol', { more: { tools: [] } })).toBe('high');
  });
});

describe('what was told of reasoning', () => {
  const told = {
    role: 'assistant',
    content: 'Yes',
    reasoning_content: 'Hm',
    reasoning: 'Hm',
    reasoning_text: 'Hm',
    reasoning_details: [{ type: 'reasoning.encrypted', data: 'x', format: 'openai-responses-v1', index: 0 }],
  };
  const body = { messages: [...messages, told], reasoning: { summary: 'auto' } };
  const fit = (id: string, at = OPENAI, isTranslated = false) => fitted(body, modelOf(id), at, isTranslated);

  it('does not go back to OpenAI in a chat, which does not know it', () => {
    const plain = [...messages, { role: 'assistant', content: 'Yes' }];
    expect(fit('gpt-5.6-sol')).toEqual({ ...body, messages: plain });
    expect(fit('gpt-5.6-sol', OTHER, true)).toEqual({ messages: plain });
  });

  describe('beside a call, where a maker refuses it without', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const asked = (more: JsonObject = {}) => ({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: null, tool_calls: [call], ...more },
        { role: 'tool', tool_call_id: 'call_1', content: '1' },
      ],
    });
    const sent = (id: string, chat: JsonObject, at = OTHER) => fitted(chat, modelOf(id), at, false);

    it.each([
      ['kimi-k3', {}, ' '],
      ['kimi-k3', { reasoning_content: '' }, ' '],
      ['deepseek-v4-pro', { reasoning_content: null }, ''],
      ['kimi-k3', { reasoning: 'Hm' }, 'Hm'],
    ])('is there for %s: %j', (id, kept, reasoning_content) => {
      const chat = sent(id, asked(kept));
      expect(chat).toEqual(asked({ ...kept, reasoning_content }));
      expect(() => parseChatRequest({ model: id, ...chat })).not.toThrow();
    });

    it.each<[string, JsonObject, typeof OPENAI]>([
      ['kimi-k3', asked({ reasoning_content: 'Hm' }), OTHER],
      ['kimi-k3', { ...asked(), thinking: { type: 'disabled' } }, OTHER],
      ['kimi-k3', asked(), { ...OTHER, baseUrl: 'https://api.groq.com/openai/v1' }],
      ['glm-5', asked(), OTHER],
      ['deepseek-chat', asked(), OTHER],
    ])('and nothing else where it is not: %s', (id, chat, at) => expect(sent(id, chat, at)).toEqual(chat));
  });

  it('does not go to Mistral, whose thoughts are parts of the content', () => {
    const model = { ...modelOf('glm-5'), id: 'magistral-medium-latest', maker: 'mistral' };
    const parts = { role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] };
    const asked = { messages: [...messages.slice(1), told, parts] };
    const plain = [...messages.slice(1), { role: 'assistant', content: 'Yes' }, parts];
    expect(fitted(asked, model, OTHER, false)).toEqual({ messages: plain });
  });

  it.each(['https://api.groq.com/openai/v1', 'https://api.cerebras.ai/v1'])(
    'goes back under the name that its provider takes: %s',
    (baseUrl) => {
      const plain = { role: 'assistant', content: 'Yes' };
      const blank = { ...plain, reasoning_content: ' ' };
      const switched = { messages: [told, blank, plain], thinking: { type: 'enabled' }, reasoning_effort: 'high' };
      for (const isTranslated of [true, false])
        expect(fitted(switched, modelOf('kimi-k3'), { ...OTHER, baseUrl }, isTranslated)).toEqual({
          messages: [{ ...plain, reasoning: 'Hm' }, plain, plain],
          reasoning_effort: 'high',
        });
    },
  );

  it('goes with no hint that Mistral does not know', () => {
    const model = { ...modelOf('glm-5'), id: 'mistral-large-latest', maker: 'mistral' };
    const hints = { user: 'u', safety_identifier: 's', service_tier: 'auto', store: false, verbosity: 'low' };
    const asked = { model: model.id, messages: messages.slice(1), max_tokens: 9, prompt_cache_key: 'k' };
    expect(() => parseChatRequest({ ...asked, ...hints })).toThrow('Extra inputs are not permitted');
    const sent = fitted({ ...asked, ...hints }, model, OTHER, true);
    expect(sent).toEqual(asked);
    expect(() => parseChatRequest(sent)).not.toThrow();
  });

  it('stays where a client tells it to another provider itself', () => {
    expect(fit('gpt-5.6-sol', OTHER)).toBe(body);
    expect(fit('glm-5', OTHER)['messages']).toContain(told);
  });
});

describe('what is known of a prompt in the cache', () => {
  const hints = { prompt_cache_key: 'k', prompt_cache_options: { mode: 'auto' }, prompt_cache_retention: '24h' };
  const body = { messages: messages.slice(1), ...hints };
  const fit = (baseUrl: string) => fitted(body, modelOf('kimi-k3'), { ...OTHER, baseUrl }, false);

  it.each([
    'https://api.groq.com/openai/v1',
    'https://integrate.api.nvidia.com/v1',
    'https://generativelanguage.googleapis.com/v1beta/openai',
    'https://ark.cn-beijing.volces.com/api/v3',
    'https://inference.baseten.co/v1',
    'https://one.services.ai.azure.com/openai/v1',
  ])('does not go to a provider that refuses it: %s', (baseUrl) =>
    expect(fit(baseUrl)).toEqual({ messages: body.messages }),
  );

  it.each([
    'https://api.openai.com/v1',
    'https://api.moonshot.ai/v1',
    'https://api.mistral.ai/v1',
    'https://api.cerebras.ai/v1',
    'http://vllm:8000/v1',
  ])('goes to others: %s', (baseUrl) => expect(fit(baseUrl)).toBe(body));

  it('goes to OpenAI’s own models on Azure, and to no other', () => {
    const azure = { ...OTHER, baseUrl: 'https://one.openai.azure.com/openai/v1' };
    expect(fitted(body, modelOf('gpt-5.6-sol'), azure, false)).toBe(body);
    const switched = { ...body, thinking: { type: 'enabled' } };
    for (const at of [azure, { ...OTHER, baseUrl: 'https://integrate.api.nvidia.com/v1' }])
      expect(fitted(switched, modelOf('deepseek-v4-pro'), at, true)).toEqual({ messages: body.messages });
  });

  it.each([
    ['https://ark.cn-beijing.volces.com/api/v3', undefined],
    ['https://llm.example.com/v1', 'k'],
  ])('is no other in a response: %s', async (baseUrl, key) => {
    const response = { model: 'deepseek-v4-pro', input: 'Hi', prompt_cache_key: 'k' };
    const call = await RESPONSES.read(Buffer.from(JSON.stringify(response)), {});
    const route = { channel: { ...channel('a'), baseUrl, responses: true }, upstreamModel: 'm' };
    const { body: sent } = await call.exchange(modelOf(response.model), route).send(undefined);
    expect((JSON.parse(String(sent)) as typeof response).prompt_cache_key).toBe(key);
  });
});

describe('a tool', () => {
  it('is in JSON Schema as Kimi takes it', () => {
    const anyOf = [{ type: 'object', properties: {} }];
    const toolsFor = (id: string) =>
      fitted(
        {
          messages,
          tools: [
            { type: 'function', function: { name: 'f', parameters: { type: 'object', anyOf } } },
            { type: 'function', function: { name: 'g' } },
            { type: 'builtin_function', function: { name: '$web_search' } },
          ],
        },
        modelOf(id),
        OTHER,
        false,
      )['tools'];
    expect(toolsFor('deepseek-v4-pro')).toMatchObject([
      { function: { parameters: { type: 'object', anyOf } } },
      {},
      {},
    ]);
    expect(toolsFor('kimi-k3')).toEqual([
      { type: 'function', function: { name: 'f', parameters: { anyOf } } },
      { type: 'function', function: { name: 'g' } },
      { type: 'builtin_function', function: { name: '$web_search' } },
    ]);
    expect(fitted({ messages, tools: 'f' }, modelOf('kimi-k3'), OTHER, true)['tools']).toBe('f');
  });
});
