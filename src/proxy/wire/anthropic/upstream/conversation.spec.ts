import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { messagesRequest } from './request.js';

const HI = { role: 'user', content: 'Hi' };
const translate = (chat: JsonObject = {}) =>
  messagesRequest({ model: 'claude-haiku-4-5', max_tokens: 100, messages: [HI], ...chat });
const current = (chat: JsonObject = {}) => translate({ model: 'claude-opus-5-5', ...chat });

describe('instructions within a conversation', () => {
  const messages = [
    { role: 'developer', content: 'Be brief.' },
    HI,
    { role: 'assistant', content: 'Hello' },
    { role: 'system', content: 'In French now.' },
    { role: 'user', content: 'Go on' },
  ];

  it('stay after the user’s turn where the model takes them there', () => {
    expect(current({ messages })).toMatchObject({
      system: 'Be brief.',
      messages: [
        HI,
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Go on' },
        { role: 'system', content: 'In French now.' },
      ],
    });
  });

  const said = { type: 'text', text: '<system>\nIn French now.\n</system>' };

  it('stay in their place as the user’s words where it does not', () => {
    expect(translate({ messages })).toMatchObject({
      system: 'Be brief.',
      messages: [
        HI,
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: [said, { type: 'text', text: 'Go on' }] },
      ],
    });
  });

  it.each(['claude-haiku-4-5', 'claude-opus-5-5'])('stay there where no user follows, with %s', (model) => {
    const ending = translate({ model, messages: messages.slice(0, 4) });
    expect(ending).toMatchObject({ system: 'Be brief.' });
    expect((ending['messages'] as JsonObject[]).slice(1)).toEqual([
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: said.text },
    ]);
    const within = translate({ model, messages: [...messages.slice(0, 4), messages[2] ?? HI, HI] });
    expect((within['messages'] as JsonObject[]).map(({ role }) => role).join()).toBe(
      'user,assistant,user,assistant,user',
    );
  });

  it('have each call once, though another model counted its calls anew in each answer', () => {
    const call = (city: string) => ({
      id: 'call_0',
      type: 'function',
      function: { name: 'f', arguments: `"${city}"` },
    });
    const calls = (...cities: string[]) => ({ role: 'assistant', content: null, tool_calls: cities.map(call) });
    const result = (content: string) => ({ role: 'tool', tool_call_id: 'call_0', content });
    const [one, again] = [
      [calls('Rome'), result('1')],
      [calls('Oslo', 'Bonn'), result('2'), result('3')],
    ];
    const { messages: told } = translate({ messages: [HI, ...one, ...again, result('4')] });
    const ids = (told as { content: JsonObject[] | string }[]).flatMap(({ content }) =>
      typeof content === 'string' ? [] : content.map(({ id, tool_use_id }) => id ?? tool_use_id),
    );
    const [first, second, third] = ['call_0', 'call_0_2', 'call_0_3'];
    expect(ids).toEqual([first, first, second, third, second, third, third]);
  });

  it('wait for the results that they stand among', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
    const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: id });
    const [, , , instruction = HI, next = HI] = messages;
    const calls = { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] };
    const interrupted = [HI, calls, instruction, result('a'), instruction, result('b'), next];
    const { messages: told } = translate({ messages: interrupted });
    expect((told as JsonObject[])[2]).toMatchObject({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'a' },
        { type: 'tool_result', tool_use_id: 'b' },
        said,
        said,
        { type: 'text', text: 'Go on' },
      ],
    });
  });

  it('keep their mark for the cache', () => {
    const mark = { type: 'ephemeral' };
    const marked = { role: 'system', content: [{ type: 'text', text: 'In French now.', cache_control: mark }] };
    const { messages: told } = translate({ messages: [HI, marked] });
    expect(told).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { ...said, cache_control: mark },
        ],
      },
    ]);
  });

  it('change nothing of what came before them', () => {
    const before = translate({ messages: messages.slice(0, 2) });
    const after = translate({ messages });
    expect(after['system']).toEqual(before['system']);
    expect((after['messages'] as JsonObject[])[0]).toEqual((before['messages'] as JsonObject[])[0]);
  });
});

describe('instructions alone', () => {
  it('are the user’s words, as there must be a message', () => {
    const alone = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Say hi.', cache_control: { type: 'ephemeral' } }] },
    ];
    const { system, messages } = current({ messages: alone });
    expect(system).toBeUndefined();
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Be brief.' },
          { type: 'text', text: 'Say hi.', cache_control: { type: 'ephemeral' } },
        ],
      },
    ]);
    expect(translate({ messages: alone.slice(0, 1) })['messages']).toEqual([{ role: 'user', content: 'Be brief.' }]);
  });
});
