// Whatever looks, and however often: a fall below the threshold is noted once.
import { beforeEach, expect, it } from 'vitest';
import { SetClock } from '../../../test/support/identity/desk.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import type { ViewDefinition } from '../../event-store/index.js';
import { type JsonObject, usd } from '../../kernel/index.js';
import { balances } from '../../ledger/index.js';
import { BalanceAlertWorker } from './balance-alert-worker.js';
import { balanceAlertStream } from './balance-alert.events.js';
import { BalanceAlerts } from './balance-alerts.js';
import { balanceAlertRows } from './balance-alerts.projection.js';

let store: MemoryEventStore;
let readModels: MemoryReadModelStore;
let alerts: BalanceAlerts;
let position: number;

const put = (view: ViewDefinition, doc: JsonObject) =>
  readModels.apply(view, { rows: [{ id: 'acc', doc: { accountId: 'acc', ...doc }, position: ++position }] });
const look = () => new BalanceAlertWorker(readModels, new BalanceAlerts(store), new SetClock()).look();
const noted = async () => (await store.readStream(balanceAlertStream('acc'), 0, 10)).map(({ type }) => type).slice(1);

beforeEach(async () => {
  store = new MemoryEventStore();
  readModels = new MemoryReadModelStore();
  alerts = new BalanceAlerts(store);
  position = 0;
  await alerts.execute('acc', { type: 'SetBalanceAlert', at: 0, threshold: usd('5'), by: 'ada' });
  await put(balanceAlertRows.view, { watched: true, threshold: '5.00', isTold: false });
});

it('a fall is noted once, by however many gateways, though their read models lag', async () => {
  await put(balances.view, { posted: '4.99', held: '0.00' });
  await Promise.all([look(), look()]);
  await look();
  expect(await noted()).toEqual(['BalanceFellLow']);
});

it('what calls under way hold is no fall', async () => {
  await put(balances.view, { posted: '5.00', held: '4.00' });
  await look();
  expect(await noted()).toEqual([]);
});

it('a closed account is not told', async () => {
  await put(balances.view, { posted: '0.00', held: '0.00', closed: true });
  await look();
  expect(await noted()).toEqual([]);
});
