// Modes: embedded, two-gateways. Two gateways run on servers, too.
// What the client received is in the ledger: the last byte of an answer leaves after its charge is durable.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStoreUnavailable } from '../../../src/event-store/index.js';
import { AppendGate, type Store } from '../../support/gateway/append-gate.js';
import { chat, errorOf, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING, released, type TestAccount } from '../../support/gateway/ledger-desk.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { readStream } from '../../support/gateway/streams.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

/** A gate before the charges of the gateway, while `work` runs. */
async function behindGate(
  pass: (store: Store, nth: number) => Promise<void>,
  work: (gate: AppendGate) => Promise<void>,
) {
  account = await gateway.desk.account();
  const gate = new AppendGate(gateway.eventStores, 'TokensCharged', pass);
  try {
    await work(gate);
  } finally {
    gate.remove();
  }
}

const down = () => Promise.reject(new EventStoreUnavailable('the ledger is down'));

describe('while the charge is not durable', () => {
  it('a stream does not end: everything but [DONE] has arrived', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    await behindGate(
      (store) => opened.then(store),
      async (gate) => {
        const client = new RawClient(gateway.url, account.key, chat('Hi', { stream: true }));
        await client.read();
        await until('the last chunk', () => client.text.includes('"finish_reason":"stop"'));
        await until('the charge at the gate', () => gate.arrived === 1);
        expect(client.text).not.toContain('[DONE]');
        expect(await account.ending()).toMatchObject({ charged: [], open: 1 });
        open();
        await until('the end', () => client.text.includes('[DONE]'));
        expect(await account.ending()).toMatchObject({ charged: [expect.any(String)], open: 0 });
      },
    );
  });

  it('not a byte of a plain answer has left, not even its status', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    await behindGate(
      (store) => opened.then(store),
      async (gate) => {
        const client = new RawClient(gateway.url, account.key, chat('Hi'));
        let answered = false;
        const read = client.read().then(() => (answered = true));
        await until('the charge at the gate', () => gate.arrived === 1);
        expect(answered).toBe(false);
        open();
        await read;
        await until('the answer', () => client.text.endsWith('}'));
        expect(await account.ending()).toMatchObject({ charged: [expect.any(String)], open: 0 });
      },
    );
  });
});

describe('an append of a charge', () => {
  it('that fails once is sent again: one charge, and the answer', async () => {
    await behindGate(
      (store, nth) => (nth === 1 ? down() : store()),
      async () => {
        const answer = await post(gateway.url, account.key, chat('Hi', { stream: true }));
        expect(readStream(answer.text).done).toBe(true);
        expect((await account.ending()).charged).toHaveLength(1);
      },
    );
  });

  it('that was stored but not acknowledged is not stored twice', async () => {
    await behindGate(
      (store, nth) => (nth === 1 ? store().then(down) : store()),
      async () => {
        const answer = await post(gateway.url, account.key, chat('Hi'));
        expect(answer.status).toBe(200);
        expect(await account.ending()).toEqual({ ...NOTHING, charged: [answer.headers.get('x-tokenhub-cost')] });
      },
    );
  });

  it('that is never answered is sent again after a while', async () => {
    await behindGate(
      (store, nth) => (nth === 1 ? new Promise(() => undefined) : store()),
      async () => {
        const answer = await post(gateway.url, account.key, chat('Hi', { stream: true }));
        expect(readStream(answer.text).done).toBe(true);
        expect((await account.ending()).charged).toHaveLength(1);
      },
    );
  });
});

it('a ledger that stays down gives an error: nothing is forwarded, or no [DONE] sent', async () => {
  const open = { ...NOTHING, open: 1 };
  await behindGate(down, async (charges) => {
    const [streamed, failing, unheld] = await Promise.all([
      gateway.desk.account(),
      gateway.desk.account(),
      gateway.desk.account(),
    ]);
    const releases = new AppendGate(gateway.eventStores, 'HoldReleased', down);
    const calls = [
      post(gateway.url, account.key, chat('Hi')),
      post(gateway.url, streamed.key, chat('Hi', { stream: true })),
      post(gateway.url, failing.key, chat('[[sandbox fault=error_midstream]]', { stream: true })),
    ] as const;
    await until('all three at the gates', () => charges.arrived >= 2 && releases.arrived >= 1);
    const holds = new AppendGate(gateway.eventStores, 'HoldPlaced', down);
    const [refused, plain, ...streams] = await Promise.all([post(gateway.url, unheld.key, chat('Hi')), ...calls]);

    for (const answer of [refused, plain])
      expect(errorOf(answer)).toMatchObject({ status: 503, type: 'service_unavailable', code: 'service_unavailable' });
    expect(plain.text).not.toContain('Sandbox answer');
    for (const { text } of streams)
      expect(readStream(text)).toMatchObject({ done: false, error: { code: 'service_unavailable' } });
    expect(await gateway.wasForwarded(refused.requestId)).toBe(false);
    expect(await unheld.ending()).toEqual(NOTHING);
    for (const one of [account, streamed, failing]) expect(await one.ending()).toEqual(open);
    for (const gate of [holds, releases]) gate.remove();
    await until('the release, late', async () => (await failing.ending()).open === 0);
    expect(await failing.ending()).toEqual(released('upstream_error'));
    charges.remove();
    for (const one of [account, streamed]) {
      await until('the charge, late', async () => (await one.ending()).open === 0);
      expect(await one.ending()).toEqual(charged((await one.charge()).cost));
    }
  });
  await until('a whole answer again', async () => (await post(gateway.url, account.key, chat('Hi'))).status === 200);
});

it('nothing is forwarded while the hold is not durable', async () => {
  const one = await gateway.desk.account();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const gate = new AppendGate(gateway.eventStores, 'HoldPlaced', (store) => opened.then(store));
  const answer = post(gateway.url, one.key, chat('Hi'));
  await until('the hold at the gate', () => gate.arrived === 1);
  const forwarded = async () => (await gateway.usageLines()).length;
  const before = await forwarded();
  expect(await one.ending()).toEqual(NOTHING);
  open();
  gate.remove();
  expect((await answer).status).toBe(200);
  expect(await forwarded()).toBe(before + 1);
});
