import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { answer, Calls, open, type Script } from '../../../test/support/proxy/opening.js';
import type { Exchange } from '../call/endpoint.js';
import type { OpenUpstream } from '../providers/open-upstream.js';
import type { StreamedResponse, UpstreamResponse } from '../providers/upstream.js';
import { ChatMeter } from './chat-meter.js';
import { firstEvent } from './first-event.js';

describe('an error within an answer of 200', () => {
  const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
  const streaming = (...frames: readonly (string | object)[]): Script =>
    answer(200, frames.map((told) => (typeof told === 'string' ? told : event(told))).join(''), 'text/event-stream');
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  const content = { choices: [{ index: 0, delta: { content: 'Hi' } }] };

  it.each([
    ['in Anthropic’s words', overloaded],
    ['in OpenAI’s', { error: { message: 'Overloaded', type: 'server_error', code: null } }],
    ['in Google’s', { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } }],
    [
      'in Zhipu’s',
      { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'network_error' }] },
    ],
    ['in OpenRouter’s', { id: 'gen-1', error: { code: 502, message: 'Provider returned error' }, choices: [] }],
  ])('is one before a stream has begun, %s: another channel is asked', async (_case, told) => {
    const { outcome, asked } = await open({ a: streaming(told), b: streaming(content) });
    expect(asked).toEqual(['a', 'b']);
    expect(outcome).toMatchObject({
      attempts: [{ channel: 'a', status: 200, error: expect.stringContaining('within its answer') as string }, {}],
    });
  });

  it('is one also after comments, and where the answer is no stream at all', async () => {
    const late = streaming(': PROCESSING\n\n', ': PROCESSING\n\n', overloaded);
    expect((await open({ a: late, b: streaming(content) })).asked).toEqual(['a', 'b']);
    const unended = streaming(event(overloaded).trimEnd());
    expect((await open({ a: unended, b: streaming(content) })).asked).toEqual(['a', 'b']);
    for (const type of ['application/json', '', 'text/event-stream']) {
      const { outcome } = await open({ a: answer(200, JSON.stringify(overloaded, null, 2), type) });
      expect(outcome).toMatchObject({ error: { message: expect.stringContaining('Overloaded') as string } });
    }
  });

  it('is none once anything else was told, and no byte of that is lost', async () => {
    const { outcome, asked } = await open({ a: streaming(': x\n\n', content, overloaded), b: streaming(content) });
    expect(asked).toEqual(['a']);
    const { head, body } = (outcome as OpenUpstream<Exchange, StreamedResponse>).begun;
    const rest = await body.toArray();
    expect(Buffer.concat([head ?? Buffer.alloc(0), ...rest]).toString()).toBe(
      `: x\n\n${event(content)}${event(overloaded)}`,
    );
  });

  it.each(['application/json', 'text/html', ''])(
    'is what is no stream, but %s: another channel is asked',
    async (type) => {
      const body = Readable.from([Buffer.from('{}')]);
      const { outcome, asked } = await open({ a: answer(200, body, type), b: streaming(content) });
      expect(asked).toEqual(['a', 'b']);
      const error = `it answered a request for a stream with ${type || 'no content type'}`;
      expect(outcome).toMatchObject({ attempts: [{ channel: 'a', status: 200, error }, {}] });
      expect(body.destroyed).toBe(true);
    },
  );

  it.each(['', 'text/plain; charset=utf-8', 'application/octet-stream'])(
    'is none where a stream is not named as one, but "%s"',
    async (type) => {
      for (const told of [event(content), `: PROCESSING\n\n${event(content)}`, `event: x\n${event(content)}`]) {
        const pieces = [told.slice(0, 1), told.slice(1)].map((piece) => Buffer.from(piece));
        const { outcome } = await open({ a: answer(200, Readable.from(pieces), type) });
        const { head } = (outcome as OpenUpstream<Exchange, StreamedResponse>).begun;
        expect(head?.toString()).toBe(told);
      }
      const { outcome } = await open({ a: answer(200, event(overloaded), type), b: streaming(content) });
      expect(outcome).toMatchObject({
        attempts: [
          { channel: 'a', status: 200 },
          { channel: 'b', status: 200 },
        ],
      });
    },
  );

  it('opens the circuit when it tells of an overload', async () => {
    const calls = new Calls();
    for (let call = 0; call < 5; call++) await calls.open({ a: streaming(overloaded), b: streaming(content) });
    expect((await calls.open({ a: streaming(content), b: streaming(content) })).asked).toEqual(['b']);
  });

  it('is the client’s to mend when it would be by its status', async () => {
    const told = {
      error: { message: 'The prompt was filtered.', type: null, param: 'prompt', code: 'content_filter', status: 400 },
    };
    const { outcome, asked } = await open({ a: streaming(told), b: streaming(content) });
    expect(asked).toEqual(['a']);
    expect(outcome).toMatchObject({
      reason: 'refused_by_provider',
      error: {
        status: 400,
        message: 'The prompt was filtered.',
        options: {
          type: 'invalid_request_error',
          code: 'content_filter',
          param: 'prompt',
          headers: { 'x-should-retry': 'false' },
        },
      },
    });
  });

  it('is not waited for by a client whose connection is kept alive for long', async () => {
    const alive = () => streaming(...Array<string>(3).fill(': PROCESSING\n\n'), content)();
    const { head } = await firstEvent(alive(), new ChatMeter(false), 0);
    expect(head?.toString()).toContain('PROCESSING');
    const much = streaming(...Array<string>(10_000).fill(': PROCESSING\n\n'))();
    expect((await firstEvent(much, new ChatMeter(false))).head?.length).toBeGreaterThan(65_536);
  });
});

describe('a first event that is late', () => {
  const content = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n';

  it.each([
    ['nothing', ''],
    ['a part of an event', 'data: {"cho'],
    ['comments', ': x\n\n'],
  ])('is not waited for after %s, and no byte is lost', async (_case, told) => {
    const body = new PassThrough();
    if (told !== '') body.write(told);
    const response: UpstreamResponse = { status: 200, contentType: 'text/event-stream', body };
    const { head, rest } = await firstEvent(response, new ChatMeter(false), 20);
    expect(head?.toString()).toBe(told);
    const reading = Readable.from(rest ?? []).toArray();
    body.write(content);
    body.end(content);
    expect(Buffer.concat((await reading) as Buffer[]).toString()).toBe(content + content);
  });

  it('breaks off where it is read on, when its body does', async () => {
    const body = new PassThrough();
    const response: UpstreamResponse = { status: 200, contentType: 'text/event-stream', body };
    const { rest } = await firstEvent(response, new ChatMeter(false), 20);
    body.destroy(new Error('connection reset'));
    await new Promise((resolve) => body.once('close', resolve));
    await expect(Readable.from(rest ?? []).toArray()).rejects.toThrow('connection reset');
  });
});
