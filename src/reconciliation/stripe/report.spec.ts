import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { DAY, MadeUpStatement, ReconciliationDesk } from '../../../test/support/reconciliation/desk.js';
import { DAY_MS, formatUsd, picoUsd, toInstant } from '../../kernel/index.js';
import { type ItemRow, reconciliationItems } from './items.projection.js';
import { reconciliationStream } from './reconciliation.events.js';
import { reportRows } from './report.js';
import type { StripeTransaction } from './stripe-balance.js';

const HOUR_MS = 3_600_000;
const PAYOUT: StripeTransaction = {
  balanceTransactionId: 'txn_p',
  createdAt: DAY + HOUR_MS,
  currency: 'usd',
  amountMinor: -18_052,
  feeMinor: 0,
  category: 'payout',
  sourceId: 'po_1',
};
const REPORT = { payoutId: 'po_1', currency: 'usd', amountMinor: 18_052, feeMinor: 0, createdAt: PAYOUT.createdAt };

const REPORT_AT = toInstant(DAY + 2 * DAY_MS);

const setup = () => {
  const desk = new ReconciliationDesk();
  return { desk, statement: new MadeUpStatement([], () => desk.clock.now()) };
};

/** The items’ statuses and figures, as the report of the day has them. */
async function reported({ readModels, clock }: ReconciliationDesk): Promise<string[][]> {
  const text = (amount: bigint): string => formatUsd(picoUsd(amount));
  const rows: string[][] = [];
  for await (const row of reportRows(readModels, { from: DAY, to: DAY + DAY_MS }, clock.now())) {
    const { status, category, ours_amount: ours, stripe_amount: stripe, difference } = row;
    rows.push([status, category, text(ours), text(stripe), text(difference)]);
  }
  return rows;
}

const itemOf = async ({ readModels }: ReconciliationDesk) =>
  (await readModels.load(reconciliationItems.view, ['po_1'])).get('po_1')?.doc as ItemRow | undefined;

it('says of an item that was ours alone and agrees now what both sides have', async () => {
  const { desk, statement } = setup();
  await desk.payouts.report({ ...REPORT, status: 'paid' }, PAYOUT.createdAt);
  await desk.compare(statement);
  expect(await reported(desk)).toEqual([['ours_only', '', '-180.52', '0.00', '180.52']]);
  statement.all.push(PAYOUT);
  await desk.compare(statement);
  expect(await reported(desk)).toEqual([['matched', 'payout', '-180.52', '-180.52', '0.00']]);
  const { sides } = (await itemOf(desk)) ?? {};
  expect(sides?.theirs).toMatchObject([{ balanceTransactionId: 'txn_p', amountMinor: -18_052 }]);
  expect([sides?.ours.length, sides?.corrections]).toEqual([1, []]);
});

it('says by how much Stripe’s balance exceeds the ledger, its fee taken off', async () => {
  const { desk, statement } = setup();
  const charge = { ...PAYOUT, balanceTransactionId: 'txn_c', category: 'charge', sourceId: 'ch_1' };
  statement.all.push({ ...charge, amountMinor: 5_000, feeMinor: 175 });
  await desk.compare(statement);
  expect(await reported(desk)).toEqual([['theirs_only', 'charge', '0.00', '50.00', '48.25']]);
});

it('says of a payout that was on its way and came back that both sides have nothing', async () => {
  const { desk, statement } = setup();
  statement.all.push(PAYOUT);
  await desk.compare(statement);
  expect(await reported(desk)).toEqual([['pending', 'payout', '0.00', '-180.52', '-180.52']]);
  const back = { ...PAYOUT, balanceTransactionId: 'txn_q', category: 'payout_reversal', amountMinor: 18_052 };
  statement.all.push({ ...back, createdAt: DAY + 2 * HOUR_MS });
  await desk.payouts.report({ ...REPORT, status: 'failed' }, desk.clock.now());
  await desk.compare(statement);
  expect(await reported(desk)).toEqual([['matched', 'payout', '0.00', '0.00', '0.00']]);
});

it('of an item that agreed before events said on what, both sides have what was known of one', async () => {
  const { desk, statement } = setup();
  await desk.payouts.report({ ...REPORT, status: 'paid' }, PAYOUT.createdAt);
  await desk.compare(statement);
  const stream = reconciliationStream('2026-03-02');
  const events = await desk.store.readStream(stream, 0, 10);
  const matched = { id: randomUUID(), type: 'ReconciliationItemMatched', metadata: {} };
  await desk.store.append(stream, events.length - 1, [{ ...matched, data: { itemId: 'po_1', at: REPORT_AT } }]);
  await desk.project();
  expect(await reported(desk)).toEqual([['matched', '', '-180.52', '-180.52', '0.00']]);
  expect((await itemOf(desk))?.sides.corrections).toEqual([]);
});
