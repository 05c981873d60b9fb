// What comes in at the edge of HTTP: compressed bodies, pages of other origins, paths with slashes, readers of streams that know no comments.
// Modes: embedded. None of it has to do with stores.
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, chat, errorOf, jsonOf, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { type TestAccount } from '../../support/gateway/ledger-desk.js';
import { readStream, withoutCost } from '../../support/gateway/streams.js';
import { until } from '../../support/gateway/until.js';

const LIMIT = 100_000;
const ORIGIN = 'https://app.example.com';

let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  gateway = await startGateway({
    env: { BODY_LIMIT_BYTES: String(LIMIT), CORS_ORIGINS: `${ORIGIN}, http://localhost:3000` },
  });
  account = await gateway.desk.account();
});
afterAll(() => gateway.close());

const call = (body: Parameters<typeof post>[2], headers: Record<string, string> = {}, path?: string) =>
  post(gateway.url, account.key, body, { headers, ...(path !== undefined && { path }) });

describe('a compressed body', () => {
  const json = JSON.stringify(chat('Hi', { max_tokens: 5 }));
  const encoded = (encoding: string, bytes: Buffer) => call(new Uint8Array(bytes), { 'content-encoding': encoding });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('of %s is read, and held for by what it was before', async (encoding, compress) => {
    const one = await gateway.desk.account();
    const send = (body: Parameters<typeof post>[2], headers = {}) => post(gateway.url, one.key, body, { headers });
    const plain = await send(json);
    const answer = await send(new Uint8Array(compress(json)), { 'content-encoding': encoding });
    const same = ({ text }: Answer): string => text.replace(/"id":"[^"]+"/, '').replace(/"created":\d+/, '');
    expect([answer.status, same(answer)]).toEqual([200, same(plain)]);
    const [first, second] = await one.eventsOf('HoldPlaced');
    expect(second?.amount).toBe(first?.amount);
  });

  it('of an encoding that is not known is refused, and those that are are named', async () => {
    const error = errorOf(await encoded('compress', Buffer.from(json)));
    expect(error).toMatchObject({ status: 415, code: 'unsupported_content_encoding' });
    expect(error.message).toContain('gzip, deflate, br, zstd');
    expect(errorOf(await encoded('gzip, br', Buffer.from(json))).status).toBe(415);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('that is none of %s, or is cut off, is a 400', async (encoding) => {
    expect(errorOf(await encoded(encoding, Buffer.from(json)))).toMatchObject({
      status: 400,
      code: 'invalid_encoding',
    });
    const compress = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }[encoding];
    const cut = compress?.(json).subarray(0, -4) ?? Buffer.alloc(0);
    expect(errorOf(await encoded(encoding, cut)).status).toBe(400);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('of %s may come to no more than a body may have', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(50_000_000, ' '));
    expect(bomb.length).toBeLessThan(LIMIT);
    const before = process.memoryUsage().arrayBuffers;
    expect(errorOf(await encoded(encoding, bomb))).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect((await call(json)).status).toBe(200);
  });

  it('is taken by /api, too', async () => {
    const body = new Uint8Array(
      gzipSync(JSON.stringify({ email: 'nobody@example.com', password: 'not the password' })),
    );
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await request(`${gateway.url}/api/auth/login`, { method: 'POST', headers, body });
    expect(errorOf(answer)).toMatchObject({ status: 401, code: 'invalid_credentials' });
  });
});

describe('a request with an odd head', () => {
  /** What the gateway writes to a connection that says this, until it ends the connection. */
  const said = async (...head: readonly string[]): Promise<string> => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port) });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.write(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n`);
    await until('the end of the answer', () => socket.closed);
    return text;
  };
  const error = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as unknown;

  it.each([
    [417, ['GET /v1/models HTTP/1.1', 'host: x', 'expect: a miracle']],
    [417, ['GET /healthz HTTP/1.1', 'host: x', 'expect: 100-continue, 200-ok']],
    [400, ['GET /healthz HTTP/1.1']],
    [400, ['GET /healthz HTTP/1.1', 'host: x', 'Host: y']],
    [400, ['GET /healthz HTTP/1.1', 'host: a, b']],
    [400, ['GET /healthz HTTP/1.1', 'host: me@x/<script>']],
    [501, ['POST /api/auth/login HTTP/1.1', 'host: x', 'transfer-encoding: gzip, chunked']],
  ])('is answered %s as every other error is: %s', async (status, head) => {
    const text = await said(...head);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*x-request-id: req_`, 'i'));
    expect(error(text)).toMatchObject({ error: { type: 'invalid_request_error', code: 'invalid_request' } });
  });

  it.each(['', 'x', 'my_gateway.example:8080', 'xn--bcher-kva.example', '127.0.0.1:80', '[::1]:8080', '[2001:db8::1]'])(
    'has a host that may be: %j',
    async (host) => expect(await said('GET /healthz HTTP/1.1', `host: ${host}`)).toMatch(/^HTTP\/1\.1 200 /),
  );

  it('has Anthropic’s shape where its clients ask', async () =>
    expect(
      error(await said('POST /v1/messages HTTP/1.1', 'host: x', 'content-length: 0', 'expect: more')),
    ).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } }));

  it('may be of HTTP/1.0, which knows no hosts', async () =>
    expect(await said('GET /healthz HTTP/1.0')).toMatch(/^HTTP\/1\.1 200 /));

  it.each([
    ['1.0', 401],
    ['1.1', 100],
  ])('that is of HTTP/%s and expects to be asked for its body, hears %i first', async (version, first) => {
    const json = JSON.stringify({ email: 'nobody@example.com', password: 'not the password' });
    const head = [`POST /api/auth/login HTTP/${version}`, 'host: x', 'content-type: application/json'];
    const text = await said(
      ...head,
      'expect: 100-continue',
      `content-length: ${json.length}`,
      'connection: close',
      '',
      json,
    );
    expect(text.split(/(?=HTTP\/1\.1)/).map((part) => Number(part.slice(9, 12)))).toEqual(
      first === 100 ? [100, 401] : [401],
    );
  });
});

describe('a request whose body has not come', () => {
  /** The head of a request for a body of 90 kB, the first bytes of that, and nothing more. */
  const begun = async (path: string, headers: readonly string[] = []) => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const seen = { text: '', ended: false };
    socket.on('data', (chunk) => (seen.text += chunk.toString())).on('end', () => (seen.ended = true));
    const head = [`POST ${path} HTTP/1.1`, 'host: x', 'content-type: application/json', 'content-length: 90000'];
    socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n{"model":`);
    await until('the answer and its end', () => seen.ended);
    socket.destroy();
    return seen.text;
  };

  it.each([
    ['/v1/chat/completions', [], 401],
    ['/v1/messages', ['x-api-key: sk-th_wrong'], 401],
    ['/v1/audio/transcriptions', ['authorization: Bearer sk-th_wrong'], 401],
    ['/v1/messages/count_tokens', [], 401],
    ['/api/keys', [], 401],
    ['/api/refunds', ['cookie: th_session=wrong'], 401],
    ['/v1/nowhere', [], 404],
    ['/api/auth/login', [], 413],
  ])('to %s is refused by its head, and its connection closed', async (path, headers, status) => {
    const text = await begun(path, headers);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*connection: close`, 'i'));
  });

  it('is refused for its key before its encoding is looked at', async () => {
    expect(await begun('/v1/chat/completions', ['content-encoding: compress'])).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('keeps its connection where it is small enough to have come', async () => {
    const answer = await post(gateway.url, 'sk-th_wrong', chat('Hi'));
    expect([answer.status, answer.headers.get('connection')]).toEqual([401, 'keep-alive']);
  });
});

describe('JSON that is too deep', () => {
  const deep = `{"model":"gpt-4o-mini","messages":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;

  it.each(['/v1/chat/completions', '/v1/messages', '/v1/responses', '/v1/embeddings', '/v1/messages/count_tokens'])(
    'is the client’s to mend at %s',
    async (path) => {
      const answer = await call(deep, {}, path);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('nested more than 128 levels deep');
    },
  );

  it('is told so by /api, too', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: deep };
    expect(errorOf(await request(`${gateway.url}/api/auth/login`, init))).toMatchObject({
      status: 400,
      code: 'json_too_complex',
    });
  });
});

describe('a page of another origin', () => {
  const preflight = (path: string, origin: string) =>
    request(`${gateway.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type, x-stainless-os',
      },
    });

  it.each([ORIGIN, 'http://localhost:3000'])('that is named (%s) may call, asked without a key', async (origin) => {
    const { status, headers } = await preflight('/v1/chat/completions', origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')).toBe('authorization, content-type, x-stainless-os');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')?.toLowerCase()).toContain('origin');
  });

  it('reads answers, streams and errors, and their headers', async () => {
    const answers = [
      await call(chat('Hi'), { origin: ORIGIN }),
      await call(chat('Hi', { stream: true }), { origin: ORIGIN }),
      await call('{', { origin: ORIGIN }),
      await post(gateway.url, 'sk-th_wrong', chat('Hi'), { headers: { origin: ORIGIN } }),
      await request(`${gateway.url}/v1/nowhere`, { headers: { origin: ORIGIN } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 401, 404]);
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-expose-headers')).toBe('*');
    }
  });

  it('that is not named may not, and none may call /api', async () => {
    const other = 'https://evil.example.com';
    for (const [path, origin] of [
      ['/v1/chat/completions', other],
      ['/api/auth/login', ORIGIN],
      ['/v1x', ORIGIN],
    ] as const) {
      const { headers } = await preflight(path, origin);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await call(chat('Hi'), { origin: other })).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a path', () => {
  it.each(['/v1/chat/completions/', '//v1/chat/completions', '/v1//chat/completions', '/v1/chat/completions/?x=1'])(
    'is read as it is meant: %s',
    async (path) => expect((await call(chat('Hi'), {}, path)).status).toBe(200),
  );

  it('keeps the shape of its errors, whatever its slashes', async () => {
    expect(jsonOf(await call('{', {}, '/v1//messages/'))).toMatchObject({ type: 'error' });
    expect(errorOf(await call('{}', {}, '/v1/files/')).code).toBe('unsupported_endpoint');
  });
});

describe('the cost of a stream', () => {
  it('is left out for readers that choke on comments', async () => {
    const body = chat('Hi', { stream: true });
    const silent = await call(body, { 'x-tokenhub-cost-comment': 'off' });
    expect(readStream(silent.text)).toMatchObject({ done: true });
    expect(silent.text).not.toMatch(/^:/m);
    expect(withoutCost((await call(body)).text).cost).toMatch(/^0\.\d+$/);
  });
});
