import { Command, Option } from 'commander';
import {
  breakage,
  chartOfAccounts,
  type ClosedPeriod,
  DATE_BASES,
  type DateBasis,
  revenueByModel,
  rollForward,
  trialBalanceAt,
} from '../books/index.js';
import type { EventStore, WalkProgress } from '../event-store/index.js';
import { withContext } from './context.js';
import { printFields, printJson, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { instantTextArgument, monthArgument, textArgument } from './parse.js';
import { ProgressLine } from './progress.js';
import { actorOf, userIdOf, withActor } from './staff.js';

export function booksCommands(): Command {
  const books = new Command('books').description('the books: reports, and the closing of months (docs/finance.md)');
  books.command('chart').description('the chart of accounts').action(chart);
  books
    .command('trial-balance')
    .description('the balance of every account; it sums to zero in each currency')
    .option('--to <instant>', 'of what was booked before this instant or day', instantTextArgument)
    .addOption(basis())
    .action(printTrialBalance);
  addReport(books, 'roll-forward', 'what we owe customers: opening, what changed it, closing', async (store, wish) => {
    const rows: TableRow[] = [];
    for await (const row of rollForward(store, wish)) rows.push(row);
    return rows;
  });
  addReport(books, 'revenue', 'revenue and margin of calls by model and price version', revenueByModel);
  addReport(books, 'breakage', 'credit that expired, by month', breakage);
  addCloseCommands(books);
  return books;
}

const basis = () =>
  new Option('--by <date>', 'which date counts: when it was booked, or when it was earned')
    .choices(DATE_BASES)
    .default('posting');

interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly by: DateBasis;
}

type Report = (store: EventStore, wish: Wish & Watch) => Promise<readonly TableRow[]>;
interface Watch {
  readonly onProgress: (progress: WalkProgress) => void;
}

function addReport(books: Command, name: string, description: string, report: Report): void {
  books
    .command(name)
    .description(description)
    .option('--from <instant>', 'first instant or day, ISO 8601', instantTextArgument)
    .option('--to <instant>', 'end before this instant or day', instantTextArgument)
    .addOption(basis())
    .action((wish: Wish, command: Command) => {
      if (wish.from !== undefined && wish.to !== undefined && wish.from >= wish.to)
        throw new UsageError('--from must be earlier than --to.');
      return withProgress(name, async (store, watch) =>
        printRows(command, await report(store, { ...wish, ...watch }), 'Nothing was booked in this period.'),
      );
    });
}

/** Runs a pass over the log, and says on standard error how far it is. */
function withProgress(name: string, work: (store: EventStore, watch: Watch) => Promise<void>): Promise<void> {
  return withContext(async ({ store }) => {
    const line = new ProgressLine(name);
    await work(store, { onProgress: (progress) => line.show(progress) });
    line.end();
  });
}

function chart(_options: object, command: Command): void {
  printRows(command, chartOfAccounts(), '');
}

function printTrialBalance(wish: Wish, command: Command): Promise<void> {
  return withProgress('trial-balance', async (store, watch) => {
    const { rows, unbalanced } = await trialBalanceAt(store, { ...wish, ...watch });
    printRows(command, rows, 'The books are empty.');
    if (unbalanced.length === 0) return;
    process.exitCode = 1;
    console.error(`The books do not balance in ${unbalanced.join(', ')}. "tokenhub verify" says where.`);
  });
}

function addCloseCommands(books: Command): void {
  withActor(books.command('close').argument('<month>', 'such as 2026-03', monthArgument))
    .description('propose to close a month: from then on nothing is booked into it. Another person approves it')
    .requiredOption('--reason <text>', 'why, and why now with what is still open', textArgument)
    .option('--approved-by <user>', 'who else approves it at once')
    .action(close);
  withActor(books.command('approve').argument('<month>', 'the proposed month', monthArgument))
    .description('close a proposed month, for good: it can’t be opened again')
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
    const proposedBy = await actorOf(context, by);
    const approver = approvedBy === undefined ? undefined : await userIdOf(context, '--approved-by', approvedBy);
    if (approver === proposedBy) throw new UsageError('--approved-by must name another person than --by.');
    await context.caughtUpReadModels();
    const proposal = await context.periods.propose(month, { proposedBy, reason });
    if (approver === undefined) return printFields(command, proposal);
    printClosed(command, await context.periods.approve(month, approver));
  });
}

function approve(month: string, { by }: { by?: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    printClosed(command, await context.periods.approve(month, await actorOf(context, by)));
  });
}

function decline(month: string, { by, reason }: { by?: string; reason: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.periods.decline(month, { declinedBy: await actorOf(context, by), reason });
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

const summary = ({ period, proposedBy, approvedBy, reason, openItems, entries, digest, at }: ClosedPeriod) => ({
  period,
  proposedBy,
  approvedBy,
  reason,
  openItems,
  entries,
  digest,
  at,
});

function printClosed(command: Command, found: ClosedPeriod): void {
  if (wantsJson(command)) return printJson(found);
  printFields(command, summary(found));
  printRows(command, found.trialBalance, 'The books are empty.');
  if (found.checkpoint !== undefined) console.log(found.checkpoint);
}
