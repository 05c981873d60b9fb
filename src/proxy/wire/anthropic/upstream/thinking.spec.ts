import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { messagesRequest } from './request.js';

const tools = [{ type: 'function', function: { name: 'now' } }];

/** What is sent about thinking for a chat. */
function sent(model: string, chat: JsonObject) {
  const messages = [{ role: 'user', content: 'Why?' }];
  const { thinking, output_config } = messagesRequest({ model, max_tokens: 60_000, messages, ...chat });
  return { thinking, effort: (output_config as JsonObject | undefined)?.['effort'] };
}

const ADAPTIVE = { type: 'adaptive', display: 'summarized' };

describe('how much to think', () => {
  it.each<[string, string, JsonObject, JsonObject]>([
    ['is left to the model that was not asked', 'claude-opus-5-5', {}, {}],
    [
      'becomes effort where thinking is adaptive',
      'claude-opus-5-5',
      { reasoning_effort: 'high' },
      { thinking: ADAPTIVE, effort: 'high' },
    ],
    [
      'goes no lower than low',
      'claude-opus-5-5',
      { reasoning_effort: 'minimal' },
      { thinking: ADAPTIVE, effort: 'low' },
    ],
    ['reaches the highest', 'claude-opus-5-5', { reasoning_effort: 'max' }, { thinking: ADAPTIVE, effort: 'max' }],
    [
      'becomes the next lower level that the model knows',
      'claude-opus-4-6',
      { reasoning_effort: 'xhigh' },
      { thinking: ADAPTIVE, effort: 'high' },
    ],
    [
      'becomes a budget before',
      'claude-haiku-4-5',
      { reasoning_effort: 'medium' },
      { thinking: { type: 'enabled', budget_tokens: 8_192 } },
    ],
    [
      'becomes both at Opus 4.5',
      'claude-opus-4-5-20251101',
      { reasoning_effort: 'max' },
      { thinking: { type: 'enabled', budget_tokens: 30_000 }, effort: 'high' },
    ],
    [
      'leaves half of the cap for the answer',
      'claude-haiku-4-5',
      { reasoning_effort: 'high', max_tokens: 4_000 },
      { thinking: { type: 'enabled', budget_tokens: 2_000 } },
    ],
    [
      'is nothing where the cap leaves no room',
      'claude-haiku-4-5',
      { reasoning_effort: 'high', max_tokens: 2_000 },
      {},
    ],
    [
      'can be named as OpenRouter has it',
      'claude-sonnet-5',
      { reasoning: { effort: 'low', exclude: true } },
      { thinking: { type: 'adaptive', display: 'omitted' }, effort: 'low' },
    ],
    [
      'as a budget too',
      'claude-haiku-4-5',
      { reasoning: { max_tokens: 3_000 } },
      { thinking: { type: 'enabled', budget_tokens: 3_000 } },
    ],
    [
      'or just on',
      'claude-haiku-4-5',
      { reasoning: { enabled: true } },
      { thinking: { type: 'enabled', budget_tokens: 8_192 } },
    ],
    [
      'passes in Anthropic’s own words',
      'claude-haiku-4-5',
      { thinking: { type: 'enabled', budget_tokens: 2_048 } },
      { thinking: { type: 'enabled', budget_tokens: 2_048 } },
    ],
    [
      'with effort beside them',
      'claude-opus-5-5',
      { thinking: { type: 'adaptive' }, reasoning_effort: 'low' },
      { thinking: { type: 'adaptive' }, effort: 'low' },
    ],
    [
      'also in those that the model no longer takes',
      'claude-opus-5-5',
      { thinking: { type: 'enabled', budget_tokens: 2_048 } },
      { thinking: ADAPTIVE },
    ],
    [
      'or does not take yet',
      'claude-haiku-4-5',
      { thinking: { type: 'adaptive' } },
      { thinking: { type: 'enabled', budget_tokens: 8_192 } },
    ],
  ])('%s', (_, model, chat, expected) => expect(sent(model, chat)).toEqual(expected));

  it.each<[string, JsonObject]>([
    ['claude-haiku-4-5', { thinking: { type: 'disabled' } }],
    ['claude-opus-5', { thinking: { type: 'disabled' } }],
    ['claude-sonnet-5-5', { thinking: { type: 'between_tools' } }],
    ['claude-haiku-5-5', { thinking: { type: 'disabled' } }],
    ['claude-opus-5-5', { effort: 'low' }],
    ['claude-fable-5-1', { effort: 'low' }],
  ])('is least, at %s, as far as it can be', (model, expected) => {
    for (const chat of [
      { reasoning_effort: 'none' },
      { reasoning: { enabled: false } },
      { thinking: { type: 'disabled' } },
    ])
      expect(sent(model, chat)).toEqual(expected);
  });

  it('gives way to a tool that must be called', () => {
    const forced = { tools, tool_choice: 'required' };
    expect(sent('claude-haiku-4-5', forced)).toEqual({});
    expect(sent('claude-haiku-4-5', { ...forced, reasoning_effort: 'high' })).toEqual({
      thinking: { type: 'disabled' },
    });
    expect(sent('claude-opus-5', forced)).toEqual({ thinking: { type: 'disabled' } });
  });
});

describe('thinking while tools are called', () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } };
  const calling = (details: readonly JsonObject[]) => ({
    tools,
    reasoning_effort: 'low',
    messages: [
      { role: 'user', content: 'When?' },
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [call],
        reasoning_content: 'Hm',
        reasoning_details: details,
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'noon' },
    ],
  });
  const signed = (index: number) => ({
    type: 'reasoning.text',
    text: 'Hm',
    signature: 'sig',
    format: 'anthropic-claude-v1',
    index,
  });
  const encrypted = { type: 'reasoning.encrypted', data: 'xyz', format: 'anthropic-claude-v1', index: 2 };
  const contentFor = (details: readonly JsonObject[]) => {
    const { messages } = messagesRequest({ model: 'claude-haiku-4-5', max_tokens: 9_000, ...calling(details) });
    return ((messages as readonly JsonObject[])[1] as { content: readonly JsonObject[] }).content;
  };

  it('goes back where it was', () => {
    const [text, toolUse] = [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_use', id: 'call_1', name: 'now', input: {} },
    ];
    const thinking = { type: 'thinking', thinking: 'Hm', signature: 'sig' };
    const redacted = { type: 'redacted_thinking', data: 'xyz' };
    expect(contentFor([signed(0), encrypted])).toEqual([thinking, text, redacted, toolUse]);
    expect(contentFor([signed(0), signed(1)])).toEqual([thinking, thinking, text, toolUse]);
  });

  it('is left out when it is unsigned or another maker’s', () => {
    const others = [
      { type: 'reasoning.text', text: 'Hm' },
      { type: 'reasoning.text', text: 'Hm', signature: 's', format: 'google-gemini-v1' },
      { type: 'reasoning.summary', summary: 'Hm' },
    ];
    expect(contentFor(others).map(({ type }) => type)).toEqual(['text', 'tool_use']);
  });

  it('by budget starts only with calls that were thought about', () => {
    expect(sent('claude-haiku-4-5', calling([]))).toEqual({});
    expect(sent('claude-haiku-4-5', calling([signed(0)]))).toMatchObject({ thinking: { type: 'enabled' } });
    expect(sent('claude-opus-5-5', calling([]))).toMatchObject({ thinking: ADAPTIVE });
  });

  // https://github.com/anomalyco/opencode/issues/48637
  it('is dropped where something before it has changed, by models that would refuse the request', () => {
    const dropping = { block_binding: { prefix_mismatch_behavior: 'drop_block' } };
    for (const model of ['claude-opus-5-5', 'claude-fable-5-1', 'claude-sonnet-5-5']) {
      for (const details of [[signed(0)], [encrypted]])
        expect(sent(model, calling(details))).toMatchObject({ thinking: { ...ADAPTIVE, ...dropping } });
      expect(sent(model, calling([]))['thinking']).toEqual(ADAPTIVE);
    }
    const unasked = { ...calling([signed(0)]), reasoning_effort: null };
    expect(sent('claude-opus-5-5', unasked)).toEqual({ thinking: { type: 'adaptive', ...dropping } });
    expect(sent('claude-opus-5', unasked)).toEqual({});
    const off = { ...calling([signed(0)]), reasoning_effort: 'none' };
    expect(sent('claude-sonnet-5-5', off)).toEqual({ thinking: { type: 'between_tools' } });
  });

  it('is what the client’s own field makes of it', () => {
    const thinking = { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'error' } };
    expect(sent('claude-opus-5-5', { ...calling([signed(0)]), reasoning_effort: null, thinking })).toEqual({
      thinking,
    });
  });
});
