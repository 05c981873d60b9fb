import { type Command, Option } from 'commander';
import type { ReadModelStore } from '../event-store/index.js';
import { formatMinor, moneyText } from '../payments/index.js';
import {
  ageDays,
  type Comparison,
  CsvStatement,
  ITEM_STATUSES,
  type ItemRow,
  type ItemStatus,
  periodOf,
  reconciliationDays,
  reconciliationItems,
  REPORT_COLUMNS,
  reportRows,
  RESOLUTIONS,
  type ResolutionAction,
  type Statement,
} from '../reconciliation/index.js';
import { type Context, withContext } from './context.js';
import { writeCsv } from './csv-output.js';
import { textOf } from './files.js';
import { longWork } from './long-work.js';
import { printFields, printRows, type TableRow } from './output.js';
import { countArgument, instantArgument, several, textArgument } from './parse.js';
import { providerDifferenceCommands } from './reconcile-differences.js';
import { providerBillCommand } from './reconcile-provider.js';
import { actorOf, type ApprovalOptions, approvalOf, FINANCE, withActor, withApproval } from './staff.js';

const SHOWN = 100;

export function reconcileCommand(reconcile: Command): void {
  withActor(reconcile.command('stripe'))
    .description('compare each transaction and payout of Stripe with the ledger, by day; yesterday by default')
    .option('--from <day>', 'first UTC day', instantArgument)
    .option('--to <day>', 'the UTC day after the last one', instantArgument)
    .option('--csv <file>', 'an itemised report of Stripe’s, instead of its API; repeatable', several)
    .option('--report <file>', 'write a row for each transaction to this CSV file')
    .action(stripe);
  reconcile
    .command('list')
    .description('what does not agree, oldest first')
    .addOption(new Option('--status <status>', 'those with this status, closed ones too').choices(ITEM_STATUSES))
    .option('--limit <count>', 'how many', countArgument, SHOWN)
    .action(list);
  withActor(reconcile.command('resolve <item>'))
    .description('propose how to close an item; someone else approves it')
    .addOption(
      new Option('--action <action>', 'against what its difference is booked')
        .choices(RESOLUTIONS)
        .makeOptionMandatory(),
    )
    .option('--topup <topup>', 'the top-up that it settles, with settle_topup')
    .requiredOption('--reason <text>', 'why', textArgument)
    .option('--evidence <text>', 'where it is shown, such as a ticket', textArgument)
    .action(resolve);
  withApproval(reconcile.command('approve <item>'))
    .description('approve a proposal: its difference is booked')
    .action(approve);
  withActor(reconcile.command('decline <item>'))
    .description('decline a proposal: the item stays open')
    .requiredOption('--reason <text>', 'why', textArgument)
    .action(decline);
  for (const command of [providerBillCommand(), ...providerDifferenceCommands()]) reconcile.addCommand(command);
}

interface StripeOptions {
  readonly from?: number;
  readonly to?: number;
  readonly csv?: readonly string[];
  readonly report?: string;
  readonly by?: string;
}

async function stripe({ csv, report, by, ...asked }: StripeOptions, command: Command): Promise<void> {
  const files = (csv ?? []).map((name) => ({ name, text: textOf(name) }));
  await withContext(async (context) => {
    const reports = files.length === 0 ? undefined : new CsvStatement(files);
    const period = reports?.days(asked, Date.now()) ?? periodOf(asked, undefined, Date.now());
    const who = by === undefined ? {} : { by: await actorOf(context, by) };
    const readModels = await context.caughtUpReadModels();
    const statement: Statement = reports ?? context.stripeBalance;
    const settings = { source: reports === undefined ? 'api' : 'csv', ...who } as const;
    const days = await longWork(
      'comparing',
      (watch) => context.reconciler.run(period, statement, { ...settings, ...watch }),
      { units: 'days', outcome: 'What was found is recorded.' },
    );
    if (days === undefined) return;
    await context.caughtUpReadModels();
    if (report !== undefined) await writeCsv(report, REPORT_COLUMNS, reportRows(readModels, period, Date.now()));
    printRows(command, days.flatMap(dayRows), 'There was nothing to compare.');
  });
}

const dayRows = ({ day, counts, totals }: Comparison): TableRow[] =>
  (totals.length === 0 ? [undefined] : totals).map((total) => ({
    day,
    ...counts,
    ...(total !== undefined && {
      currency: total.currency,
      opening: total.openingMinor === undefined ? '' : formatMinor(total.openingMinor, total.currency),
      activity: formatMinor(total.activityMinor, total.currency),
      closing: total.closingMinor === undefined ? '' : formatMinor(total.closingMinor, total.currency),
      ledger: formatMinor(total.ledgerMinor, total.currency),
      explained: formatMinor(total.explainedMinor, total.currency),
    }),
  }));

function list({ status, limit }: { status?: ItemStatus; limit: number }, command: Command): Promise<void> {
  return withContext(async (context) => {
    const where: Record<string, string | boolean> = status === undefined ? { open: true } : { status };
    const readModels = await context.caughtUpReadModels();
    const rows = await readModels.find(reconciliationItems.view, { where, orderBy: 'date', limit });
    printRows(
      command,
      rows.map(({ doc }) => itemFields(doc as ItemRow)),
      status === undefined ? await nothingOpen(readModels) : `No item is ${status}.`,
    );
  });
}

/** That nothing is open says nothing where no day was compared. */
async function nothingOpen(readModels: ReadModelStore): Promise<string> {
  const days = await readModels.find(reconciliationDays.view, { orderBy: 'day', limit: 1 });
  return days.length > 0 ? 'Stripe and the ledger agree.' : 'No day was compared with Stripe yet.';
}

function itemFields({ itemId, status, date, sides, resolution }: ItemRow): TableRow {
  const [first] = sides.theirs;
  const differences = sides.corrections.map(({ currency, amountMinor, feeMinor }) =>
    moneyText(amountMinor - feeMinor, currency),
  );
  return {
    item: itemId,
    status,
    date,
    ageDays: ageDays(date, Date.now()),
    difference: differences.join(', '),
    category: first?.category,
    payment: first?.paymentIntentId ?? first?.sourceId,
    topup: first?.topupId,
    action: resolution?.action,
    reason: resolution?.reason,
    requestedBy: resolution?.requestedBy,
    proposedAt: resolution?.proposedAt,
    approvedBy: resolution?.approvedBy,
  };
}

interface ResolveOptions {
  readonly action: ResolutionAction;
  readonly topup?: string;
  readonly reason: string;
  readonly evidence?: string;
  readonly by?: string;
}

function resolve(item: string, { by, topup: topupId, ...proposal }: ResolveOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    const requestedBy = await actorOf(context, by, FINANCE);
    await context.reconciliations.propose(item, { ...proposal, topupId, requestedBy });
    await show(context, item, command);
  });
}

function approve(item: string, options: ApprovalOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    await context.reconciliations.approve(item, await approvalOf(context, options, FINANCE));
    await show(context, item, command);
  });
}

function decline(item: string, { by, reason }: { by?: string; reason: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    await context.caughtUpReadModels();
    await context.reconciliations.decline(item, { declinedBy: await actorOf(context, by, FINANCE), reason });
    await show(context, item, command);
  });
}

async function show(context: Context, item: string, command: Command): Promise<void> {
  await context.caughtUpReadModels();
  printFields(command, itemFields(await context.reconciliations.item(item)));
}
