import { pino } from 'pino';
import { expect, it } from 'vitest';
import { DAY, MadeUpStatement, ReconciliationDesk } from '../../../test/support/reconciliation/desk.js';
import { WaitFor } from '../../event-store/index.js';
import { DAY_MS } from '../../kernel/index.js';
import { Metrics, PeriodicWorkers } from '../../platform/index.js';
import { reconciliationDays } from './items.projection.js';
import { ReconciliationWorker } from './reconciliation-worker.js';

/** Brings the views up to date, as a gateway does all the time. */
class Projecting extends WaitFor {
  constructor(private readonly desk: ReconciliationDesk) {
    super(desk.store, desk.readModels);
  }
  override head = (): Promise<void> => this.desk.project();
}

it('compares each day once it is over, catches up, and counts what is open', async () => {
  const desk = new ReconciliationDesk();
  const createdAt = DAY + 3_600_000;
  const money = { currency: 'usd', amountMinor: 5_000, feeMinor: 175 };
  const foreign = { balanceTransactionId: 'txn_a', createdAt, category: 'charge', ...money };
  const statement = new MadeUpStatement([foreign], () => desk.clock.now());
  const metrics = new Metrics();
  const workers = new PeriodicWorkers(pino({ level: 'silent' }));
  const parts = [desk.readModels, new Projecting(desk), desk.reconciler, statement, desk.clock, metrics] as const;
  const worker = new ReconciliationWorker(workers, ...parts);
  const days = async () =>
    (await desk.readModels.find(reconciliationDays.view, { orderBy: 'day' })).map(({ id }) => id);

  await worker.look();
  expect(await days()).toEqual(['2026-03-02']);
  expect(await metrics.registry.metrics()).toContain('tokenhub_unreconciled_transactions{status="theirs_only"} 1');
  desk.clock.at += 2 * DAY_MS;
  await worker.look();
  expect(await days()).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);

  await desk.close('txn_a', 'foreign_payment');
  const head = await desk.store.head();
  await worker.look();
  expect(await desk.store.head()).toBe(head);
  expect(await metrics.registry.metrics()).toContain('tokenhub_unreconciled_transactions{status="theirs_only"} 0');
});
