import { describe, expect, it } from 'vitest';
import { withTwoRoles } from './two-roles.js';

const wrapped = (text: string): string => `<system>\n${text}\n</system>`;
const HI = { role: 'user', content: 'Hi' };

describe('instructions within a conversation, for who knows two roles,', () => {
  it('are in the turn of the user before them, behind its results', () => {
    const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: '5' };
    const call = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }] };
    const mark = { cache_control: { type: 'ephemeral' } };
    const messages = [
      HI,
      { role: 'system', content: 'Be kind.' },
      call,
      { role: 'user', content: [result] },
      { role: 'system', content: [{ type: 'text', text: 'Be brief.', ...mark }] },
      { role: 'system', content: '9 tokens left' },
    ];
    expect(withTwoRoles({ model: 'm', messages })).toEqual({
      model: 'm',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'text', text: wrapped('Be kind.') },
          ],
        },
        call,
        {
          role: 'user',
          content: [
            result,
            { type: 'text', text: wrapped('Be brief.'), ...mark },
            { type: 'text', text: wrapped('9 tokens left') },
          ],
        },
      ],
    });
  });

  it('are a turn of their own where no user spoke', () => {
    const said = { role: 'assistant', content: 'Yes' };
    const own = { role: 'user', content: [{ type: 'text', text: wrapped('Go on.') }] };
    const instruction = { role: 'system', content: 'Go on.' };
    expect(withTwoRoles({ messages: [HI, said, instruction] })['messages']).toEqual([HI, said, own]);
    expect(withTwoRoles({ messages: [instruction, said] })['messages']).toEqual([own, said]);
  });

  it('that are not there leave the body alone', () => {
    for (const body of [{ system: 'Be kind.', messages: [HI] }, { messages: 'Hi' }])
      expect(withTwoRoles(body)).toBe(body);
  });
});
