// Differences between the bills of providers and what was booked: listed, and closed by two people.
import { Readable } from 'node:stream';
import { Command, Option } from 'commander';
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
import { actorOf, userIdOf, withActor } from './staff.js';

const SHOWN = 100;

interface ListOptions {
  readonly channel?: string;
  readonly all?: true;
  readonly limit: number;
}

export const providerDifferencesCommand = (): Command =>
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
  requestedBy: line.requestedBy,
  reason: line.reason,
});

interface ResolveOptions {
  readonly resolution: ProviderResolution;
  readonly reason: string;
  readonly by?: string;
  readonly approvedBy?: string;
}

export const providerResolveCommand = (): Command =>
  withActor(new Command('provider-resolve'))
    .description('propose what to do about a difference, and close it once a second person approves')
    .argument('<difference>', 'its id, from "tokenhub reconcile provider-differences"')
    .addOption(
      new Option('--resolution <what>', 'book the difference, or keep what was booked')
        .choices(PROVIDER_RESOLUTIONS)
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .option('--approved-by <user>', 'who else approves it: e-mail address or user id')
    .action((id: string, options: ResolveOptions, command: Command) =>
      withContext(async (context) => {
        const requestedBy = await actorOf(context, options.by);
        const approver =
          options.approvedBy === undefined ? undefined : await userIdOf(context, '--approved-by', options.approvedBy);
        const { channel, day, model } = await lineOf(context, id);
        const line = { channel, day, model };
        const { resolution, reason } = options;
        await context.providerBills.propose(line, { resolution, reason, requestedBy });
        if (approver !== undefined) await context.providerBills.approve(line, approver);
        printFields(command, shown(await lineOf(context, id)));
      }),
    );

async function lineOf(context: Context, id: string): Promise<BillLineRow> {
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
