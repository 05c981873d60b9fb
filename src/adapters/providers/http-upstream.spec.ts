import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Config } from '../../platform/config.js';
import { readBody, type Room } from '../../proxy/providers/read-body.js';
import { type BodyRead, type Channel, EVENT_STREAM, UpstreamFailure, UpstreamTimeout } from '../../proxy/index.js';
import { HttpUpstream } from './http-upstream.js';

const IDLE_MS = 300;
const upstream = new HttpUpstream({
  UPSTREAM_CONNECT_TIMEOUT_MS: 1_000,
  UPSTREAM_FIRST_BYTE_TIMEOUT_MS: IDLE_MS,
  UPSTREAM_IDLE_TIMEOUT_MS: IDLE_MS,
} as Config);
afterAll(() => upstream.onApplicationShutdown());

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

/** Sends a request to a provider that does this. */
async function ask(listener: RequestListener, more: { accept?: string; signal?: AbortSignal; room?: Room } = {}) {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const channel = { baseUrl: `http://127.0.0.1:${port}`, format: 'openai', apiKey: 'sk-x' } as unknown as Channel;
  return upstream.send(channel, {
    path: '/chat/completions',
    contentType: 'application/json',
    accept: 'application/json',
    body: '{}',
    requestId: 'r',
    signal: new AbortController().signal,
    room: { took: () => undefined },
    ...more,
  });
}

const begin = (response: ServerResponse, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '2' });
  response.write('{"a":');
};
const failureOf = (ending: unknown): Error => upstream.failureOf((ending as { failure: unknown }).failure);

describe('an answer that is wanted whole', () => {
  it('comes with its head and all of its body', async () => {
    const answer = await ask((_, response) => {
      begin(response, 429);
      setTimeout(() => response.end('1}'), 20);
    });
    expect(answer).toMatchObject({ status: 429, contentType: 'application/json', retryAfterMs: 2_000 });
    expect(answer.body).toEqual({ bytes: Buffer.from('{"a":1}'), ending: 'whole' });
  });

  it('may be empty, and come after interim answers', async () => {
    const answer = await ask((_, response) => {
      response.writeProcessing();
      response.end();
    });
    expect(answer).toMatchObject({ status: 200, body: { bytes: Buffer.alloc(0), ending: 'whole' } });
  });

  it('may have a head of 60 kB', async () => {
    const { status } = await ask(
      (_, response) => void response.writeHead(200, { 'x-policy': 'p'.repeat(60_000) }).end(),
    );
    expect(status).toBe(200);
    await expect(
      ask((_, response) => void response.writeHead(200, { 'x-policy': 'p'.repeat(70_000) }).end()),
    ).rejects.toThrow('the connection failed (Headers Overflow Error)');
  });

  it('has a head and what came of the body when it breaks off', async () => {
    const { status, body } = await ask((_, response) => {
      begin(response);
      setTimeout(() => response.destroy(), 20);
    });
    expect([status, body]).toMatchObject([200, { bytes: Buffer.from('{"a":') }]);
    expect(failureOf((body as { ending: unknown }).ending)).toBeInstanceOf(UpstreamFailure);
  });

  it('is late when it falls silent', async () => {
    const { body } = await ask((_, response) => begin(response));
    const failure = failureOf((body as { ending: unknown }).ending);
    expect([failure instanceof UpstreamTimeout, failure.message]).toEqual([
      true,
      `the answer fell silent for ${IDLE_MS} ms`,
    ]);
  });

  it.each([true, false])(
    'breaks off by what ends the call, and the connection is left (the head had come: %s)',
    async (begins) => {
      const ended = new AbortController();
      const reason = new UpstreamTimeout('the call is over');
      let left: Promise<void> | undefined;
      const asking = ask(
        (_, response) => {
          left = new Promise((resolve) => response.once('close', resolve));
          if (begins) begin(response);
          setTimeout(() => ended.abort(reason), 20);
        },
        { signal: ended.signal },
      ).then(
        ({ body }) => (body as { ending: object }).ending,
        (error: unknown) => error,
      );
      expect(await asking).toEqual(begins ? { failure: reason } : reason);
      await left;
    },
  );

  it('is not asked for when the call has ended already', async () => {
    const reason = new UpstreamTimeout('the call is over');
    await expect(ask((_, response) => void response.end(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('is read no further than an error may be long, where it is one', async () => {
    const { body } = await ask((_, response) => {
      response.writeHead(500);
      response.write(Buffer.alloc(1_000_000, 'x'));
    });
    expect(body).toMatchObject({ ending: 'longer' });
    expect((body as { bytes: Buffer }).bytes.length).toBeLessThan(500_000);
  });

  it('is not read while there is no room for it, however long that takes', async () => {
    const { promise: room, resolve: makeRoom } = Promise.withResolvers<void>();
    let taken = 0;
    const took = (bytes: number) => ((taken += bytes) === bytes ? room : undefined);
    const body = Buffer.alloc(8_000_000, 'x');
    let sent = false;
    const asking = ask((_, response) => void response.end(body, () => (sent = true)), { room: { took } });
    await delay(2 * IDLE_MS);
    expect([sent, taken < body.length]).toEqual([false, true]);
    makeRoom();
    const { bytes, ending } = (await asking).body as BodyRead;
    expect([bytes.equals(body), ending, taken]).toEqual([true, 'whole', body.length]);
  });

  it('breaks off where no room comes, and the connection is left', async () => {
    const left = Promise.withResolvers<void>();
    const none = new UpstreamFailure('no room');
    const { body } = await ask((_, response) => response.once('close', left.resolve).write('x'), {
      room: { took: () => Promise.reject(none) },
    });
    expect(body).toMatchObject({ ending: { failure: none } });
    await left.promise;
  });

  it('fails where there is no head', async () => {
    await expect(ask((request) => void request.socket.destroy())).rejects.toBeInstanceOf(UpstreamFailure);
    await expect(ask(() => undefined)).rejects.toThrow(`no answer within ${IDLE_MS} ms`);
  });
});

it.each([
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'retry-after': '1', 'retry-after-ms': '250' }, 250],
  [{ 'retry-after': '1', 'retry-after-ms': 'soon' }, 1_000],
  [{ 'retry-after': new Date(0).toUTCString() }, 0],
  [{ 'retry-after': '20s' }, undefined],
])('reads from %j how long it is to wait: %s', async (headers, ms) =>
  expect((await ask((_, response) => void response.writeHead(429, headers).end())).retryAfterMs).toBe(ms),
);

it.each(['HTTP/1.1 099 No\r\n\r\n', 'HTTP/1.1 1000 No\r\n\r\n', 'HTTP/1.1 101 No\r\n\r\n', 'SSH-2.0-OpenSSH\r\n'])(
  'says in words that what answers with %j does not speak HTTP',
  async (answer) =>
    expect(ask((request) => void request.socket.end(answer))).rejects.toThrow(
      /^the connection failed \(Response does not match the HTTP\/1.1 protocol[^\n]*\)$/,
    ),
);

describe('an answer that comes compressed, though nobody asked for that,', () => {
  const json = Buffer.from('{"a":"1"}');
  const send = (encoding: string, bytes: Buffer) =>
    ask((_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(bytes));
  const read = async ({ body }: Awaited<ReturnType<typeof ask>>) => readBody(body, 1_000);

  it.each([
    ['gzip', gzipSync(json)],
    ['BR', brotliCompressSync(json)],
    ['identity', json],
    ['gzip, br', brotliCompressSync(gzipSync(json))],
    ['identity,GZIP', gzipSync(json)],
  ])('is read as what it was: %s', async (encoding, bytes) =>
    expect(await read(await send(encoding, bytes))).toEqual({ bytes: json, ending: 'whole' }),
  );

  it('has failed where it is no whole body of that', async () =>
    expect((await read(await send('gzip', gzipSync(json).subarray(0, 20)))).ending).toMatchObject({
      failure: expect.any(Error) as Error,
    }));

  it('is handed over as it comes where it is a stream, and left where nobody reads it', async () => {
    const gzip = createGzip();
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const answer = await ask(
      (_, response) => {
        gzip.pipe(response.writeHead(200, { 'content-encoding': 'gzip' }).once('close', resolve));
        gzip.write('data: 1\n\n');
        gzip.flush();
      },
      { accept: EVENT_STREAM },
    );
    const body = answer.body as Readable;
    expect(String((await body[Symbol.asyncIterator]().next()).value)).toBe('data: 1\n\n');
    body.on('error', () => undefined).destroy();
    await left;
  });
});

it('hands over a stream as it comes', async () => {
  const { body } = await ask((_, response) => begin(response), { accept: EVENT_STREAM });
  expect(body).toBeInstanceOf(Readable);
  (body as Readable).on('error', () => undefined).destroy();
});
