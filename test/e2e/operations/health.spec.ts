// Whether a gateway can be used, and how it does.
// Modes: embedded, servers. Each gateway tells of itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStore } from '../../../src/event-store/index.js';
import { PROJECTIONS } from '../../../src/operations/index.js';
import { chat, jsonOf, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const look = (path: string) => request(`${gateway.url}${path}`);

describe('health', () => {
  it('is live and ready, without a key', async () => {
    const live = await look('/healthz');
    let ready = await look('/readyz');
    await until('read models to catch up', async () => {
      ready = await look('/readyz');
      return !/"state":"(?!live)|"lagSeconds":(?!0[,}])/.test(ready.text);
    });
    expect([live.status, jsonOf(live)]).toEqual([200, { status: 'ok' }]);
    const projections = PROJECTIONS.map(({ view: { name } }) => ({
      name,
      state: 'live',
      lagSeconds: 0,
    }));
    const checks = { eventStore: 'up', readModels: 'up', projections };
    expect([ready.status, jsonOf(ready)]).toEqual([200, { status: 'ready', checks }]);
  });

  it('is not ready while the ledger is down, and says so', async () => {
    const store = gateway.app.get(EventStore);
    const head = store.head.bind(store);
    store.head = () => Promise.reject(new Error('down'));
    const down = await look('/readyz');
    store.head = head;
    const told = { status: 'not ready', checks: { eventStore: 'down' }, reasons: { eventStore: 'down' } };
    expect([down.status, jsonOf(down)]).toMatchObject([503, told]);
    expect((await look('/healthz')).status).toBe(200);
    expect((await look('/readyz')).status).toBe(200);
  });
});

/** The sum of a metric over its labels. */
async function metric(name: string, labels = ''): Promise<number> {
  const { text } = await look('/metrics');
  const lines = text.split('\n').filter((line) => line.startsWith(name) && line.includes(labels));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('metrics', () => {
  it('count calls by status, holds and charges', async () => {
    const account = await gateway.desk.account();
    await post(gateway.url, account.key, chat('Hi'));
    await post(gateway.url, account.key, chat('Hi', { stream: true }));
    await post(gateway.url, account.key, chat('[[sandbox fault=status_500]]'));
    await post(gateway.url, account.key, chat('Hi', { model: 'gpt-4o', n: 128, max_tokens: 16_384 }));
    expect(await metric('tokenhub_requests_total', 'status="200"')).toBe(2);
    expect(await metric('tokenhub_requests_total', 'status="502"')).toBe(1);
    expect(await metric('tokenhub_requests_total', 'status="402"')).toBe(1);
    expect(await metric('tokenhub_holds_total')).toBe(3);
    expect(await metric('tokenhub_charges_total')).toBe(2);
    expect(await metric('tokenhub_added_seconds_count')).toBe(3);
    expect(await metric('tokenhub_append_seconds_count')).toBeGreaterThan(5);
    await until('projections to catch up', async () => (await metric('tokenhub_projection_lag_seconds')) === 0);
  });
});
