// Whatever looks, and however often: a fall below the threshold is noted once, by what the ledger has.
import { beforeEach, expect, it } from 'vitest';
import { SetClock } from '../../../test/support/identity/desk.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import type { ViewDefinition } from '../../event-store/index.js';
import { type JsonObject, usd } from '../../kernel/index.js';
import { balances } from '../../ledger/index.js';
import { BalanceAlertWorker } from './balance-alert-worker.js';
import { balanceAlertStream } from './balance-alert.events.js';
import { BalanceAlerts } from './balance-alerts.js';
import { balanceAlertRows } from './balance-alerts.projection.js';

let ledger: Awaited<ReturnType<typeof ledgerWithHistory>>;
let position: number;

/** What the read models have, which may be less than the ledger. */
const put = (view: ViewDefinition, doc: JsonObject) =>
  ledger.readModels.apply(view, { rows: [{ id: 'acc', doc: { accountId: 'acc', ...doc }, position: ++position }] });
/** A gateway of its own looks. */
const look = () =>
  new BalanceAlertWorker(ledger.readModels, ledger.accounts, new BalanceAlerts(ledger.store), new SetClock()).look();
const events = async () => (await ledger.store.readStream(balanceAlertStream('acc'), 0, 10)).slice(1);
const noted = async () => (await events()).map(({ type }) => type);

beforeEach(async () => {
  ledger = await ledgerWithHistory();
  await ledger.open('acc'); // with $10.00
  position = 0;
  const alerts = new BalanceAlerts(ledger.store);
  await alerts.execute('acc', { type: 'SetBalanceAlert', at: 0, threshold: usd('10'), by: 'ada' });
  await put(balanceAlertRows.view, { watched: true, threshold: '10.00', isTold: false });
});

/** Spends 100 × $2.50 + 1,000 × $10.00 a million. */
async function spend(): Promise<void> {
  await ledger.hold('acc', 'c1');
  await ledger.settle('acc', 'c1', 1_000);
}

it('a fall is noted once, by however many gateways, though their read models lag', async () => {
  await spend();
  await put(balances.view, { posted: '9.98975', held: '0.00' });
  await Promise.all([look(), look()]);
  await look();
  expect(await noted()).toEqual(['BalanceFellLow']);
});

it('a fall is told as the ledger has it, not as a read model that lags', async () => {
  await put(balances.view, { posted: '0.00', held: '0.00' });
  await look();
  expect(await noted()).toEqual([]);
  await spend();
  await look();
  expect((await events()).map(({ data }) => data['balance'])).toEqual(['9.98975']);
});

it('what calls under way hold is no fall', async () => {
  await ledger.hold('acc', 'c1');
  await put(balances.view, { posted: '10.00', held: '1.00' });
  await look();
  expect(await noted()).toEqual([]);
});

it('a closed account is not told', async () => {
  await spend();
  await put(balances.view, { posted: '9.98975', held: '0.00', closed: true });
  await look();
  expect(await noted()).toEqual([]);
});
