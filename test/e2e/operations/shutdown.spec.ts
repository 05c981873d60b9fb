// Modes: embedded, two-gateways. Two gateways run on servers, too.
// SIGTERM: nothing new is let in, streams under way finish and are settled, and it does not take for ever.
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chat, COMPLETIONS, errorOf, jsonOf, post, request } from '../../support/gateway/calls.js';
import { newFolder } from '../../support/gateway/gateway.js';
import { type RunningGateway, RunningGateways, startGatewayProcess } from '../../support/gateway/gateway-process.js';
import { type Office, openOffice } from '../../support/gateway/office.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { readStream } from '../../support/gateway/streams.js';
import { until } from '../../support/gateway/until.js';

let running: RunningGateways;
/** The one that is told to stop, of two. */
let gateway: RunningGateway;
let office: Office;
let files: Awaited<ReturnType<typeof newFolder>>;
beforeEach(async () => {
  files = await newFolder();
  running = await RunningGateways.start({
    ...files.env,
    SHUTDOWN_TIMEOUT_MS: '20000',
    CLIENT_STALL_TIMEOUT_MS: '1000',
  });
  gateway = running.first;
  office = await openOffice(files.env);
});
afterEach(async () => {
  await office.close();
  await gateway.program.kill('SIGKILL');
  await running.kill('SIGKILL');
  await files.close();
});

/** Starts a stream and resolves when its first chunk has come. */
async function streaming(directive: string) {
  const account = await office.desk.account();
  const client = new RawClient(gateway.url, account.key, chat(`[[sandbox ${directive}]]`, { stream: true }));
  await client.read();
  await until('the first chunk', () => client.text.includes('"role"'));
  return { account, client };
}

async function terminate(): Promise<void> {
  gateway.program.signal('SIGTERM');
  await until('the shutdown to begin', async () => (await request(`${gateway.url}/readyz`)).status === 503);
}

/** A connection on which a request has begun and never ends. */
function unfinishedRequest(): Socket {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').on('error', () => undefined);
  socket.write(`POST ${COMPLETIONS} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"model":`);
  return socket;
}

describe('SIGTERM', () => {
  it('lets a stream finish and settles it; new calls are refused meanwhile', async () => {
    const { account, client } = await streaming('chunks=50 chunk_delay=100');
    await terminate();
    expect(client.text).not.toContain('[DONE]');
    await until('its word of that', () => /"calls":1,.*"shutting down/.test(gateway.program.output));
    const refused = await post(gateway.url, account.key, chat('Hi'));
    expect(errorOf(refused)).toMatchObject({ status: 503, type: 'service_unavailable' });
    expect(refused.headers.get('retry-after')).toBe('1');
    await until('the end of the stream', () => client.closed);
    expect(readStream(client.text)).toMatchObject({ done: true, error: undefined });
    expect(await account.ending()).toMatchObject({ charged: [expect.any(String)], released: [], open: 0 });
    expect(await gateway.program.end()).toBe('SIGTERM');
    expect(gateway.program.stderr).toBe('');
  });

  it('cuts off what takes too long, and leaves no hold open', async () => {
    await gateway.program.kill('SIGTERM');
    gateway = await startGatewayProcess({ ...files.env, SHUTDOWN_TIMEOUT_MS: '200' });
    const { account, client } = await streaming('chunks=1000 chunk_delay=100');
    gateway.program.signal('SIGTERM');
    expect(await gateway.program.end()).toBe('SIGTERM');
    await until('the end of the stream', () => client.closed);
    expect(readStream(client.text).done).toBe(false);
    expect(readStream(client.text).error?.message).toContain('shutting down');
    const { cost, estimated, usage } = await account.charge();
    expect([estimated, usage.completionTokens > 0, (await account.ending()).open]).toEqual(['shutting_down', true, 0]);
    expect(client.text).toContain(`: x-tokenhub-cost ${cost}\n\n`);
    expect(readStream(client.text).error?.message).toContain('What had been delivered was charged.');
  });

  it('does not wait for idle connections, nor for requests that never end', async () => {
    const unfinished = unfinishedRequest();
    await request(`${gateway.url}/healthz`);
    gateway.program.signal('SIGTERM');
    expect(await gateway.program.end()).toBe('SIGTERM');
    unfinished.destroy();
  });

  it('does not wait for a client that has stopped reading', async () => {
    const account = await office.desk.account();
    const client = new RawClient(gateway.url, account.key, chat('[[sandbox chunks=100000]]', { stream: true }));
    await client.head();
    gateway.program.signal('SIGTERM');
    expect(await gateway.program.end()).toBe('SIGTERM');
    expect((await account.ending()).open).toBe(0);
    client.leave();
  });

  it('leaves a ledger that the next gateway goes on with', async () => {
    const { account } = await streaming('chunks=5');
    await gateway.program.kill('SIGTERM');
    gateway = await startGatewayProcess(files.env);
    const answer = await request(`${gateway.url}/v1/account/balance`, {
      headers: { authorization: `Bearer ${account.key}` },
    });
    expect(jsonOf(answer)['balance']).toBe(await account.balance());
    expect((await post(gateway.url, account.key, chat('Hi'))).status).toBe(200);
  });
});
