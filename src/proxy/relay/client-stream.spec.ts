import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { pause } from '../../kernel/index.js';
import { ClientStream } from './client-stream.js';

const FIRST = 'data: 1\n\n';
const LAST = 'data: 2\n\n';
const KEEP_ALIVE = ': keep-alive\n\n';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A stream as its gateway writes it, and what its client has read of it. */
async function stream(keepAliveMs?: number): Promise<{ client: ClientStream; read: AsyncIterator<string> }> {
  const server = createServer();
  closers.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  const answered = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [, raw] = await asked;
  const client = new ClientStream(raw, {}, { stallTimeoutMs: 5_000, keepAliveMs }, () => undefined);
  return { client, read: texts(answered) };
}

async function* texts(answered: Promise<Response>): AsyncGenerator<string> {
  const { body } = await answered;
  for await (const bytes of body ?? []) yield Buffer.from(bytes as Uint8Array).toString();
}

describe('a stream', () => {
  it('that has begun breaks a silence with comments, so that no proxy takes it for dead', async () => {
    const { client, read } = await stream(20);
    await pause(60);
    expect(client.started).toBe(false);
    void client.write(Buffer.from(FIRST));
    let text = '';
    while (!text.includes(KEEP_ALIVE)) text += String((await read.next()).value);
    client.end(Buffer.from(LAST));
    for (let more = await read.next(); more.done !== true; more = await read.next()) text += more.value;
    expect(text.replaceAll(KEEP_ALIVE, '')).toBe(FIRST + LAST);
    expect(text.startsWith(FIRST + KEEP_ALIVE)).toBe(true);
  });

  it.each<[string, number | undefined, number]>([
    ['while it is told something', 1_000, 10],
    ['where comments are not wanted', undefined, 60],
  ])('says nothing of its own %s', async (_case, keepAliveMs, betweenMs) => {
    const { client, read } = await stream(keepAliveMs);
    for (let frame = 0; frame < 5; frame++) {
      void client.write(Buffer.from(FIRST));
      await pause(betweenMs);
    }
    client.end(Buffer.from(LAST));
    let text = '';
    for (let more = await read.next(); more.done !== true; more = await read.next()) text += more.value;
    expect(text).toBe(FIRST.repeat(5) + LAST);
  });

  it.each<[string, number | undefined, string]>([
    ['begins with a comment', 60_000, KEEP_ALIVE + LAST],
    ['waits for it where comments are not wanted', undefined, LAST],
  ])('whose first event is late %s', async (_case, keepAliveMs, told) => {
    const { client, read } = await stream(keepAliveMs);
    client.breakSilence();
    expect(client.started).toBe(keepAliveMs !== undefined);
    client.end(Buffer.from(LAST));
    let text = '';
    for (let more = await read.next(); more.done !== true; more = await read.next()) text += more.value;
    expect(text).toBe(told);
  });
});
