// Operators see any account as it was, at an instant or at a position of the log.
// Modes: embedded. What is read is the same on every store.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventStore } from '../../../src/event-store/index.js';
import { accountStream } from '../../../src/ledger/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
let olga: TestPerson;

beforeAll(async () => {
  gateway = await startGateway();
  olga = await newPersonWithRole(gateway, 'operator');
});
afterAll(() => gateway.close());

it('shows lots, holds and keys at each position, and refuses both ends at once', async () => {
  const account = await gateway.desk.account();
  await post(gateway.url, account.key, chat('Hi'));
  const path = `/api/operator/accounts/${account.id}`;
  const events = await gateway.app.get(EventStore).readStream(accountStream(account.id), 0, 100);
  const held = events.find(({ type }) => type === 'HoldPlaced');
  expect((await olga.get(`${path}?position=${held?.position}`)).body).toMatchObject({
    object: 'account',
    holds: [{ charge_id: held?.data['chargeId'], placed_at: held?.data['at'] }],
    last_event_at: held?.data['at'],
  });
  const now = (await olga.get(path)).body;
  expect(now).toMatchObject({ held: '0.00', holds: [] });
  expect((await olga.get(`${path}?as_of=${String(now['last_event_at'])}`)).body).toEqual(now);
  expect((await olga.get(`${path}?position=1&as_of=2026-01-01`)).status).toBe(400);
  expect((await olga.get(`${path}?as_of=2020-01-01`)).status).toBe(404);
});
