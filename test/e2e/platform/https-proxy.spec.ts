// Modes: embedded. The way out has nothing to do with stores.
// A gateway in a network that only a proxy may leave.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { chat, errorOf, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { newPerson } from '../../support/gateway/person.js';
import { readStream } from '../../support/gateway/streams.js';
import { type ConnectProxy, startConnectProxy } from '../../support/network/connect-proxy.js';
import { balanceOf, buy } from '../../support/payments/cashier.js';

// Nobody listens at these ports: only the proxy leads from them to somebody.
const [PROVIDER, BEHIND_FAULTS, STRIPE] = ['localhost:1', 'localhost:2', 'localhost'] as const;

let proxy: ConnectProxy;
let gateway: TestGateway;
beforeAll(async () => {
  proxy = await startConnectProxy();
  gateway = await startGateway({
    env: {
      https_proxy: proxy.url.replace('://', '://hub:s%40fe@'),
      NO_PROXY: 'example.com, localhost:3',
      STRIPE_API_URL: `https://${STRIPE}`,
      UPSTREAM_CONNECT_TIMEOUT_MS: '300',
    },
    channels: (sandboxUrl) => {
      proxy.servers[PROVIDER] = proxy.servers[BEHIND_FAULTS] = sandboxUrl;
      return [
        channel('outside', `https://${PROVIDER}`, { makers: ['openai'] }),
        channel('behind faults', `https://${BEHIND_FAULTS}`, { makers: ['moonshot'] }),
        channel('excepted', 'https://localhost:3', { makers: ['qwen'] }),
        channel('without TLS', sandboxUrl, { makers: ['deepseek'] }),
      ];
    },
  });
  proxy.servers[`${STRIPE}:443`] = gateway.stripe.url;
});
beforeEach(() => {
  proxy.asked.length = 0;
  proxy.refusal = undefined;
});
afterAll(async () => {
  await gateway.close();
  await proxy.close();
});

const call = async (more: object = {}) => {
  const { key } = await gateway.desk.account();
  return post(gateway.url, key, { ...chat('hello'), ...more });
};
const tunnels = () => proxy.asked.map(({ authority }) => authority);

it('reaches providers through the proxy, and keeps the tunnel for the next call', async () => {
  expect((await call()).status).toBe(200);
  const { text } = await call({ stream: true });
  expect(readStream(text).done).toBe(true);
  const credentials = `Basic ${Buffer.from('hub:s@fe').toString('base64')}`;
  expect(proxy.asked.filter(({ authority }) => authority === PROVIDER)).toEqual([{ authority: PROVIDER, credentials }]);
});

it('buys credit at Stripe through the proxy', async () => {
  const person = await newPerson(gateway);
  await buy(gateway, person, '10.00');
  expect(await balanceOf(gateway, person.accountId)).toBe('10.00');
});

it('reaches addresses without TLS, and those of NO_PROXY, directly', async () => {
  expect((await call({ model: 'deepseek-v4-flash' })).status).toBe(200);
  expect(errorOf(await call({ model: 'qwen3.8-max' })).message).toContain('ECONNREFUSED');
  expect(tunnels()).not.toContain('localhost:3');
});

it.each([
  ['407 Proxy Authentication Required', 'Proxy response (407)'],
  ['', 'no connection within 300 ms'],
])('says what becomes of a call whose tunnel the proxy refuses by %j', async (refusal, words) => {
  proxy.refusal = refusal;
  expect(errorOf(await call({ model: 'kimi-k3' }))).toMatchObject({ message: expect.stringContaining(words) });
  expect((await call()).status).toBe(200);
});
