import { describe, expect, it } from 'vitest';
import { SHIPPED } from '../../../pricing/index.js';
import { fitted } from './fitted.js';

const modelOf = (id: string) => {
  const model = SHIPPED.models.find((one) => one.id === id);
  if (model === undefined) throw new Error(`There is no ${id}.`);
  return model;
};
const OPENAI: Parameters<typeof fitted>[2] = { format: 'openai', responses: true };
const OTHER: typeof OPENAI = { format: 'openai' };
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
    expect(rolesFor('claude-haiku-4-5', { format: 'anthropic' })).toEqual(['developer', 'user']));

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
    reasoning_details: [{ type: 'reasoning.encrypted', data: 'x', format: 'openai-responses-v1', index: 0 }],
  };
  const body = { messages: [...messages, told], reasoning: { summary: 'auto' } };
  const fit = (id: string, at = OPENAI, isTranslated = false) => fitted(body, modelOf(id), at, isTranslated);

  it('does not go back to OpenAI in a chat, which does not know it', () => {
    const plain = [...messages, { role: 'assistant', content: 'Yes' }];
    expect(fit('gpt-5.6-sol')).toEqual({ ...body, messages: plain });
    expect(fit('gpt-5.6-sol', OTHER, true)).toEqual({ messages: plain });
  });

  it('does not go to Mistral, whose thoughts are parts of the content', () => {
    const model = { ...modelOf('glm-5'), id: 'magistral-medium-latest', maker: 'mistral' };
    const parts = { role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] };
    const asked = { messages: [...messages.slice(1), told, parts] };
    const plain = [...messages.slice(1), { role: 'assistant', content: 'Yes' }, parts];
    expect(fitted(asked, model, OTHER, false)).toEqual({ messages: plain });
  });

  it('stays where a client tells it to another provider itself', () => {
    expect(fit('gpt-5.6-sol', OTHER)).toBe(body);
    expect(fit('glm-5', OTHER)['messages']).toContain(told);
  });
});
