import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, MadeUpStatement, ReconciliationDesk } from '../../../test/support/reconciliation/desk.js';
import { DAY_MS } from '../../kernel/index.js';
import { formatMinor } from '../../payments/index.js';
import { CsvStatement } from './csv-statement.js';
import type { StripeTransaction } from './stripe-balance.js';

const HOUR_MS = 3_600_000;

const transaction = (id: string, more: Partial<StripeTransaction> = {}): StripeTransaction => ({
  balanceTransactionId: id,
  createdAt: DAY + HOUR_MS,
  currency: 'usd',
  amountMinor: 1_000,
  feeMinor: 59,
  category: 'charge',
  ...more,
});

const setup = (theirs: StripeTransaction[] = []) => {
  const desk = new ReconciliationDesk();
  return { desk, statement: new MadeUpStatement(theirs, () => desk.clock.now()) };
};

/** A line of Stripe’s report as it writes it. */
const HEADS =
  'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description';
function lineOf({
  balanceTransactionId,
  createdAt,
  currency,
  amountMinor,
  feeMinor,
  category,
  sourceId = '',
}: StripeTransaction) {
  const created = new Date(createdAt).toISOString().slice(0, 19).replace('T', ' ');
  const money = [amountMinor, feeMinor, amountMinor - feeMinor].map((minor) => formatMinor(minor, currency));
  return [balanceTransactionId, created, created, currency, ...money, category, sourceId, '"A, ""B"""'].join(',');
}
const asCsv = (all: readonly StripeTransaction[]) =>
  new CsvStatement([{ name: 'itemized.csv', text: `\uFEFF${[HEADS, ...all.map(lineOf)].join('\r\n')}\r\n` }]);

/** The figures of the worked example in docs/finance.md, in its order. */
function workedFigures(): string[] {
  const page = readFileSync(new URL('../../../docs/finance.md', import.meta.url), 'utf8');
  const example = page.slice(
    page.indexOf('### Two payments that are not ours'),
    page.indexOf('The open items explain'),
  );
  return Array.from(example.matchAll(/\|\s+(\d+\.\d\d) \|/g), ([, figure]) => figure ?? '');
}

describe('a comparison with Stripe', () => {
  it('names the two payments without our id that make the balances differ by 126.81, and closes to zero', async () => {
    const foreign = [
      transaction('txn_a', { amountMinor: 10_000, feeMinor: 320 }),
      transaction('txn_b', { amountMinor: 3_125, feeMinor: 124 }),
    ];
    const { desk, statement } = setup([transaction('txn_ours'), ...foreign]);
    await desk.book('top', transaction('txn_ours'));
    const [day] = await desk.compare(statement);
    expect(day?.counts).toMatchObject({ matched: 1, theirs_only: 2 });
    expect(day?.totals).toEqual([
      {
        currency: 'usd',
        openingMinor: 0,
        activityMinor: 13_622,
        closingMinor: 13_622,
        ledgerMinor: 941,
        explainedMinor: 12_681,
      },
    ]);
    expect(await desk.statuses()).toEqual({ txn_a: 'theirs_only', txn_b: 'theirs_only' });
    const { closingMinor = 0, ledgerMinor = 0, explainedMinor = 0 } = day?.totals[0] ?? {};
    const explanations = foreign.map(({ amountMinor, feeMinor }) => amountMinor - feeMinor);
    expect(explainedMinor).toBe(closingMinor - ledgerMinor);
    const figures = [closingMinor, ledgerMinor, explainedMinor, ...explanations];
    expect(workedFigures()).toEqual(figures.map((minor) => formatMinor(minor, 'usd')));

    await desk.close('txn_a', 'foreign_payment');
    await desk.close('txn_b', 'write_off');
    const [again] = await desk.compare(statement);
    expect(again?.counts).toMatchObject({ matched: 1, theirs_only: 0, resolved: 2 });
    expect(again?.totals).toMatchObject([{ closingMinor: 13_622, ledgerMinor: 13_622, explainedMinor: 0 }]);
    expect(await desk.balance('assets:stripe:balance')).toEqual({ USD: '136.22' });
    expect(await desk.balance('liabilities:payments:unmatched')).toEqual({ USD: '-110.00' });
  });

  it('records nothing new when it is repeated', async () => {
    const { desk, statement } = setup([transaction('txn_a')]);
    await desk.compare(statement);
    const head = await desk.store.head();
    await desk.compare(statement);
    expect(await desk.store.head()).toBe(head);
  });

  it('finds what was booked later', async () => {
    const late = transaction('txn_a', { createdAt: DAY + DAY_MS - 60_000 });
    const { desk, statement } = setup([late]);
    desk.clock.at = DAY + DAY_MS + 60_000;
    await desk.compare(statement);
    expect(await desk.statuses()).toEqual({ txn_a: 'pending' });
    await desk.book('top', late);
    desk.clock.at += DAY_MS;
    await desk.compare(statement, DAY + DAY_MS);
    expect(await desk.statuses()).toEqual({ txn_a: 'matched' });
  });

  it('carries an item forward until it is closed', async () => {
    const { desk, statement } = setup([transaction('txn_a')]);
    await desk.compare(statement);
    desk.clock.at += 3 * DAY_MS;
    const [day] = await desk.compare(statement, DAY + 2 * DAY_MS);
    expect(day?.totals).toMatchObject([{ closingMinor: 941, ledgerMinor: 0, explainedMinor: 941 }]);
    expect(await desk.statuses()).toEqual({ txn_a: 'theirs_only' });
  });

  it('sees a foreign payment that was booked twice after all', async () => {
    const { desk, statement } = setup([transaction('txn_a')]);
    await desk.compare(statement);
    await desk.close('txn_a', 'foreign_payment');
    await desk.book('top', transaction('txn_a'));
    await desk.compare(statement);
    expect(await desk.statuses()).toEqual({ txn_a: 'differs' });
  });

  it('keeps an explained difference in sight, and asks no more about it', async () => {
    const { desk, statement } = setup([transaction('txn_a')]);
    await desk.compare(statement);
    await desk.close('txn_a', 'explain');
    const [day] = await desk.compare(statement);
    expect(day?.counts).toMatchObject({ theirs_only: 0, resolved: 1 });
    expect(day?.totals).toMatchObject([{ closingMinor: 941, ledgerMinor: 0, explainedMinor: 941 }]);
  });

  it('waits for a payout under way, and takes one that comes back as nothing', async () => {
    const payout = transaction('txn_p', { category: 'payout', sourceId: 'po_1', amountMinor: -900, feeMinor: 0 });
    const back = transaction('txn_q', {
      ...payout,
      balanceTransactionId: 'txn_q',
      category: 'payout_reversal',
      amountMinor: 900,
      createdAt: DAY + 2 * HOUR_MS,
    });
    const { desk, statement } = setup([payout]);
    await desk.compare(statement);
    expect(await desk.statuses()).toEqual({ po_1: 'pending' });
    statement.all.push(back);
    await desk.payouts.report(
      { payoutId: 'po_1', status: 'failed', currency: 'usd', amountMinor: 900, feeMinor: 0 },
      desk.clock.now(),
    );
    const [day] = await desk.compare(statement);
    expect(await desk.statuses()).toEqual({ po_1: 'matched' });
    expect(day?.totals).toMatchObject([{ closingMinor: 0, ledgerMinor: 0, explainedMinor: 0 }]);
  });

  it('matches a payout that was paid, with its fee', async () => {
    const { desk, statement } = setup([
      transaction('txn_p', { category: 'payout', sourceId: 'po_1', amountMinor: -900, feeMinor: 5 }),
    ]);
    await desk.payouts.report(
      { payoutId: 'po_1', status: 'paid', currency: 'usd', amountMinor: 900, feeMinor: 5, createdAt: DAY + HOUR_MS },
      desk.clock.now(),
    );
    const [day] = await desk.compare(statement);
    expect(day).toMatchObject({ counts: { matched: 1 }, totals: [{ closingMinor: -905, ledgerMinor: -905 }] });
  });
});

const FATES = ['booked', 'lost', 'invented', 'amount', 'fee', 'currency', 'doubled'] as const;
const EXPECTED = {
  booked: undefined,
  lost: 'theirs_only',
  invented: 'ours_only',
  amount: 'differs',
  fee: 'differs',
  currency: 'differs',
  doubled: 'differs',
} as const;

const cases = fc.array(
  fc.record({
    fate: fc.constantFrom(...FATES),
    currency: fc.constantFrom('usd', 'cny', 'jpy', 'kwd'),
    amountMinor: fc.integer({ min: -9_999, max: 99_999 }).filter((amount) => amount !== 0),
    feeMinor: fc.integer({ min: 0, max: 300 }),
    seconds: fc.integer({ min: 0, max: 2 * 86_400 - 1 }),
  }),
  { minLength: 1, maxLength: 12 },
);

it('says of each transaction what it is, whatever the order, by API and by CSV alike', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.infiniteStream(fc.nat()), async (all, shuffle) => {
      const { desk } = setup();
      desk.clock.at = DAY + 3 * DAY_MS;
      const theirs: StripeTransaction[] = [];
      const expected: Record<string, string> = {};
      for (const [index, { fate, seconds, ...money }] of all.entries()) {
        const one = transaction(`txn_${index}`, { ...money, createdAt: DAY + seconds * 1_000 });
        if (fate !== 'invented') theirs.push(one);
        if (EXPECTED[fate] !== undefined) expected[one.balanceTransactionId] = EXPECTED[fate];
        if (fate === 'lost') continue;
        const booked = {
          ...one,
          ...(fate === 'amount' && { amountMinor: one.amountMinor + 1 }),
          ...(fate === 'fee' && { feeMinor: one.feeMinor + 1 }),
          ...(fate === 'currency' && { currency: 'eur' }),
        };
        await desk.book(`top${index % 2}`, booked);
        if (fate === 'doubled') await desk.book(`top${(index + 1) % 2}`, booked);
      }
      const order = theirs.map((each) => [shuffle.next().value ?? 0, each] as const).toSorted(([a], [b]) => a - b);
      const mixed = order.map(([, each]) => each);
      const days = await desk.compare(new MadeUpStatement(mixed, () => desk.clock.now()), DAY, 2);
      expect(await desk.statuses()).toEqual(expected);
      for (const { totals } of days) {
        for (const { closingMinor = 0, ledgerMinor, explainedMinor } of totals) {
          expect(closingMinor - ledgerMinor).toBe(explainedMinor);
        }
      }
      const head = await desk.store.head();
      await desk.reconciler.run({ from: DAY, to: DAY + 2 * DAY_MS }, asCsv([...mixed, ...mixed]), { source: 'csv' });
      await desk.project();
      expect(await desk.statuses()).toEqual(expected);
      const news = await desk.store.readAll(head, 1_000);
      expect(new Set(news.map(({ type }) => type))).toEqual(new Set(['StripeDayCompared']));
    }),
    { numRuns: 40 },
  );
});

const PAYOUT_FATES = ['paid', 'lost', 'amount', 'fee', 'returned', 'returned_unseen', 'invented'] as const;
type PayoutFate = (typeof PAYOUT_FATES)[number];

/** How a payout stands, so many days later. One that the bank has not confirmed may take ten. */
const payoutStatus = (fate: PayoutFate, days: number): string | undefined => {
  if (fate === 'paid' || fate === 'returned') return undefined;
  if (fate === 'lost') return days < 10 ? 'pending' : 'theirs_only';
  return fate === 'invented' ? 'ours_only' : 'differs';
};

const payouts = fc.array(
  fc.record({ fate: fc.constantFrom(...PAYOUT_FATES), amount: fc.integer({ min: 1, max: 9_999 }), fee: fc.nat(50) }),
  { minLength: 1, maxLength: 8 },
);

it('says of each payout what it is, also one that came back, by API and by CSV alike', async () => {
  await fc.assert(
    fc.asyncProperty(payouts, fc.constantFrom(3, 12), fc.boolean(), async (all, days, repeats) => {
      const { desk } = setup();
      const [createdAt, returnedAt] = [DAY + HOUR_MS, DAY + 5 * HOUR_MS];
      const theirs: StripeTransaction[] = [];
      const expected: Record<string, string> = {};
      for (const [index, { fate, amount, fee }] of all.entries()) {
        const sourceId = `po_${index}`;
        const gone = { category: 'payout', sourceId, amountMinor: -amount, feeMinor: fee, createdAt };
        const back = { category: 'payout_reversal', sourceId, amountMinor: amount, feeMinor: 0, createdAt: returnedAt };
        if (fate !== 'invented') theirs.push(transaction(`txn_${index}`, gone));
        if (fate.startsWith('returned')) theirs.push(transaction(`txn_${index}_back`, back));
        const status = payoutStatus(fate, days);
        if (status !== undefined) expected[sourceId] = status;
        if (fate === 'lost') continue;
        const money = {
          currency: 'usd',
          amountMinor: amount + (fate === 'amount' ? 1 : 0),
          feeMinor: fee + (fate === 'fee' ? 1 : 0),
        };
        const report = { payoutId: sourceId, ...money, createdAt };
        await desk.payouts.report({ ...report, status: 'paid' }, createdAt);
        if (fate === 'returned') await desk.payouts.report({ ...report, status: 'failed', returnedAt }, returnedAt);
      }
      desk.clock.at = DAY + days * DAY_MS + 6 * HOUR_MS;
      const listed = repeats ? [...theirs, ...theirs] : theirs;
      const [day] = await desk.compare(new MadeUpStatement(listed, () => desk.clock.now()));
      expect(await desk.statuses()).toEqual(expected);
      const counted = Object.values(day?.counts ?? {}).reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(all.length);
      const head = await desk.store.head();
      await desk.reconciler.run({ from: DAY, to: DAY + DAY_MS }, asCsv(listed), { source: 'csv' });
      await desk.project();
      expect(await desk.statuses()).toEqual(expected);
      const news = await desk.store.readAll(head, 1_000);
      expect(news.map(({ type }) => type)).toEqual(news.map(() => 'StripeDayCompared'));
    }),
    { numRuns: 40 },
  );
});
