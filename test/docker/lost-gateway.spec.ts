// A gateway behind the load balancer dies: its keys' calls go on at the other, and no call is ever sent twice.
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasNginx, type LoadBalancer, startLoadBalancer } from '../support/docker/nginx.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { chat, errorOf, post, request } from '../support/gateway/calls.js';
import { channel, channelsFile, newFolder } from '../support/gateway/gateway.js';
import { type RunningGateway, startGatewayProcess } from '../support/gateway/gateway-process.js';
import { type Office, openOffice } from '../support/gateway/office.js';
import { until } from '../support/gateway/until.js';
import { answering, type ScriptedUpstream, startUpstream } from '../support/gateway/upstream.js';

const SETTINGS = { BODY_LIMIT_BYTES: '33554432', REQUEST_TIMEOUT_MS: '900000' };

let closing: (() => Promise<unknown>)[];
let provider: ScriptedUpstream;
let gateways: RunningGateway[];
let office: Office;
let balancer: LoadBalancer;

async function newGateway(eventStoreUrl: string): Promise<RunningGateway> {
  const { folder, env } = await newFolder();
  const channels = await channelsFile(folder, [channel('scripted', provider.url)]);
  const gateway = await startGatewayProcess({ ...env, ...channels, EVENT_STORE_URL: eventStoreUrl });
  closing.push(
    () => rm(folder, { recursive: true }),
    () => gateway.program.kill('SIGKILL'),
  );
  return gateway;
}

async function newOffice(eventStoreUrl: string): Promise<void> {
  const { folder, env } = await newFolder();
  office = await openOffice({ ...env, EVENT_STORE_URL: eventStoreUrl });
  closing.push(
    () => rm(folder, { recursive: true }),
    () => office.close(),
  );
}

/** How many calls a gateway has answered. */
async function answered({ url }: RunningGateway): Promise<number> {
  const { text } = await request(`${url}/metrics`);
  return Number(/^tokenhub_requests_total\{status="200"\} (\d+)/m.exec(text)?.[1] ?? 0);
}

/** The gateway that a key's calls go to, and the other. */
async function gatewaysOf(key: string): Promise<{ own: RunningGateway; other: RunningGateway }> {
  const before = await Promise.all(gateways.map(answered));
  for (let n = 0; n < 5; n++) expect((await post(balancer.url, key, chat('Hi'))).status).toBe(200);
  const calls = await Promise.all(gateways.map(async (gateway, n) => (await answered(gateway)) - (before[n] ?? 0)));
  expect(calls.toSorted((a, b) => a - b)).toEqual([0, 5]);
  const [first, second] = gateways as [RunningGateway, RunningGateway];
  return calls[0] === 5 ? { own: first, other: second } : { own: second, other: first };
}

describe.skipIf(!hasNginx)('when a gateway dies', () => {
  beforeEach(async () => {
    closing = [];
    const eventStore = await EventStoreServer.start();
    closing.push(() => eventStore.stop());
    provider = await startUpstream(answering());
    closing.push(() => provider.close());
    const [first, second] = await Promise.all([
      newGateway(eventStore.url),
      newGateway(eventStore.url),
      newOffice(eventStore.url),
    ]);
    gateways = [first, second];
    balancer = await startLoadBalancer({ gateways: gateways.map(({ url }) => url), env: SETTINGS });
    closing.push(() => balancer.stop());
  }, 120_000);
  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
  });

  it('its calls go on at the other, and the one that was under way is not sent again', async () => {
    const account = await office.desk.account('100.00');
    const { own, other } = await gatewaysOf(account.key);
    const calls = provider.calls.length;
    provider.script = () => undefined; // never answers
    const lost = post(balancer.url, account.key, chat('Hi'));
    await until('the call to be under way', () => provider.calls.length === calls + 1);
    await own.program.kill('SIGKILL');
    expect(errorOf(await lost)).toMatchObject({ status: 502, type: 'service_unavailable' });
    provider.script = answering();
    for (let n = 0; n < 10; n++) expect((await post(balancer.url, account.key, chat('Hi'))).status).toBe(200);
    expect(provider.calls).toHaveLength(calls + 1 + 10);
    expect(await answered(other)).toBe(10);
    expect((await account.ending()).charged).toHaveLength(5 + 10);
  });

  it('between calls, the next one goes to the other at once', async () => {
    const account = await office.desk.account('100.00');
    const { own } = await gatewaysOf(account.key);
    const calls = provider.calls.length;
    await own.program.kill('SIGKILL');
    for (let n = 0; n < 3; n++) expect((await post(balancer.url, account.key, chat('Hi'))).status).toBe(200);
    expect(provider.calls).toHaveLength(calls + 3);
  });

  it('nothing is answered without any gateway, in OpenAI’s shape, and the load balancer says that it is not well', async () => {
    const account = await office.desk.account('100.00');
    for (const { program } of gateways) await program.kill('SIGKILL');
    expect(errorOf(await post(balancer.url, account.key, chat('Hi')))).toMatchObject({ status: 502, param: null });
    expect((await request(`${balancer.healthUrl}/readyz`)).status).toBe(502);
    expect(provider.calls).toHaveLength(0);
  });
});
