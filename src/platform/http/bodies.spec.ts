// Bodies as they come over a real connection: their limits, their pace, and the memory they count for.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/gateway/until.js';
import { inTime } from '../../event-store/index.js';
import { ApiError } from './api-error.js';
import { Bodies, type KeptBody } from './bodies.js';
import { BodyBudget } from './body-budget.js';
import { closeUnread } from './unread-body.js';

const LIMIT = 1_000_000;
const PACE = { graceMs: 100, leastBytesPerSecond: 1_000_000 };

let server: Server;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** Answers with the length of each body, or with the status that refuses it; bodies are kept until their request names its end. */
async function serve(bodies: Bodies) {
  const kept: KeptBody[] = [];
  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const owner = String(message.headers['x-owner'] ?? 'one');
    try {
      const body = await bodies.read(message, response, { limit: LIMIT, owner });
      kept.push(body);
      response.end(String(body.bytes.length));
    } catch (error) {
      if (closeUnread(message, 200)) response.setHeader('connection', 'close');
      response.writeHead(error instanceof ApiError ? error.status : 500).end(String(error));
    }
  };
  server = createServer((message, response) => void answer(message, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, kept };
}

interface Sending {
  readonly owner?: string;
  /** Instead of its length. */
  readonly declared?: number;
}

function send(port: number, body: Buffer, { owner = 'one', declared = body.length }: Sending = {}) {
  return new Promise<{ status: number | undefined; text: string; connection: string | undefined }>(
    (resolve, reject) => {
      const headers = { 'content-length': declared, 'x-owner': owner };
      const sent = request({ port, host: '127.0.0.1', method: 'POST', agent: false, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode, text, connection: response.headers.connection }),
        );
      });
      sent.on('error', reject).on('socket', (socket) => sockets.push(socket));
      sent.write(body);
      if (declared === body.length) sent.end();
    },
  );
}

/** A connection that says what it is told to, and keeps its own half open. */
function raw(port: number, text: string) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  const seen = { text: '', closed: false };
  socket.on('data', (chunk) => (seen.text += chunk.toString())).on('error', () => undefined);
  socket.on('close', () => (seen.closed = true));
  socket.write(text);
  return { socket, seen };
}

describe('a body', () => {
  it('is read whole, in however many pieces it comes', async () => {
    const { port, kept } = await serve(new Bodies(new BodyBudget(10 * LIMIT, LIMIT)));
    for (const length of [0, 1, 65_536, 200_000, LIMIT]) {
      const body = Buffer.from(Array.from({ length }, (_, at) => at % 251));
      expect(await send(port, body)).toMatchObject({ status: 200, text: String(length) });
      expect(kept.at(-1)?.bytes.equals(body)).toBe(true);
    }
  });

  it('that came with its head is there at once, and its request ends as all do', async () => {
    const bodies = new Bodies(new BodyBudget(10 * LIMIT, LIMIT));
    const requests: IncomingMessage[] = [];
    const answer = async (message: IncomingMessage, response: ServerResponse) => {
      requests.push(message);
      await Promise.resolve(); // as whoever lets it in does
      const body = bodies.read(message, response, { limit: LIMIT, owner: 'one' });
      response.end(body instanceof Promise ? 'later' : `at once: ${body.bytes.toString()}`);
    };
    server = createServer((message, response) => void answer(message, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ';
    const { socket, seen } = raw((server.address() as AddressInfo).port, `${head}3\r\n\r\none`);
    await until('an answer', () => seen.text !== '');
    expect(seen.text).toContain('at once: one');
    socket.write(`${head}0\r\n\r\n`);
    await until('another on the same connection', () => seen.text.endsWith('at once: '));
    await until('their end', () => requests.length === 2 && requests.every((each) => each.readableEnded));
  });

  it('beyond the limit is refused by its declared length, before it has come, and the connection ends', async () => {
    const { port } = await serve(new Bodies(new BodyBudget(10 * LIMIT, LIMIT)));
    const answer = await send(port, Buffer.alloc(10), { declared: LIMIT + 1 });
    expect(answer).toMatchObject({ status: 413, connection: 'close' });
    await until('the end of the connection', () => sockets.every(({ closed }) => closed));
  });

  it('that comes too slowly is refused, and its connection destroyed, whatever the client keeps open', async () => {
    const { port } = await serve(new Bodies(new BodyBudget(10 * LIMIT, LIMIT), PACE));
    const { seen } = raw(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf');
    await until('an answer', () => seen.text !== '');
    expect(seen.text).toMatch(/^HTTP\/1\.1 408 [^]*connection: close/i);
    const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    await until('the end of the connection', async () => (await open()) === 0);
  });

  it('whose client left before it was let in is not waited for', async () => {
    const bodies = new Bodies(new BodyBudget(10 * LIMIT, LIMIT));
    const outcome = new Promise<unknown>((resolve) => {
      server = createServer((message, response) => {
        const read = () => bodies.read(message, response, { limit: LIMIT, owner: 'one' });
        message.on('error', () => undefined).once('close', () => setImmediate(() => resolve(read())));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { socket } = raw(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf');
    await once(server, 'request');
    socket.destroy();
    await expect(inTime(outcome, 5_000, (late) => late(new Error('it waits')))).rejects.toThrow('broke off');
  });

  it('is asked for where the client waits for that, and not where it is refused', async () => {
    const { port } = await serve(new Bodies(new BodyBudget(10 * LIMIT, LIMIT)));
    server.on('checkContinue', (message, response) => server.emit('request', message, response));
    const head = 'POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ';
    const taken = raw(port, `${head}2\r\n\r\n`);
    await until('leave to go on', () => taken.seen.text.startsWith('HTTP/1.1 100'));
    taken.socket.write('{}');
    await until('the answer', () => taken.seen.text.includes('HTTP/1.1 200'));
    const refused = raw(port, `${head}2000000\r\n\r\n`);
    await until('the refusal', () => refused.seen.text !== '');
    expect(refused.seen.text).toMatch(/^HTTP\/1\.1 413/);
  });
});

describe('the memory that bodies take together', () => {
  it('is bounded: one more is refused, and taken when another has ended', async () => {
    const budget = new BodyBudget(2 * LIMIT, LIMIT);
    const { port, kept } = await serve(new Bodies(budget));
    for (const owner of ['a', 'b'])
      expect(await send(port, Buffer.alloc(LIMIT), { owner })).toMatchObject({ status: 200 });
    expect(await send(port, Buffer.alloc(10), { owner: 'c' })).toMatchObject({ status: 503 });
    kept.shift()?.forget();
    expect(await send(port, Buffer.alloc(10), { owner: 'c' })).toMatchObject({ status: 200 });
    for (const body of kept) body.forget();
    expect(budget.taken).toBe(0);
  });

  it('is not all one client’s', async () => {
    const budget = new BodyBudget(8 * LIMIT, LIMIT);
    const { port } = await serve(new Bodies(budget));
    for (let count = 0; count < 2; count++)
      expect(await send(port, Buffer.alloc(LIMIT))).toMatchObject({ status: 200 });
    expect(await send(port, Buffer.alloc(1))).toMatchObject({ status: 429 });
    expect(await send(port, Buffer.alloc(1), { owner: 'other' })).toMatchObject({ status: 200 });
  });

  it('is that of bodies which broke off, too, until they did', async () => {
    const budget = new BodyBudget(2 * LIMIT, LIMIT);
    const { port } = await serve(new Bodies(budget));
    const { socket } = raw(port, `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n${'x'.repeat(500_000)}`);
    await until('its bytes', () => budget.taken === 500_000);
    socket.destroy();
    await until('their end', () => budget.taken === 0);
    expect(await send(port, Buffer.alloc(LIMIT))).toMatchObject({ status: 200 });
  });
});
