import { type Command, Option } from 'commander';
import { countOf } from '../kernel/index.js';
import {
  breakage,
  chartOfAccounts,
  type ClosedPeriod,
  type CloseProposal,
  DATE_BASES,
  type DateBasis,
  revenueByModel,
  rollForward,
  trialBalanceAt,
} from '../books/index.js';
import { GetAccount } from '../ledger/index.js';
import { formatMinor } from '../payments/index.js';
import { type Context, withContext } from './context.js';
import { longWork, type Watch } from './long-work.js';
import { printFields, printJson, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { instantTextArgument, monthArgument, textArgument } from './parse.js';
import { actorOf, FINANCE, userIdOf, withActor } from './staff.js';

export function booksCommands(books: Command): void {
  books.command('chart').description('the chart of accounts').action(chart);
  addReport(books, 'trial-balance', 'the balance of every account; it sums to zero in each currency', trialBalanceRows);
  addReport(books, 'roll-forward', 'what we owe customers: opening, what changed it, closing', rollForwardRows).option(
    '--account <id>',
    'of this account only',
  );
  addReport(books, 'revenue', 'revenue and margin of calls by model and price version', ({ store }, wish) =>
    revenueByModel(store, wish),
  );
  addReport(books, 'breakage', 'credit that expired, by month', ({ store }, wish) => breakage(store, wish));
  addCloseCommands(books);
}

interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly by: DateBasis;
  readonly account?: string;
}

type Report = (context: Context, wish: Wish & Watch) => Promise<readonly TableRow[]>;

/** It reads the whole log, and records nothing before its end. */
const NOTHING_DONE = { outcome: 'Nothing was recorded.' };

/** A report is one pass over the log; the command says on standard error how far it is. */
function addReport(books: Command, name: string, description: string, report: Report): Command {
  return books
    .command(name)
    .description(description)
    .option('--from <instant>', 'first instant or day, ISO 8601', instantTextArgument)
    .option('--to <instant>', 'end before this instant or day', instantTextArgument)
    .addOption(
      new Option('--by <date>', 'which date counts: when it was booked, or when it was earned')
        .choices(DATE_BASES)
        .default('posting'),
    )
    .action((wish: Wish, command: Command) => {
      if (wish.from !== undefined && wish.to !== undefined && wish.from >= wish.to)
        throw new UsageError('--from must be earlier than --to.');
      return withContext(async (context) => {
        const rows = await longWork(name, (watch) => report(context, { ...wish, ...watch }), NOTHING_DONE);
        if (rows !== undefined) printRows(command, rows, 'Nothing was booked in this period.');
      });
    });
}

async function trialBalanceRows({ store }: Context, wish: Wish & Watch): Promise<readonly TableRow[]> {
  const { rows, unbalanced } = await trialBalanceAt(store, wish);
  if (unbalanced.length === 0) return rows;
  process.exitCode = 1;
  console.error(`The books do not balance in ${unbalanced.join(', ')}. "tokenhub verify" says where.`);
  return rows;
}

async function rollForwardRows(
  { store, queries }: Context,
  { account, ...wish }: Wish & Watch,
): Promise<readonly TableRow[]> {
  if (account !== undefined) await queries.execute(new GetAccount(account));
  const rows: TableRow[] = [];
  for await (const row of rollForward(store, { ...wish, accountId: account })) rows.push(row);
  return rows;
}

function chart(_options: object, command: Command): void {
  printRows(command, chartOfAccounts(), '');
}

function addCloseCommands(books: Command): void {
  withActor(books.command('close').argument('<month>', 'such as 2026-03', monthArgument))
    .description('propose to close a month: from then on nothing is booked into it. Another person approves it')
    .requiredOption('--reason <text>', 'why, and why now with what is still open', textArgument)
    .option('--approved-by <user>', 'who else approves it at once')
    .action(close);
  withActor(books.command('approve').argument('<month>', 'the proposed month', monthArgument))
    .description('close a proposed month, for good: it can’t be opened again')
    .option('--reason <text>', 'why', textArgument)
    .action(approve);
  withActor(books.command('decline').argument('<month>', 'the proposed month', monthArgument))
    .description('decline a proposal: the month is open again')
    .requiredOption('--reason <text>', 'why', textArgument)
    .action(decline);
  books
    .command('closed')
    .argument('[month]', 'one month', monthArgument)
    .description('the closed months')
    .action(closed);
}

interface CloseOptions {
  readonly by?: string;
  readonly reason: string;
  readonly approvedBy?: string;
}

function close(month: string, { by, reason, approvedBy }: CloseOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const proposedBy = await actorOf(context, by, FINANCE);
    const approver =
      approvedBy === undefined ? undefined : await userIdOf(context, '--approved-by', approvedBy, FINANCE);
    if (approver === proposedBy) throw new UsageError('--approved-by must name another person than --by.');
    await context.caughtUpReadModels();
    const proposal = await context.periods.propose(month, { by: proposedBy, reason });
    if (approver === undefined) return printProposal(command, proposal);
    await closeMonth(context, { month, approver, command });
  });
}

function approve(month: string, { by, reason }: { by?: string; reason?: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    await closeMonth(context, { month, approver: await actorOf(context, by, FINANCE), reason, command });
  });
}

interface Closing {
  readonly month: string;
  readonly approver: string;
  readonly reason?: string | undefined;
  readonly command: Command;
}

async function closeMonth({ periods }: Context, { month, approver, reason, command }: Closing): Promise<void> {
  const found = await longWork(
    `closing ${month}`,
    ({ signal, onProgress }) => periods.approve(month, approver, { reason, signal, onProgress }),
    NOTHING_DONE,
  );
  if (found !== undefined) printClosed(command, found);
}

function decline(month: string, { by, reason }: { by?: string; reason: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.periods.decline(month, { by: await actorOf(context, by, FINANCE), reason });
    printFields(command, { period: month, status: 'open' });
  });
}

function closed(month: string | undefined, _options: object, command: Command): Promise<void> {
  return withContext(async ({ periods }) => {
    if (month !== undefined) return printClosed(command, await periods.closed(month));
    const rows = (await periods.all()).map(summary);
    printRows(command, rows, 'No month is closed.');
  });
}

function printProposal(command: Command, proposal: CloseProposal): void {
  const { oldestOpenItems = [], stripeBalances = [], uncomparedDays = [], ...fields } = proposal;
  if (wantsJson(command)) return printJson({ ...proposal, oldestOpenItems });
  printFields(command, { ...fields, neverCompared: daysText(uncomparedDays) });
  printRows(command, stripeBalances, 'No comparison knew a balance of Stripe’s in this month.');
  if (oldestOpenItems.length > 0) printRows(command, oldestOpenItems.map(itemFields), '');
}

const daysText = (days: readonly string[]): string =>
  days.length === 0 ? 'no day' : `${countOf(days.length, 'day')}: ${days.join(' ')}`;

const itemFields = ({ itemId, status, date, difference }: OpenItem) => ({
  itemId,
  status,
  date,
  difference: difference
    .map(({ currency, amountMinor }) => `${formatMinor(amountMinor, currency)} ${currency}`)
    .join(', '),
});

type OpenItem = NonNullable<CloseProposal['oldestOpenItems']>[number];

const summary = ({
  oldestOpenItems: _items,
  stripeBalances: _balances,
  uncomparedDays,
  trialBalance: _rows,
  checkpoint: _note,
  ...fields
}: ClosedPeriod) => ({ ...fields, ...(uncomparedDays && { neverCompared: daysText(uncomparedDays) }) });

function printClosed(command: Command, found: ClosedPeriod): void {
  if (wantsJson(command)) return printJson(found);
  printFields(command, summary(found));
  printRows(command, found.trialBalance, 'The books are empty.');
  if (found.stripeBalances !== undefined && found.stripeBalances.length > 0)
    printRows(command, found.stripeBalances, '');
  if (found.oldestOpenItems !== undefined) printRows(command, found.oldestOpenItems.map(itemFields), '');
  if (found.checkpoint !== undefined) console.log(found.checkpoint);
}
