import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { readMessagesRequest } from '../native-request.js';
import { messageOf } from './answer.js';
import { chatRequest } from './request.js';

const HI = { role: 'user', content: 'Hi' };
const translate = (body: JsonObject) => chatRequest({ max_tokens: 100, messages: [HI], ...body });
const messagesFor = (body: JsonObject) => translate(body)['messages'];

describe('thinking that is asked for', () => {
  const [on, off] = [{ type: 'enabled', budget_tokens: 10_000 }, { type: 'disabled' }];
  it.each<[string, JsonObject, JsonObject]>([
    ['gpt-5', { thinking: on }, { reasoning_effort: 'medium' }],
    ['gpt-5', { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, { reasoning_effort: 'high' }],
    ['gpt-5', { output_config: { effort: 'low' } }, { reasoning_effort: 'low' }],
    ['gpt-5', { thinking: { type: 'adaptive' } }, { reasoning_effort: 'medium' }],
    ['gpt-5', { thinking: off }, {}],
    ['gpt-4o', { thinking: on, output_config: { effort: 'high' } }, {}],
    ['o3', { thinking: { ...on, budget_tokens: 30_000 } }, { reasoning_effort: 'high' }],
    ['gemini-2.5-pro', { thinking: { ...on, budget_tokens: 1_024 } }, { reasoning_effort: 'low' }],
    ['deepseek-v4-pro', { thinking: on }, { thinking: { type: 'enabled' } }],
    ['deepseek-reasoner', { thinking: on }, {}],
    ['glm-4.6', { thinking: off }, { thinking: { type: 'disabled' } }],
    ['kimi-k3', {}, {}],
    ['qwen-plus', { thinking: on }, {}],
  ])('is asked of %s in its maker’s words', (model, body, expected) => {
    const { reasoning_effort, thinking } = translate({ model, ...body });
    expect({ reasoning_effort, thinking }).toEqual(expected);
  });

  it('is to be seen, which a model of OpenAI must be asked for', () => {
    const summaryOf = (model: string, thinking: JsonObject) => translate({ model, thinking })['reasoning'];
    expect(summaryOf('gpt-6-astra', { type: 'adaptive' })).toEqual({ summary: 'auto' });
    expect(summaryOf('gpt-6-astra', { type: 'adaptive', display: 'omitted' })).toBeUndefined();
    expect(summaryOf('gpt-6-astra', off)).toBeUndefined();
    expect(summaryOf('gpt-4o', on)).toBeUndefined();
    expect(summaryOf('gemini-3.1-pro-preview', on)).toBeUndefined();
  });

  it('goes back to OpenAI as it was encrypted there, and to no one else', () => {
    const detail = { type: 'reasoning.encrypted', data: 'gAAA', format: 'openai-responses-v1', index: 0 };
    const message = { role: 'assistant', content: 'Yes', reasoning_details: [detail] };
    const { content } = messageOf({ choices: [{ message }] }, {});
    expect(content).toEqual([
      { type: 'thinking', thinking: '', signature: expect.any(String) },
      { type: 'text', text: 'Yes' },
    ]);
    expect(messageOf({ choices: [{ message }] }, { thinking: off })['content']).toEqual([
      { type: 'text', text: 'Yes' },
    ]);
    const messages = [HI, { role: 'assistant', content: content ?? null }];
    expect(messagesFor({ model: 'gpt-6-astra', messages })).toContainEqual(message);
    expect(JSON.stringify(messagesFor({ model: 'deepseek-v4-pro', messages }))).not.toContain('gAAA');
    const native = readMessagesRequest({ model: 'claude-opus-5-5', max_tokens: 9, messages }, 100).body;
    expect(native['messages']).toEqual([HI, { role: 'assistant', content: [{ type: 'text', text: 'Yes' }] }]);
  });

  it('goes back to those who told it, and to no one who would refuse it', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'text', text: 'Yes' },
    ];
    const messages = [HI, { role: 'assistant', content }];
    expect(messagesFor({ model: 'deepseek-v4-pro', messages })).toContainEqual({
      role: 'assistant',
      content: 'Yes',
      reasoning_content: 'Hm',
    });
    expect(messagesFor({ model: 'gpt-5', messages })).toContainEqual({ role: 'assistant', content: 'Yes' });
  });

  it.each([
    ['kimi-k3', { reasoning_content: ' ' }],
    ['kimi-k2.7-code', { reasoning_content: ' ' }],
    ['deepseek-v4-pro', { reasoning_content: '' }],
    ['deepseek-chat', {}],
    ['kimi-k2', {}],
    ['glm-5', {}],
    ['gpt-5', {}],
  ])('is made up for %s where another model called without it', (model, expected) => {
    const content = [
      { type: 'thinking', thinking: '', signature: 'of another maker' },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
    ];
    const [, called] = messagesFor({ model, messages: [HI, { role: 'assistant', content }] }) as [unknown, JsonObject];
    const { reasoning_content } = called;
    expect({ ...(reasoning_content !== undefined && { reasoning_content }) }).toEqual(expected);
  });
});
