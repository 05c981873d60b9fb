// What becomes of connections that are no use, over real ones. Clients here keep their own half open for as long as they can.
import { createServer, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/gateway/until.js';
import { answerClientError, turnAway } from './index.js';
import { boundConnections } from './connections.js';
import { connectionsBy, descriptorLimit } from './descriptors.js';

const ENOUGH = { headersTimeout: 60_000, connectionsCheckingInterval: 20 };

let server: Server;
const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.destroy();
  server.closeAllConnections();
  server.close();
});

class Client {
  readonly socket;
  text = '';
  /** The other side has ended, or the connection is no more. */
  ended = false;

  constructor(text = '') {
    this.socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('data', (chunk) => (this.text += chunk.toString())).on('error', () => undefined);
    this.socket.on('end', () => (this.ended = true)).on('close', () => (this.ended = true));
    if (text !== '') this.socket.write(text);
    clients.push(this);
  }
}

const STALL_MS = 400;
type Answer = (response: ServerResponse) => void;
const hang: Answer = () => undefined;
const answerAtOnce: Answer = (response) => response.end('answer');

async function serve(most: number, options: ServerOptions = ENOUGH, answer = answerAtOnce): Promise<void> {
  server = createServer(options, (request, response) => {
    request.resume();
    answer(response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerClientError(error, socket as never));
  boundConnections(server, { most, stallMs: STALL_MS, turnAway, failed: () => undefined });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
const noneOpen = () => until('no connection', async () => (await open()) === 0);
const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('a connection', () => {
  it('that never sends a byte is destroyed without a word', async () => {
    await serve(10, { headersTimeout: 50, connectionsCheckingInterval: 20 });
    const client = new Client();
    await until('its end', () => client.ended);
    await noneOpen();
    expect(client.text).toBe('');
  });

  it.each([
    ['never ends its head', 'GET / HTTP/1.1\r\nhost:', 408],
    ['is no HTTP', 'hello\r\n\r\n', 400],
    ['has too many headers', `GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('that %s is told so, then destroyed', async (_what, text, status) => {
    await serve(10, { headersTimeout: 50, connectionsCheckingInterval: 20 });
    const client = new Client(text);
    await until('its answer', () => client.ended);
    expect(client.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*connection: close[^]*"error":`));
    client.socket.write('and more, and more');
    await noneOpen();
  });

  it('that rests is destroyed in the end', async () => {
    await serve(10, { ...ENOUGH, keepAliveTimeout: 50 });
    const client = new Client(GET);
    await until('its answer', () => client.text.endsWith('answer'));
    await noneOpen();
    expect(client.text).toMatch(/answer$/);
  });

  const CLOSING = GET.replace('host', 'connection: close\r\nhost');
  const BROKEN_BODY = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nno chunk';

  it.each([
    ['no HTTP at all', 1, `${GET}no HTTP at all\r\n\r\n`],
    ['no HTTP at all, over and over', 1, `${GET}${'no HTTP at all\r\n\r\n'.repeat(20_000)}`],
    ['no HTTP at all, after two requests', 2, `${GET}${GET}no HTTP at all\r\n\r\n`],
    ['a request with a broken body', 1, `${GET}${BROKEN_BODY}`],
    ['a request after the last', 1, `${CLOSING}${GET}`],
  ])('with answers under way ends with them, where the client goes on with %s', async (_what, whole, text) => {
    await serve(10, ENOUGH, (response) => setTimeout(() => response.end('answer'), 50));
    const client = new Client(text);
    await until('its end', () => client.ended);
    await noneOpen();
    expect(client.text.match(/HTTP\/1.1 \d+|answer/g)?.join()).toBe('HTTP/1.1 200,answer,'.repeat(whole).slice(0, -1));
  });

  it('with an answer under way ends at its end, where that has begun', async () => {
    await serve(10, ENOUGH, (response) => {
      response.write('an ');
      setTimeout(() => response.end('answer'), 50);
    });
    const client = new Client(`${GET}no HTTP at all\r\n\r\n`);
    await until('its end', () => client.ended);
    await noneOpen();
    expect(client.text).toMatch(/an \r\n6\r\nanswer\r\n0\r\n\r\n$/);
  });
});

describe('an answer', () => {
  const LARGE = 16 * 1_048_576;
  const large: Answer = (response) => response.end(Buffer.alloc(LARGE, 'x'));

  it('that its client does not read is given up with its connection', async () => {
    await serve(10, ENOUGH, large);
    new Client(GET).socket.pause();
    await until('the connection', async () => (await open()) === 1);
    await noneOpen();
    expect(clients.map(({ text }) => text)).toEqual(['']);
  });

  it('that is read slowly, but steadily, comes whole', async () => {
    await serve(10, ENOUGH, large);
    const { socket } = new Client(GET);
    let bytes = 0;
    socket.on('data', (piece) => {
      bytes += piece.length;
      socket.pause();
      setTimeout(() => socket.resume(), 3);
    });
    await until('all of it', () => bytes > LARGE);
    expect(await open()).toBe(1);
  });

  it('may be waited for, and so may the next request', async () => {
    await serve(10, ENOUGH, (response) => setTimeout(() => response.end('answer'), 3 * STALL_MS));
    const client = new Client(GET);
    await until('the answer', () => client.text.endsWith('answer'));
    await new Promise((resolve) => setTimeout(resolve, 2 * STALL_MS));
    client.socket.write(GET);
    await until('the next answer', () => client.text.split('HTTP/1.1 200').length === 3);
    expect(client.ended).toBe(false);
  });

  it.each([
    [10, 10],
    [11, 10],
    [1_000, 10],
  ])('to each of %i requests at once is begun for %i of them', async (sent, begun) => {
    let answers = 0;
    await serve(10, ENOUGH, () => answers++);
    const client = new Client(GET.repeat(sent));
    await until('the requests', () => answers === begun);
    if (sent > begun) await until('its end', () => client.ended);
    expect([client.ended, answers]).toEqual([sent > begun, begun]);
  });
});

describe('where no more connections are taken', () => {
  it('one that is still answered does not rest, though an earlier request of it has been', async () => {
    let answers = 0;
    await serve(1, ENOUGH, (response) => {
      if (answers++ === 0) response.end('answer');
    });
    const first = new Client(GET + GET);
    await until('one answer', () => first.text.endsWith('answer') && answers === 2);
    const second = new Client(GET);
    await until('its refusal', () => second.ended);
    expect([first.ended, second.text.slice(0, 12)]).toEqual([false, 'HTTP/1.1 503']);
  });

  it('those that have sent nothing give way, the oldest first, then those that rest', async () => {
    await serve(3);
    const resting = new Client(GET);
    await until('its answer', () => resting.text.includes('answer'));
    const silent = [new Client(), new Client()];
    await until('three connections', async () => (await open()) === 3);
    const calls = [0, 1].map(() => new Client(GET));
    await until('their answers', () => calls.every(({ text }) => text.includes('HTTP/1.1 200')));
    expect([resting.ended, ...silent.map(({ ended }) => ended)]).toEqual([false, true, true]);
    const last = new Client(GET);
    await until('its answer', () => last.text.includes('HTTP/1.1 200'));
    expect(resting.ended).toBe(true);
  });

  it('and all of them are busy, a new one is told so and destroyed, and its request is not carried out', async () => {
    await serve(2, ENOUGH, hang);
    let requests = 0;
    server.on('request', () => requests++);
    for (const _ of [0, 1]) void new Client(GET);
    await until('two requests', () => requests === 2);
    const third = new Client(GET);
    await until('its answer', () => third.ended);
    expect(third.text).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 1[^]*service_unavailable/);
    await until('its end', async () => (await open()) === 2);
    expect(requests).toBe(2);
  });
});

it('there may be half as many as descriptors are left beside those for stores', () => {
  expect([400, 1_024, 65_536, 100, Infinity].map(connectionsBy)).toEqual([136, 448, 20_000, 16, 20_000]);
  expect(descriptorLimit()).toBeGreaterThan(100);
});
