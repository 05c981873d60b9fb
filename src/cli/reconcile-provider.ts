// Imports a bill of a provider: compares it with what was booked, and prints what differs.
import { basename } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { configuredChannels } from '../adapters/index.js';
import { type Amount, dayOf, formatUsd, readInstant, toInstant, usd, ZERO } from '../kernel/index.js';
import {
  BILL_FORMATS,
  type BillFormat,
  type ComparedLine,
  percentageOf,
  readMapping,
  readPairs,
} from '../reconciliation/index.js';
import { withContext } from './context.js';
import { textOf } from './files.js';
import { longWork } from './long-work.js';
import { printFields, printJson, printRows, UsageError, wantsJson } from './output.js';
import { amountArgument, several } from './parse.js';
import { writeDifferences } from './reconcile-differences.js';
import { actorOf, withActor } from './staff.js';

const TOLERANCE = '0.01';

interface Options {
  readonly channel: string;
  readonly from?: string;
  readonly to?: string;
  readonly tolerance: Amount;
  readonly map?: string[];
  readonly model?: string[];
  readonly report?: string;
  readonly by?: string;
}

export const providerBillCommand = (): Command =>
  withActor(new Command('provider'))
    .description('compare usage and costs that a provider exported with what was booked, by model and UTC day')
    .addArgument(new Argument('<format>', 'whose format the files have').choices(BILL_FORMATS))
    .argument('<files...>', 'pages of its usage and cost APIs as JSON, or CSV files')
    .requiredOption('--channel <channel>', 'the channel whose calls it bills')
    .option('--from <day>', 'the first day; by default that of the bill', day)
    .option('--to <day>', 'the last day; by default that of the bill', day)
    .addOption(
      new Option('--tolerance <usd>', 'up to which a difference of costs is none')
        .argParser(notNegative)
        .default(usd(TOLERANCE), `$${TOLERANCE}`),
    )
    .option('--map <field=column>', 'for csv: a column, such as day=Date; repeatable', several)
    .option('--model <billed=ours>', 'what a model in the bill is called here; repeatable', several)
    .option('--report <file>', 'write every model and day to a CSV file')
    .action(run);

function notNegative(text: string): Amount {
  const amount = amountArgument(text);
  if (amount < ZERO) throw new InvalidArgumentError('a tolerance is not negative');
  return amount;
}

function day(text: string): string {
  try {
    return dayOf(toInstant(readInstant(text)));
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function run(format: BillFormat, files: string[], options: Options, command: Command): Promise<void> {
  return withContext(async (context) => {
    const by = await actorOf(context, options.by);
    const { channel, from, to, tolerance, report } = options;
    const configured = configuredChannels(context.config, context.catalogue).map(({ name }) => name);
    const read = { files: files.map(fileOf), ...pairsIn(options) };
    const bill = { channel, configured, format, from, to, tolerance, ...read };
    const compared = await longWork('comparing', (watch) => context.providerBills.import(bill, by, watch), {
      outcome: 'Nothing was recorded.',
    });
    if (compared === undefined) return;
    const { importId, lines, totals, ...period } = compared;
    if (report !== undefined) await writeDifferences(await context.caughtUpReadModels(), { importId }, report);
    const fields = { bill: importId, channel, ...period, ...totals };
    const open = lines.filter(({ status }) => status !== 'matched');
    if (wantsJson(command)) return printJson({ ...fields, differences: open.map(row) });
    printFields(command, fields);
    printRows(command, open.map(row), 'Nothing differs.');
  });
}

const fileOf = (path: string): { readonly name: string; readonly text: string } => ({
  name: basename(path),
  text: textOf(path),
});

function pairsIn({ map = [], model = [] }: Options) {
  try {
    return { mapping: readMapping(map), aliases: readPairs(model) };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}

const row = ({ day: on, model, status, calls, booked, billed, difference, ...line }: ComparedLine) => ({
  day: on,
  model,
  status,
  calls,
  booked: formatUsd(booked),
  ...(billed !== undefined && { billed: formatUsd(billed) }),
  ...(difference !== undefined && {
    difference: formatUsd(difference),
    percent: percentageOf(difference, booked),
  }),
  tokens: line.tokens.map(({ kind, ...count }) => `${kind} ${count.booked}/${count.billed}`).join(', '),
  explanations: line.explanations.map(({ cause, calls: of }) => `${cause} ${of}`).join(', '),
});
