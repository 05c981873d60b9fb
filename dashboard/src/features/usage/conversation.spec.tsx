import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure, FakeApi, show } from '../../../test/render.tsx';
import { Conversation } from './conversation.tsx';
import { messagesOf, useChat } from './use-chat.ts';

const STREAM = [
  'data: {"choices":[{"delta":{"content":"# Three hearts"}}]}',
  'data: {"choices":[],"usage":{"prompt_tokens":14,"completion_tokens":22}}',
  ': x-tokenhub-cost 0.0000345',
  'data: [DONE]',
  '',
].join('\n\n');

function Chat() {
  const chat = useChat();
  const ask = () =>
    void chat.ask(
      'sk-th_1',
      { model: 'gpt-4o', messages: messagesOf('', chat.turns, 'How many hearts?') },
      'How many hearts?',
    );
  return <Conversation chat={chat} question="How many hearts?" onQuestion={() => undefined} canAsk onAsk={ask} />;
}

const send = async () => userEvent.click(await screen.findByRole('button', { name: 'Send' }));

describe('a conversation', () => {
  it('shows the answer as plain text, its tokens and what the gateway says it cost', async () => {
    const headers = { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' };
    const api = new FakeApi({ 'POST /v1/chat/completions': new Response(STREAM, { headers }) });
    await show(<Chat />);
    await send();
    expect(await screen.findByText('# Three hearts')).toBeDefined();
    expect(screen.getByText('14 tokens in, 22 out')).toBeDefined();
    expect(screen.getByText('$0.0000345')).toBeDefined();
    const [call] = api.sent;
    expect(call?.headers.get('authorization')).toBe('Bearer sk-th_1');
    expect(call?.headers.get('x-csrf-token')).toBeNull();
    expect(call?.body).toMatchObject({ stream: true, messages: [{ role: 'user', content: 'How many hearts?' }] });
  });

  it('says in the gateway’s words why there is no answer', async () => {
    const api = new FakeApi({
      'POST /v1/chat/completions': failure(402, 'insufficient_balance', 'Your balance is $0.00. Top up at /topup.'),
    });
    await show(<Chat />);
    await send();
    expect(await screen.findByText('Your balance is $0.00. Top up at /topup.')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Send' })).toBeDefined();
    expect(api.sent).toHaveLength(1);
  });

  it('asks by a double click, and does not stop at once', async () => {
    const asked: Request[] = [];
    window.fetch = (request) => {
      asked.push(request as Request);
      return new Promise(() => undefined);
    };
    await show(<Chat />);
    await userEvent.dblClick(await screen.findByRole('button', { name: 'Send' }));
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false]);
    screen.getByRole('button', { name: 'Stop' }).focus();
    await userEvent.keyboard('{Enter}');
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
  });
});
