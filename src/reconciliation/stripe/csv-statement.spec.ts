import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, ReconciliationDesk } from '../../../test/support/reconciliation/desk.js';
import { DAY_MS, dayOf, toInstant } from '../../kernel/index.js';
import { formatMinor } from '../../payments/index.js';
import { CsvStatement } from './csv-statement.js';
import type { Comparison } from './reconciliation.events.js';

const HOUR_MS = 3_600_000;
const time = (at: number): string => toInstant(at).slice(0, 19).replace('T', ' ');
const usd = (minor: number): string => formatMinor(minor, 'usd');

/** "Balance change from activity", itemised. */
const activity = (...charges: readonly [id: string, at: number, minor: number][]) => ({
  name: 'activity.csv',
  text: [
    'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id',
    ...charges.map(([id, at, minor]) => `${id},${time(at)},usd,${usd(minor)},0.00,${usd(minor)},charge,ch_1`),
  ].join('\n'),
});

interface PayoutRow {
  readonly id: string;
  readonly effectiveAt: number;
  readonly minor: number;
  readonly category?: string;
}

/** "Payouts", itemised. */
const payouts = (...rows: readonly PayoutRow[]) => ({
  name: 'payouts.csv',
  text: [
    'payout_id,effective_at_utc,currency,balance_transaction_id,gross,fee,net,reporting_category,payout_status',
    ...rows.map(
      ({ id, effectiveAt, minor, category = 'payout' }) =>
        `${id},${time(effectiveAt)},usd,txn_${id}_${category},${usd(minor)},0.00,${usd(minor)},${category},paid`,
    ),
  ].join('\n'),
});

/** "Balance summary". */
const summary = (starting: number, ending: number) => ({
  name: 'summary.csv',
  text: [
    'category,description,net_amount,currency',
    `starting_balance,Starting balance,${usd(starting)},usd`,
    `activity,Activity,${usd(ending - starting)},usd`,
    `ending_balance,Ending balance,${usd(ending)},usd`,
  ].join('\n'),
});

type File = ReturnType<typeof summary>;

const compared = async (desk: ReconciliationDesk, days: number, ...files: readonly File[]) =>
  desk.compare(new CsvStatement(files), DAY, days);

/** What the balances at the end of a day differ by, and what of it is explained. */
const gaps = (days: readonly Comparison[]) =>
  days.map(({ totals: [usdTotal] }) => [
    (usdTotal?.closingMinor ?? 0) - (usdTotal?.ledgerMinor ?? 0),
    usdTotal?.explainedMinor,
  ]);

/** The figures of the payout that is on its way, row by row, in docs/finance.md. */
function workedFigures(): string[][] {
  const page = readFileSync(new URL('../../../docs/finance.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| at the end of'), page.indexOf('Finance does the same'));
  const rows = table.split('\n').map((line) => line.match(/\d+\.\d\d/g) ?? []);
  return rows.filter(({ length }) => length > 0);
}

const refusal = (...files: readonly File[]): string => {
  try {
    return String(new CsvStatement(files));
  } catch (error) {
    return (error as Error).message;
  }
};

/** A charge of $200.00 and an automatic payout of $180.52 that was made on the same day, as the ledger has them. */
async function paidOut(): Promise<ReconciliationDesk> {
  const desk = new ReconciliationDesk();
  const charge = { balanceTransactionId: 'txn_c', createdAt: DAY + HOUR_MS, currency: 'usd', category: 'charge' };
  await desk.book('top', { ...charge, amountMinor: 20_000, feeMinor: 0 });
  const report = { payoutId: 'po_1', currency: 'usd', amountMinor: 18_052, feeMinor: 0, createdAt: DAY + 2 * HOUR_MS };
  await desk.payouts.report({ ...report, status: 'paid' }, DAY + 2 * DAY_MS);
  desk.clock.at = DAY + 20 * DAY_MS;
  return desk;
}

const CHARGE = ['txn_c', DAY + HOUR_MS, 20_000] as const;

describe('an automatic payout, which Stripe’s reports date by its arrival', () => {
  it('is on its way in the files of a month that ends before, and explains their balance', async () => {
    const desk = await paidOut();
    const days = await compared(desk, 1, activity([...CHARGE]), summary(0, 20_000));
    expect(await desk.statuses()).toEqual({ po_1: 'pending' });
    expect(gaps(days)).toEqual([[18_052, 18_052]]);
  });

  it('matches in the files in which it arrives, and explains the days between', async () => {
    const desk = await paidOut();
    const arrives = payouts({ id: 'po_1', effectiveAt: DAY + 2 * DAY_MS, minor: -18_052 });
    const days = await compared(desk, 3, activity([...CHARGE]), arrives, summary(0, 1_948));
    expect(await desk.statuses()).toEqual({});
    expect(days.map(({ counts }) => counts.matched)).toEqual([1, 0, 1]);
    expect(gaps(days)).toEqual([
      [18_052, 18_052],
      [18_052, 18_052],
      [0, 0],
    ]);
    const fields = ['closingMinor', 'ledgerMinor', 'explainedMinor'] as const;
    expect(workedFigures()).toEqual(
      fields.map((field) => days.map(({ totals: [usdTotal] }) => usd(usdTotal?.[field] ?? 0))),
    );
  });

  it('that was on its way matches in the files of the next month', async () => {
    const desk = await paidOut();
    await compared(desk, 1, activity([...CHARGE]), summary(0, 20_000));
    const next = new CsvStatement([
      payouts({ id: 'po_1', effectiveAt: DAY + 2 * DAY_MS, minor: -18_052 }),
      summary(20_000, 1_948),
    ]);
    const days = await desk.compare(next, DAY + 2 * DAY_MS);
    expect(await desk.statuses()).toEqual({ po_1: 'matched' });
    expect(gaps(days)).toEqual([[0, 0]]);
  });

  it('is missing when it should have arrived within the days of the files', async () => {
    const desk = await paidOut();
    await compared(desk, 12, activity([...CHARGE], ['txn_d', DAY + 11 * DAY_MS, 20_000]));
    expect(await desk.statuses()).toEqual({ po_1: 'ours_only', txn_d: 'theirs_only' });
  });

  it('leaves no balance unexplained, whenever payouts are made, arrive and come back', async () => {
    const payout = fc.record({
      made: fc.nat(5),
      takes: fc.nat(3),
      comesBack: fc.option(fc.nat(2), { nil: undefined }),
      isKnown: fc.boolean(),
      amount: fc.integer({ min: 1, max: 9_999 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(payout, { minLength: 1, maxLength: 5 }), async (all) => {
        const desk = new ReconciliationDesk();
        desk.clock.at = DAY + 30 * DAY_MS;
        const rows: PayoutRow[] = [];
        for (const [index, { made, takes, comesBack, isKnown, amount }] of all.entries()) {
          const [id, createdAt] = [`po_${index}`, DAY + made * DAY_MS + HOUR_MS];
          const effectiveAt = DAY + (made + takes) * DAY_MS;
          const report = { payoutId: id, currency: 'usd', amountMinor: amount, feeMinor: 0, createdAt };
          if (isKnown || comesBack === undefined) await desk.payouts.report({ ...report, status: 'paid' }, effectiveAt);
          rows.push({ id, effectiveAt, minor: -amount });
          if (comesBack === undefined) continue;
          const returnedAt = effectiveAt + comesBack * DAY_MS + HOUR_MS;
          await desk.payouts.report({ ...report, status: 'failed', returnedAt }, returnedAt);
          rows.push({ id, effectiveAt: returnedAt, minor: amount, category: 'payout_reversal' });
        }
        const sum = rows.reduce((total, { minor }) => total + minor, 0);
        const days = await compared(desk, 12, payouts(...rows), summary(0, sum));
        expect(await desk.statuses()).toEqual({});
        for (const [difference, explained] of gaps(days)) expect(explained).toBe(difference);
      }),
      { numRuns: 50 },
    );
  });
});

describe('files of Stripe’s reports', () => {
  it('must come to what the summary says: a Payout reconciliation has no payouts, and not all payments', () =>
    expect(refusal(activity([...CHARGE]), summary(0, 1_948))).toMatch(
      /balance summary changes by 19\.48 USD, but the transactions in the files come to 200\.00 USD/,
    ));

  it('must be there: a summary alone says what moved, and not what', () => {
    expect(refusal(summary(0, 1_948))).toMatch(
      /changes by 19\.48 USD, but the transactions in the files come to 0\.00/,
    );
  });

  it.each([
    ['amount', 'txn_c,2026-03-01 01:00:00,usd,200.01,0.00,200.01,charge,ch_1'],
    ['fee', 'txn_c,2026-03-01 01:00:00,usd,200.00,0.01,199.99,charge,ch_1'],
    ['currency', 'txn_c,2026-03-01 01:00:00,eur,200.00,0.00,200.00,charge,ch_1'],
  ])('may overlap, but not with another %s', async (_what, row) => {
    const once = activity([...CHARGE]);
    expect(await new CsvStatement([once, once]).find('txn_c')).toMatchObject([{ amountMinor: 20_000 }]);
    const [header = ''] = once.text.split('\n');
    expect(refusal(once, { name: 'other.csv', text: `${header}\n${row}` })).toContain('with other amounts');
  });

  it('don’t say of which days they are when they have no transaction', () => {
    const quiet = new CsvStatement([summary(1_948, 1_948)]);
    const days = { from: DAY, to: DAY + DAY_MS };
    expect(() => quiet.days({}, DAY + DAY_MS)).toThrow('name the first day');
    expect(() => quiet.days({ from: DAY }, DAY + DAY_MS)).toThrow('name the first day');
    expect(quiet.days(days, DAY + DAY_MS)).toEqual(days);
  });

  it('tell the balance of days on which nothing moved, too', async () => {
    const desk = await paidOut();
    const days = await desk.compare(new CsvStatement([summary(1_900, 1_900)]), DAY + 3 * DAY_MS, 2);
    expect(days.map(({ totals: [of] }) => [of?.openingMinor, of?.closingMinor, of?.ledgerMinor])).toEqual([
      [1_900, 1_900, 1_948],
      [1_900, 1_900, 1_948],
    ]);
  });

  it('have one summary', () =>
    expect(refusal(activity([...CHARGE]), summary(0, 20_000), summary(20_000, 20_001))).toContain('a second time'));

  it('are read when they agree', () =>
    expect(dayOf(toInstant(new CsvStatement([activity([...CHARGE]), summary(0, 20_000)]).period?.from ?? 0))).toBe(
      dayOf(toInstant(DAY)),
    ));
});
