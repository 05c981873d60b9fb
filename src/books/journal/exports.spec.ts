// What the exported journal comes to, by readers that nobody here wrote, and by a reader of this file.
import { expect, it } from 'vitest';
import { DAY_ZERO, logOfEntries } from '../../../test/support/ledger/entry-log.js';
import { beancountFaults, hasBeancount } from '../../../test/support/operations/beancount.js';
import { hasHledger, hledger } from '../../../test/support/operations/hledger.js';
import { toInstant, usd } from '../../kernel/index.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import { dailyJournals } from './daily-journals.js';
import { journal } from './journal.js';

const log = logOfEntries({ events: 5_000 });
const dayAt = (day: number): string => toInstant(DAY_ZERO + day * 86_400_000);

async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** The sum of each account, from rows that have the account and the amount in these columns. */
function sumsOf(rows: readonly string[], account: number, amount: number): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const cells = row.split(',');
    const name = cells[account] as string;
    sums.set(name, (sums.get(name) ?? 0n) + usd(cells[amount] as string));
  }
  return sums;
}

const balancesAt = async (to?: string) =>
  new Map((await trialBalanceAt(await log, { to })).rows.map(({ account, balance }) => [account, usd(balance)]));

it('the CSV journal, read again, has the balances of the books', async () => {
  const [, ...rows] = await linesOf(journal(await log, { format: 'csv' }));
  expect(sumsOf(rows, 6, 7)).toEqual(new Map(await balancesAt()));
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
    const before = from === undefined ? new Map<string, bigint>() : await balancesAt(period.from);
    for (const [account, balance] of await balancesAt(period.to)) {
      const difference = (sums.get(account) ?? 0n) - (balance - (before.get(account) ?? 0n));
      expect([account, difference < cent && -difference < cent]).toEqual([account, true]);
    }
    expect([...sums.values()].reduce((total, amount) => total + amount, 0n)).toBe(0n);
  }
});

it('any partition into periods gives the same daily journals', async () => {
  const files = [{ to: dayAt(20) }, { from: dayAt(20), to: dayAt(55) }, { from: dayAt(55) }].map(async (period) =>
    (await linesOf(dailyJournals(await log, { format: 'quickbooks', currency: 'USD', ...period }))).slice(1),
  );
  const whole = await linesOf(dailyJournals(await log, { format: 'quickbooks', currency: 'USD' }));
  expect((await Promise.all(files)).flat()).toEqual(whole.slice(1));
});

it.runIf(hasHledger)('hledger reads the balances of the books', async () => {
  const text = (await linesOf(journal(await log, { format: 'hledger' }))).join('\n');
  hledger(text, 'check', '--strict');
  const [, ...rows] = hledger(text, 'balance', '--flat', '-N', '-O', 'csv').trim().replaceAll('"', '').split('\n');
  const read = new Map(
    rows.map((row) => row.split(',') as [string, string]).map(([name, sum]) => [name, usd(sum.replace(' USD', ''))]),
  );
  expect(read).toEqual(await balancesAt());
});

it.runIf(hasBeancount).each([{}, { from: dayAt(30), to: dayAt(60) }])(
  'Beancount agrees with the balance that the journal asserts of every account: %j',
  async (period) => {
    const lines = await linesOf(journal(await log, { format: 'beancount', ...period }));
    expect(lines.filter((line) => / balance .* ~ 0 USD$/.test(line)).length).toBeGreaterThan(5);
    expect(beancountFaults(lines.join('\n'))).toBe('');
  },
);
