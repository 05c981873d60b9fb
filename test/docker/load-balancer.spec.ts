// Two gateways behind the load balancer of the Compose files: nothing is held back, nothing is sent twice, and nothing internal shows.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadBalancer, hasNginx, startLoadBalancer } from '../support/docker/nginx.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { chat, COMPLETIONS, errorIn, errorOf, jsonOf, post, request } from '../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../support/gateway/gateway.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';
import { RawClient } from '../support/gateway/raw-client.js';
import { readStream } from '../support/gateway/streams.js';
import { until } from '../support/gateway/until.js';
import {
  answering,
  contentFrame,
  DONE,
  type ScriptedUpstream,
  startUpstream,
  type UpstreamCall,
  usageBlock,
  usageFrame,
} from '../support/gateway/upstream.js';

/** Less than by default, for a quick test; more than nginx takes or keeps in memory by itself. */
const LIMIT_BYTES = 4_194_304;
const SETTINGS = { BODY_LIMIT_BYTES: String(LIMIT_BYTES), REQUEST_TIMEOUT_MS: '900000' };
const INTERNAL = ['healthz', 'readyz', 'metrics'];

let eventStore: EventStoreServer;
let provider: ScriptedUpstream;
let gateways: TestGateway[];
let account: TestAccount;
let balancer: LoadBalancer;

const newGateway = (): Promise<TestGateway> =>
  startGateway({
    env: { EVENT_STORE_URL: eventStore.url, TRUST_PROXY: 'true', ...SETTINGS },
    channels: () => [channel('scripted', provider.url)],
  });

/** A request as it is written, from an address of this machine. */
function raw(path: string, options: { from?: string; headers?: Record<string, string> } = {}) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(balancer.url);
    const { from = '127.0.0.1', headers = {} } = options;
    httpRequest({ hostname, port, path, headers, localAddress: from, agent: false }, (answer: IncomingMessage) => {
      text(answer).then((body) => resolve({ status: answer.statusCode, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}

describe.skipIf(!hasNginx)('behind the load balancer', () => {
  beforeAll(async () => {
    eventStore = await EventStoreServer.start();
    provider = await startUpstream(answering());
    gateways = [await newGateway(), await newGateway()];
    account = await (gateways[0] ?? expect.fail()).desk.account('1000.00');
    balancer = await startLoadBalancer({ gateways: gateways.map(({ url }) => url), env: SETTINGS });
  });
  afterAll(async () => {
    await balancer.stop();
    for (const gateway of gateways) await gateway.close();
    await provider.close();
    await eventStore.stop();
  });

  it('a stream passes piece by piece, each when it comes', async () => {
    let response: ScriptedUpstream['calls'][number]['response'] | undefined;
    provider.script = (call) => (response = call.response.writeHead(200, { 'content-type': 'text/event-stream' }));
    const client = new RawClient(balancer.url, account.key, chat('Hi', { stream: true }));
    await until('the call to reach the provider', () => response);
    response?.write(contentFrame('one'));
    await client.read();
    for (const [word, next] of [
      ['one', 'two'],
      ['two', 'three'],
    ] as const) {
      await until(`"${word}" to reach the client`, () => client.text.includes(`"${word}"`));
      expect(client.text).not.toContain(`"${next}"`);
      response?.write(contentFrame(next));
    }
    response?.end(usageFrame() + DONE);
    await until('the end', () => client.closed);
    expect(readStream(client.text)).toMatchObject({ content: 'onetwothree', done: true });
  });

  it('a large call passes, and none of it is written to disk', async () => {
    const seen: string[][] = [];
    const look = async (call: UpstreamCall): Promise<void> => {
      seen.push(await balancer.files());
      answering()(call);
    };
    provider.script = (call) => void look(call);
    const body = JSON.stringify(chat('x'.repeat(LIMIT_BYTES - 1_000)));
    const answer = await post(balancer.url, account.key, body);
    expect({ status: answer.status, seen }).toEqual({ status: 200, seen: [[]] });
    expect(provider.calls.at(-1)?.body['messages']).toEqual((JSON.parse(body) as { messages: unknown }).messages);
  });

  it('an answer waits for its client at the gateway, not on disk', async () => {
    const long = { index: 0, message: { role: 'assistant', content: 'x'.repeat(LIMIT_BYTES) }, finish_reason: 'stop' };
    provider.script = answering(usageBlock(10, 5), { choices: [long] });
    const client = new RawClient(balancer.url, account.key, chat('Hi'));
    expect((await client.head()).statusCode).toBe(200);
    // By the time that another call has come back, nginx would have taken in the whole answer.
    expect((await post(balancer.url, account.key, chat('Hi'))).status).toBe(200);
    expect(await balancer.files()).toEqual([]);
    client.leave();
  });

  it('a call beyond the limit is refused as the gateway would refuse it', async () => {
    const tooLarge = 'x'.repeat(LIMIT_BYTES + 1);
    const calls = provider.calls.length;
    const [here, there] = [
      await post(balancer.url, account.key, tooLarge),
      await post(gateways[0]?.url ?? '', account.key, tooLarge),
    ];
    const { message, ...refusal } = errorOf(here);
    expect(refusal).toEqual((({ message: _own, ...rest }) => rest)(errorOf(there)));
    expect(message).toContain(`${LIMIT_BYTES} bytes`);
    expect(provider.calls).toHaveLength(calls);
  });

  it('the client’s own address decides where a key may be used from', async () => {
    const { key } = await account.issueKey({ allowedIps: ['127.0.0.2'] });
    const from = async (address: string, claimed?: string): Promise<number | undefined> => {
      const headers = { authorization: `Bearer ${key}`, ...(claimed !== undefined && { 'x-forwarded-for': claimed }) };
      return (await raw('/v1/account/balance', { from: address, headers })).status;
    };
    expect(await from('127.0.0.2')).toBe(200);
    expect(await from('127.0.0.2', '198.51.100.1')).toBe(200);
    expect(await from('127.0.0.3')).toBe(403);
    expect(await from('127.0.0.3', '127.0.0.2')).toBe(403);
  });

  it('all gateways have calls, whichever header keys are in, and a key has one of them', async () => {
    const answered = () =>
      Promise.all(
        gateways.map(async ({ url }) => {
          const { text: metrics } = await request(`${url}/metrics`);
          return Number(/^tokenhub_requests_total\{status="200"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
        }),
      );
    const forms = [
      (key: string) => ({ 'x-api-key': key, authorization: '' }),
      (key: string) => ({ 'x-api-key': key, authorization: 'Bearer sk-ant-placeholder' }),
      (key: string) => ({ 'x-api-key': 'placeholder', authorization: `Bearer ${key}` }),
      (key: string) => ({ authorization: `Bearer ${key}` }),
    ];
    provider.script = answering();
    const start = await answered();
    const keys = await Promise.all(Array.from({ length: 20 }, () => account.issueKey()));
    for (const { key } of keys) {
      const before = await answered();
      for (const form of forms)
        expect((await post(balancer.url, '', chat('Hi'), { headers: form(key) })).status).toBe(200);
      const calls = (await answered()).map((count, n) => count - (before[n] ?? 0));
      expect(calls.toSorted((a, b) => a - b)).toEqual([0, forms.length]);
    }
    const all = (await answered()).map((count, n) => count - (start[n] ?? 0));
    expect(Math.min(...all)).toBeGreaterThan(0);
  });

  it('health and metrics are not to be had, however they are written', async () => {
    for (const name of INTERNAL) {
      const spelled = [
        name,
        `${name}/`,
        `/${name}`,
        `./${name}`,
        `v1/../${name}`,
        `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`,
      ];
      for (const path of [...spelled, `${name}?x=1`, `${name};x`, `${name}%00`, name.toUpperCase()]) {
        const { status, body } = await raw(`/${path}`);
        expect([400, 404], path).toContain(status);
        expect(errorIn(JSON.parse(body) as Record<string, string>).type, path).toBe('invalid_request_error');
      }
    }
    expect((await request(`${gateways[0]?.url}/metrics`)).text).toContain('tokenhub_requests_total');
  });

  it('what is not HTTP gets an error in OpenAI’s shape', async () => {
    const { hostname, port } = new URL(balancer.url);
    const socket = connect(Number(port), hostname);
    socket.end('GET / HTTP/1.1\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*content-type: application\/json/i);
    expect(errorIn(JSON.parse(answer.slice(answer.indexOf('{'))) as Record<string, string>).code).toBe(
      'invalid_request',
    );
  });

  it('idle connections to a gateway are closed by the load balancer first', () => {
    const nginxKeepsMs = 60_000;
    for (const { app } of gateways) {
      expect((app.getHttpServer() as { keepAliveTimeout: number }).keepAliveTimeout).toBeGreaterThan(nginxKeepsMs);
    }
  });

  it('says to its container that it is well', async () => {
    expect(jsonOf(await request(`${balancer.healthUrl}/readyz`))).toMatchObject({ status: 'ready' });
    expect((await request(`${balancer.healthUrl}${COMPLETIONS}`)).status).toBe(404);
  });
});
