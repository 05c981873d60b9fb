// Differences between the bills of providers and what was booked: listed, and closed by two people.
import { Readable } from 'node:stream';
import { Argument, Command, Option } from 'commander';
import { type ReadModelStore, rowsOf } from '../event-store/index.js';
import {
  type BillLineRow,
  billLines,
  DIFFERENCE_COLUMNS,
  differenceRow,
  type ProviderResolution,
  PROVIDER_RESOLUTIONS,
} from '../reconciliation/index.js';
import { type Context, withContext } from './context.js';
import { writeCsv } from './csv-output.js';
import { printFields, printRows, UsageError } from './output.js';
import { countArgument, textArgument } from './parse.js';
import { actorOf, type ApprovalOptions, approvalOf, FINANCE, withActor, withApproval } from './staff.js';

const SHOWN = 100;

interface ListOptions {
  readonly channel?: string;
  readonly all?: true;
  readonly limit: number;
}

export const providerDifferenceCommands = (): Command[] => [
  listCommand(),
  resolveCommand(),
  approveCommand(),
  declineCommand(),
];

const listCommand = (): Command =>
  new Command('provider-differences')
    .description('models and days that a provider bills otherwise than was booked, newest day first')
    .option('--channel <channel>', 'of this channel only')
    .option('--all', 'also those that match or are closed')
    .option('--limit <count>', 'how many', countArgument, SHOWN)
    .action(({ channel, all, limit }: ListOptions, command: Command) =>
      withContext(async (context) => {
        const where = { ...(channel !== undefined && { channel }), ...(all === undefined && { open: true }) };
        const readModels = await context.caughtUpReadModels();
        const found = await readModels.find(billLines.view, { where, orderBy: 'day', descending: true, limit });
        printRows(
          command,
          found.map(({ doc }) => shown(doc as BillLineRow)),
          'There are no such differences.',
        );
      }),
    );

const shown = (line: BillLineRow) => ({
  id: line.id,
  channel: line.channel,
  day: line.day,
  model: line.model,
  status: line.status,
  state: line.state,
  booked: line.booked,
  billed: line.billed,
  difference: line.difference,
  openSince: line.openSince,
  resolution: line.resolution,
  requestedBy: line.requestedBy,
  proposedAt: line.proposedAt,
  reason: line.reason,
  approvedBy: line.approvedBy,
});

interface ResolveOptions {
  readonly resolution: ProviderResolution;
  readonly reason: string;
  readonly by?: string;
  readonly approvedBy?: string;
}

const resolveCommand = (): Command =>
  withActor(new Command('provider-resolve'))
    .description('propose what to do about a difference; someone else approves it')
    .addArgument(difference())
    .addOption(
      new Option('--resolution <what>', 'book the difference, or keep what was booked')
        .choices(PROVIDER_RESOLUTIONS)
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .option('--approved-by <user>', 'who else approves it; without, it waits for "tokenhub reconcile provider-approve"')
    .action((id: string, options: ResolveOptions, command: Command) =>
      withContext(async (context) => {
        const { resolution, reason, approvedBy } = options;
        const requestedBy = await actorOf(context, options.by, FINANCE);
        const approval = approvedBy === undefined ? undefined : await approvalOf(context, { approvedBy }, FINANCE);
        const line = await lineOf(context, id);
        await context.providerBills.propose(line, { resolution, reason, requestedBy });
        if (approval !== undefined) await context.providerBills.approve(line, approval);
        await show(context, id, command);
      }),
    );

const approveCommand = (): Command =>
  withApproval(new Command('provider-approve'))
    .description('approve what somebody else proposed: the difference is closed')
    .addArgument(difference())
    .action((id: string, options: ApprovalOptions, command: Command) =>
      withContext(async (context) => {
        const approval = await approvalOf(context, options, FINANCE);
        await context.providerBills.approve(await lineOf(context, id), approval);
        await show(context, id, command);
      }),
    );

const declineCommand = (): Command =>
  withActor(new Command('provider-decline'))
    .description('decline a proposal: the difference stays open')
    .addArgument(difference())
    .requiredOption('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .action((id: string, { by, reason }: { readonly by?: string; readonly reason: string }, command: Command) =>
      withContext(async (context) => {
        const declinedBy = await actorOf(context, by, FINANCE);
        await context.providerBills.decline(await lineOf(context, id), { declinedBy, reason });
        await show(context, id, command);
      }),
    );

const difference = (): Argument =>
  new Argument('<difference>', 'its id, from "tokenhub reconcile provider-differences"');

async function show(context: Context, id: string, command: Command): Promise<void> {
  printFields(command, shown(await rowOf(context, id)));
}

async function lineOf(context: Context, id: string): Promise<Pick<BillLineRow, 'channel' | 'day' | 'model'>> {
  const { channel, day, model } = await rowOf(context, id);
  return { channel, day, model };
}

async function rowOf(context: Context, id: string): Promise<BillLineRow> {
  const doc = (await (await context.caughtUpReadModels()).load(billLines.view, [id])).get(id)?.doc;
  if (doc === undefined) throw new UsageError(`There is no difference "${id}".`);
  return doc as BillLineRow;
}

/** Writes differences to a CSV file that a spreadsheet can open safely. */
export async function writeDifferences(
  readModels: ReadModelStore,
  where: Readonly<Record<string, string>>,
  file: string,
): Promise<void> {
  const rows = rowsOf<BillLineRow>(readModels, billLines.view, { where, orderBy: 'day' });
  const shownRows = Readable.from(rows).map(({ doc }) => differenceRow(doc as BillLineRow));
  await writeCsv(file, DIFFERENCE_COLUMNS, shownRows);
}
