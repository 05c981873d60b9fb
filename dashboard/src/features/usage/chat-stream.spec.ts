import { describe, expect, it } from 'vitest';
import { type ChatAnswer, withLine } from './chat-stream.ts';
import { curlOf, pythonOf } from './examples.ts';
import { messagesOf } from './use-chat.ts';
import { periodOf, usageSearch } from './usage-search.ts';

const read = (...lines: readonly string[]) => lines.reduce<ChatAnswer>(withLine, { text: '' });

describe('an answer that is streamed', () => {
  it('is its pieces, with the last usage and the cost that the gateway tells', () => {
    const answer = read(
      'data: {"choices":[{"delta":{"role":"assistant","content":"Octo"}}]}',
      '',
      'data: {"choices":[{"delta":{"content":"puses"}}],"usage":null}',
      ': keep-alive',
      'data: {"choices":[],"usage":{"prompt_tokens":14,"completion_tokens":22}}\r',
      ': x-tokenhub-cost 0.0000000345',
      'data: [DONE]',
    );
    expect(answer).toEqual({
      text: 'Octopuses',
      usage: { prompt_tokens: 14, completion_tokens: 22 },
      cost: '0.0000000345',
    });
  });

  it('keeps what came before it broke off, and says why', () => {
    const answer = read(
      'data: {"choices":[{"delta":{"content":"Octo"}}]}',
      'data: {"error":{"message":"The provider hung up.","code":"upstream_error"}}',
    );
    expect(answer.text).toBe('Octo');
    expect(answer.failure).toMatchObject({ message: 'The provider hung up.', code: 'upstream_error' });
  });
});

describe('the same call', () => {
  const request = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'What’s "it\'s"?' }] };

  it('is one that a shell takes, whatever was asked', () => {
    expect(curlOf(request)).toContain(`"What’s \\"it'\\''s\\"?"`);
    expect(curlOf(request)).toContain('Bearer $TOKENHUB_KEY');
    expect(curlOf(request, 'sk-th_1')).toContain(`'Authorization: Bearer sk-th_1'`);
  });

  it('is one that Python takes', () => {
    const code = pythonOf({ ...request, temperature: 0.5, max_tokens: 10, stream: true });
    expect(code).toContain(`{"role": "user", "content": "What’s \\"it's\\"?"},`);
    expect(code).toContain('    temperature=0.5,\n    max_tokens=10,\n    stream=True,');
    expect(code).toContain(`base_url="${window.location.origin}/v1"`);
  });
});

describe('a conversation', () => {
  it('is sent whole, without what was not answered', () => {
    const turns = [
      { question: 'a', answer: { text: 'b' }, state: 'done' as const },
      { question: 'failed', answer: { text: '' }, state: 'done' as const },
    ];
    expect(messagesOf('Be short.', turns, 'c').map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'system: Be short.',
      'user: a',
      'assistant: b',
      'user: c',
    ]);
  });
});

describe('the address of a usage page', () => {
  it('keeps what can be meant, and leaves out the rest', () => {
    expect(usageSearch({ from: '2026-03-01', to: 'soon', status: 'lost', group: 'model', model: '', else: 1 })).toEqual(
      {
        from: '2026-03-01',
        group: 'model',
      },
    );
  });

  it('names the last day that is shown; /api takes the day after it', () => {
    expect(periodOf({ from: '2026-02-01', to: '2026-02-28' })).toEqual({ from: '2026-02-01', to: '2026-03-01' });
  });
});
