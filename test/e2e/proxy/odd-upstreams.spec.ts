// Providers, and proxies before them, that keep to the standards in unusual ways.
// Modes: embedded. What providers do has nothing to do with stores.
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { readStream } from '../../support/gateway/streams.js';
import { contentFrame, DONE, frame, usageBlock, usageFrame } from '../../support/gateway/upstream.js';

/** Writes these bytes to whoever has sent a request, piece by piece, and leaves the connection open. */
let pieces: readonly (string | Buffer)[] = [];
let gateway: TestGateway;
let server: Server;
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => void writeTo(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = await startGateway({
    env: { UPSTREAM_IDLE_TIMEOUT_MS: '20000' },
    channels: () => [
      channel('openai', url, { makers: ['openai'] }),
      channel('anthropic', url, { makers: ['anthropic'], format: 'anthropic' }),
      channel('gemini', url, { makers: ['google'], format: 'gemini' }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await new Promise((resolve) => server.close(resolve));
});

async function writeTo(socket: NodeJS.WritableStream) {
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const head = (contentType: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\nconnection: close\r\n${more}\r\n`;
const EVENTS = head('text/event-stream');

async function ask(answer: readonly (string | Buffer)[], more: object = {}) {
  pieces = answer;
  const { key } = await gateway.desk.account();
  return post(gateway.url, key, chat('Hi', { stream: true, max_tokens: 50, ...more }));
}

const FRAMES = [contentFrame('Hel'), contentFrame('lo.'), usageFrame(usageBlock(7, 9)), DONE];

describe('a stream is read', () => {
  it.each([
    ['\n\r\n', (text: string) => text.replaceAll('\n\n', '\n\r\n')],
    ['\r\r', (text: string) => text.replaceAll('\n', '\r')],
    ['\r\n\r\n', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('whose frames end in %j', async (_end, change) => {
    const { status, text } = await ask([EVENTS, ...FRAMES.map(change)]);
    expect(status).toBe(200);
    expect(text).toMatch(/Hel[\s\S]+lo\.[\s\S]+x-tokenhub-cost[\s\S]+\[DONE\]/);
    expect(text).not.toContain('prompt_tokens');
  });

  it.each(['Text/Event-Stream', 'text/event-stream;charset=utf-8', 'TEXT/EVENT-STREAM ; Charset="UTF-8"'])(
    'of the type %s, with a byte order mark, and not closed after [DONE]',
    async (type) => {
      const { text } = await ask([head(type), '\uFEFF', ...FRAMES]);
      expect(readStream(text)).toMatchObject({ content: 'Hello.', done: true });
    },
  );

  it('after a 100 Continue that nobody asked for, also in pieces, and other interim answers', async () => {
    const interim = ['HTTP/1.1 100 Con', 'tinue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'];
    expect(readStream((await ask([...interim, EVENTS, ...FRAMES])).text)).toMatchObject({
      content: 'Hello.',
      done: true,
    });
    const together = `HTTP/1.1 100 Continue\r\n\r\n${EVENTS}${FRAMES.join('')}`;
    expect(readStream((await ask([together])).text)).toMatchObject({ content: 'Hello.', done: true });
  });
});

it('an answer is read and passed on without its byte order mark', async () => {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }];
  const body = JSON.stringify({ object: 'chat.completion', choices, usage: usageBlock(7, 9) });
  const lengthOf = `content-length: ${body.length + 3}\r\n`;
  expect(await ask([head('application/json', lengthOf), '\uFEFF', body], { stream: false })).toMatchObject({
    status: 200,
    text: body,
  });
});

describe('a stream that is whole, but not closed, ends', () => {
  const usage = { input_tokens: 9, output_tokens: 1 };
  const anthropic = [
    { type: 'message_start', message: { id: 'msg_1', role: 'assistant', content: [], usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ].map((event) => `event: ${event.type}\n${frame(event)}`);

  it('at Anthropic’s message_stop', async () => {
    const began = performance.now();
    const { text } = await ask([EVENTS, ...anthropic], { model: 'claude-haiku-4-5' });
    expect(readStream(text)).toMatchObject({ content: 'Hello.', done: true });
    expect(performance.now() - began).toBeLessThan(15_000); // its connection would be silent for 20 s
  });

  it('a while after all candidates of Gemini have told why they ended', async () => {
    const content = { role: 'model', parts: [{ text: 'Hello.' }] };
    const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 };
    const event = { candidates: [{ index: 0, content, finishReason: 'STOP' }], usageMetadata };
    const { text } = await ask([EVENTS, frame(event)], { model: 'gemini-2.5-flash' });
    expect(readStream(text)).toMatchObject({ content: 'Hello.', done: true });
  });
});
