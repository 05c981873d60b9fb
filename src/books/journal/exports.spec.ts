// What the exported journal comes to, by readers that nobody here wrote, and by a reader of this file.
import { expect, it } from 'vitest';
import { DAY_ZERO, logOfEntries } from '../../../test/support/ledger/entry-log.js';
import { beancountFaults, hasBeancount } from '../../../test/support/operations/beancount.js';
import { hasHledger, hledger } from '../../../test/support/operations/hledger.js';
import { DAY_MS, toInstant, usd } from '../../kernel/index.js';
import { type BookAccount, CHART } from '../../ledger/index.js';
import { isTemporary } from '../chart.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import { dailyJournals } from './daily-journals.js';
import { beancountName } from './journal-formats.js';
import { journal } from './journal.js';

/** By hand with more, such as EXPORTED_EVENTS=100000. */
const log = logOfEntries({ events: Number(process.env['EXPORTED_EVENTS'] ?? 5_000) });
const dayAt = (day: number): string => toInstant(DAY_ZERO + day * DAY_MS);

interface Period {
  readonly from?: string;
  readonly to?: string;
}
const WHOLE: Period = {};
const MIDDLE: Period = { from: dayAt(30), to: dayAt(60) };

async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** By account and currency, in 10^-12. */
type Balances = Map<string, bigint>;

const add = (balances: Balances, name: string, amount: bigint): unknown =>
  balances.set(name, (balances.get(name) ?? 0n) + amount);
const moved = (balances: Balances): Balances => new Map([...balances].filter(([, amount]) => amount !== 0n));

/** The sum of each account and currency, from rows that have them and the amount in these columns. */
function sumsOf(rows: readonly string[], account: number, amount: number, currency?: number): Balances {
  const sums: Balances = new Map();
  for (const cells of rows.map((row) => row.split(','))) {
    const code = currency === undefined ? 'USD' : cells[currency];
    add(sums, `${cells[account]} ${code}`, usd(cells[amount] as string));
  }
  return moved(sums);
}

/** What the books have at the end of a period, when it begins with revenue and expenses closed to equity. */
async function booksOf(period: Period): Promise<Balances> {
  const balances: Balances = new Map();
  for (const row of (await trialBalanceAt(await log, period)).rows) {
    const [opening, balance] = [usd(row.opening), usd(row.balance)];
    const closed = isTemporary(row.account) ? opening : 0n;
    add(balances, `${row.account} ${row.currency}`, balance - closed);
    add(balances, `${CHART.retainedEarnings} ${row.currency}`, closed);
  }
  return moved(balances);
}

it('the CSV journal, read again, has the balances of the books', async () => {
  const [, ...rows] = await linesOf(journal(await log, { format: 'csv' }));
  expect(sumsOf(rows, 6, 7, 8)).toEqual(await booksOf(WHOLE));
});

it('daily journals differ from the books by less than a cent in each account, in any period, and balance', async () => {
  const cent = usd('0.01');
  for (const [from, to] of [
    [undefined, undefined],
    [3, 17],
    [17, 60],
    [60, 90],
  ] as const) {
    const period = { ...(from !== undefined && { from: dayAt(from) }), ...(to !== undefined && { to: dayAt(to) }) };
    const [, ...rows] = await linesOf(dailyJournals(await log, { format: 'xero', currency: 'USD', ...period }));
    const sums = sumsOf(rows, 2, 5);
    const { rows: accounts } = await trialBalanceAt(await log, period);
    for (const { account, currency, debits, credits } of accounts.filter((each) => each.currency === 'USD')) {
      const difference = (sums.get(`${account} ${currency}`) ?? 0n) - (usd(debits) - usd(credits));
      expect([account, difference < cent && -difference < cent]).toEqual([account, true]);
    }
    expect([...sums.values()].reduce((total, amount) => total + amount, 0n)).toBe(0n);
  }
});

it('daily journals have the columns of their programs', async () => {
  const first = async (format: 'quickbooks' | 'xero', taxRate?: string) =>
    (await linesOf(dailyJournals(await log, { format, currency: 'USD', taxRate }))).slice(0, 2);
  expect(await first('quickbooks')).toEqual([
    '*JournalNo,*JournalDate,*AccountName,*Debits,*Credits,Description,Name,Currency,Location,Class',
    expect.stringMatching(
      /^TH-20260101-USD,01\/01\/2026,[a-z:-]+,(\d+\.\d\d,|,\d+\.\d\d),token-hub 2026-01-01,,USD,,$/,
    ),
  ]);
  expect(await first('xero', 'Zero, rated')).toEqual([
    '*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2',
    expect.stringMatching(/^token-hub 2026-01-01 USD,01\/01\/2026,[a-z:-]+,\d{4},"Zero, rated",-?\d+\.\d\d,,,,$/),
  ]);
});

it('any partition into periods gives the same daily journals', async () => {
  const files = [{ to: dayAt(20) }, { from: dayAt(20), to: dayAt(55) }, { from: dayAt(55) }].map(async (period) =>
    (await linesOf(dailyJournals(await log, { format: 'quickbooks', currency: 'USD', ...period }))).slice(1),
  );
  const whole = await linesOf(dailyJournals(await log, { format: 'quickbooks', currency: 'USD' }));
  expect((await Promise.all(files)).flat()).toEqual(whole.slice(1));
});

it.runIf(hasHledger).each([WHOLE, MIDDLE])('hledger reads the balances of the books: %j', async (period) => {
  const text = (await linesOf(journal(await log, { format: 'hledger', ...period }))).join('\n');
  const table = hledger(text, 'balance', '--strict', '--flat', '-N', '--layout=bare', '-O', 'csv');
  const [, ...rows] = table.trim().replaceAll('"', '').split('\n');
  expect(sumsOf(rows, 0, 2, 1)).toEqual(await booksOf(period));
});

it.runIf(hasBeancount).each([WHOLE, MIDDLE])(
  'Beancount finds every balance of the books in the journal: %j',
  async (period) => {
    const lines = await linesOf(journal(await log, { format: 'beancount', ...period }));
    const asserted = lines.filter((line) => line.includes(' balance ')).map((line) => line.split(/ +/));
    const names = new Map(Object.values(CHART).map((account: BookAccount) => [beancountName(account), account]));
    const balances: Balances = new Map();
    for (const [, , name = '', amount = '', , , currency = ''] of asserted)
      add(balances, `${names.get(name)} ${currency}`, usd(amount));
    expect(moved(balances)).toEqual(await booksOf(period));
    expect(beancountFaults(lines.join('\n'))).toBe('');
  },
);
