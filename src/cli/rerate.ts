// Prices charges by another version of the price list: what it would change, the decisions of two people, its application.
import { type Command, Option } from 'commander';
import { rowsOf } from '../event-store/index.js';
import { formatUsd } from '../kernel/index.js';
import { GetAccount, RERATING_POLICIES, type ReratingPolicy } from '../ledger/index.js';
import {
  type AccountReport,
  formatTotals,
  noTotals,
  plusReport,
  REPORT_COLUMNS,
  reportRows,
  type ReratingRequest,
  type ReratingRun,
  reratingRuns,
} from '../rerating/index.js';
import { type Context, withContext } from './context.js';
import { writeCsv } from './csv-output.js';
import { longWork, type Watch } from './long-work.js';
import { printFields, printJson, printRows, type TableRow, UsageError, wantsJson } from './output.js';
import { countArgument, instantTextArgument, textArgument } from './parse.js';
import { actorOf, CONSOLE, OPERATOR, userIdOf, withActor } from './staff.js';

export function rerateCommands(rerate: Command): void {
  withReport(withActor(rerate.command('charges', { isDefault: true })))
    .description('what a version would change, by account, model and day; with --propose it is recorded for approval')
    .requiredOption('--from <instant>', 'calls that were priced from this instant on', instantTextArgument)
    .requiredOption('--to <instant>', 'until this instant, exclusive', instantTextArgument)
    .requiredOption('--price-list <version>', 'the version to price them by', countArgument)
    .option('--account <account>', 'only this account')
    .option('--model <model>', 'only this model')
    .option('--key <key>', 'only this key')
    .addOption(new Option('--policy <policy>', 'what happens to increases').choices(RERATING_POLICIES).default('bill'))
    .option('--propose', 'record it, so that someone else can approve it')
    .option('--reason <text>', 'why, with --propose', textArgument)
    .action(charges);
  rerate.command('list').description('every run, newest first').action(list);
  withReport(rerate.command('show <run>')).description('a run, and what it changes or has changed').action(show);
  rerate
    .command('approve <run>')
    .description('approve a run as the second person')
    .requiredOption('--approved-by <user>', 'who approves it: e-mail address or user id')
    .option('--reason <text>', 'why', textArgument)
    .action(approve);
  rerate
    .command('apply <run>')
    .description('book an approved run; the same command goes on after an interruption')
    .action(apply);
  withActor(rerate.command('cancel <run>'))
    .description('do not apply a run, or not any further')
    .requiredOption('--reason <text>', 'why', textArgument)
    .action(cancel);
  withActor(rerate.command('reverse <run>'))
    .description('propose a run that undoes another one')
    .requiredOption('--reason <text>', 'why', textArgument)
    .action(reverse);
}

const withReport = (command: Command): Command =>
  command.option('--csv <file>', 'write a row for each account, model and day to this file');

interface ReportOptions {
  readonly csv?: string;
}

interface ChargesOptions extends ReportOptions {
  readonly from: string;
  readonly to: string;
  readonly priceList: number;
  readonly account?: string;
  readonly model?: string;
  readonly key?: string;
  readonly policy: ReratingPolicy;
  readonly propose?: true;
  readonly reason?: string;
  readonly by?: string;
}

async function charges(options: ChargesOptions, command: Command): Promise<void> {
  const { propose, reason, by } = options;
  if (propose && reason === undefined)
    throw new UsageError('Say why with --reason <text>: whoever approves it reads it.');
  if (!propose && reason !== undefined) throw new UsageError('--reason goes with --propose.');
  await withContext(async (context) => {
    const request = requestOf(options);
    await context.caughtUpReadModels();
    if (options.account !== undefined) await context.queries.execute(new GetAccount(options.account));
    await context.reratings.requireProposable(request);
    if (reason === undefined)
      return reportTo(options, command, (watched) => context.reratings.dryRun(request, watched));
    const act = { by: await actorOf(context, by, OPERATOR), reason };
    await proposed(context, command, (watch) => context.reratings.propose(request, act, watch));
  });
}

const requestOf = ({ from, to, priceList, account, model, key, policy }: ChargesOptions): ReratingRequest => ({
  from,
  to,
  priceVersion: priceList,
  ...(account !== undefined && { accountId: account }),
  ...(model !== undefined && { model }),
  ...(key !== undefined && { keyId: key }),
  policy,
});

function reverse(run: string, { by, reason }: { by?: string; reason: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    const act = { by: await actorOf(context, by, OPERATOR), reason };
    await proposed(context, command, (watch) => context.reratings.reverse(run, act, watch));
  });
}

type Proposing = (watch: Watch) => Promise<string | undefined>;

async function proposed(context: Context, command: Command, propose: Proposing): Promise<void> {
  const run = await watching('Nothing was recorded.', async (watch) => {
    const recorded = await propose(watch);
    if (recorded === undefined) watch.signal.throwIfAborted();
    return recorded;
  });
  if (run !== undefined) printFields(command, runFields(await runOf(context, run)));
}

const watching = <T>(outcome: string | undefined, work: (watch: Watch) => Promise<T>): Promise<T | undefined> =>
  longWork('re-rating', work, { units: 'charges', ...(outcome !== undefined && { outcome }) });

type Reports = (watch: Watch) => AsyncIterable<AccountReport>;

/** Prints the rows and totals of a report, and writes the file that was asked for. */
async function reportTo({ csv }: ReportOptions, command: Command, reports: Reports): Promise<void> {
  let totals = noTotals;
  const shown: Row[] = [];
  const belowZero: TableRow[] = [];
  const rows = async function* (signal: AbortSignal, all: AsyncIterable<AccountReport>) {
    for await (const report of all) {
      totals = plusReport(totals, report);
      const { accountId, balance, difference } = report;
      if (report.belowZero)
        belowZero.push({ account: accountId, balance: formatUsd(balance), difference: formatUsd(difference) });
      yield* reportRows(report);
    }
    signal.throwIfAborted();
  };
  const isWhole = await watching('The report is not whole.', async (watch) => {
    const all = rows(watch.signal, reports(watch));
    if (csv === undefined) for await (const row of all) shown.push(row);
    else await writeCsv(csv, REPORT_COLUMNS, all);
    return true;
  });
  if (!isWhole) return;
  const table = shown.map(tableRow);
  const { laterRuns, ...formatted } = formatTotals(totals);
  const sums = { ...formatted, ...(laterRuns && { laterRuns: laterRuns.join(' ') }) };
  if (wantsJson(command))
    return printJson({ totals: sums, accountsBelowZero: belowZero, ...(!csv && { rows: table }) });
  if (csv === undefined) printRows(command, table, 'There is no such charge in this period.');
  if (belowZero.length > 0) printRows(command, belowZero, '');
  printFields(command, sums);
}

type Row = ReturnType<typeof reportRows>[number];

/** Accounts that it brings below zero have a table of their own. */
const tableRow = ({ charged, due, difference, providerDifference, laterRuns, belowZero: _belowZero, ...row }: Row) => ({
  ...row,
  charged: formatUsd(charged),
  due: formatUsd(due),
  difference: formatUsd(difference),
  providerDifference: formatUsd(providerDifference),
  ...(laterRuns && { laterRuns }),
});

function list(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const readModels = await context.caughtUpReadModels();
    const rows: TableRow[] = [];
    const newestFirst = { orderBy: 'proposedAt', descending: true };
    for await (const { doc } of rowsOf<ReratingRun>(readModels, reratingRuns.view, newestFirst))
      rows.push(runFields(doc));
    printRows(command, rows, 'There is no run yet.');
  });
}

function runFields({
  runId,
  status,
  proposal,
  proposedAt,
  approvedBy,
  approvalReason,
  done,
  endedAt,
  cancelled,
}: ReratingRun): TableRow {
  const { totals, asOf: _asOf, ...asked } = proposal;
  const planned = {
    planned: totals.charges,
    plannedDifference: totals.difference,
    plannedProviderDifference: totals.providerDifference,
    refused: totals.refused,
    laterRuns: totals.laterRuns?.join(' '),
    belowZero: totals.belowZero,
  };
  const applied = { applied: done.charges, appliedDifference: done.difference };
  const who = {
    proposedAt,
    approvedBy,
    approvalReason,
    endedAt,
    cancelledBy: cancelled?.by,
    cancelledFor: cancelled?.reason,
  };
  return { run: runId, status, ...asked, ...planned, ...applied, ...who };
}

async function runOf(context: Context, run: string): Promise<ReratingRun> {
  const readModels = await context.caughtUpReadModels();
  const row = (await readModels.load(reratingRuns.view, [run])).get(run);
  if (row === undefined) throw new UsageError(`There is no run ${run}. "tokenhub rerate list" shows all runs.`);
  return row.doc as ReratingRun;
}

function show(run: string, options: ReportOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const fields = runFields(await runOf(context, run));
    if (!wantsJson(command)) printFields(command, fields);
    await reportTo(options, command, (watched) => context.reratings.report(run, watched));
  });
}

function approve(run: string, options: { approvedBy: string; reason?: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    const isAlone = options.approvedBy === CONSOLE && (await actorOf(context, undefined)) === CONSOLE;
    const approvedBy = isAlone ? CONSOLE : await userIdOf(context, '--approved-by', options.approvedBy, OPERATOR);
    await context.reratings.approve(run, approvedBy, { reason: options.reason, alone: isAlone });
    printFields(command, runFields(await runOf(context, run)));
  });
}

function apply(run: string, _options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    await watching(undefined, async (watch) => {
      if (!(await context.reratings.apply(run, watch))) watch.signal.throwIfAborted();
    });
    printFields(command, runFields(await runOf(context, run)));
  });
}

function cancel(run: string, { by, reason }: { by?: string; reason: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.reratings.cancel(run, { by: await actorOf(context, by, OPERATOR), reason });
    printFields(command, runFields(await runOf(context, run)));
  });
}
