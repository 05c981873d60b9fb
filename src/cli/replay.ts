import { type Command, Option } from 'commander';
import type { Projection, Row, RowDifference, WalkProgress } from '../event-store/index.js';
import {
  differenceText,
  diffViews,
  projectionNamed,
  PROJECTIONS,
  rebuildViews,
  type Stores,
  viewAsOf,
} from '../operations/index.js';
import type { AsOf } from '../ledger/index.js';
import { withContext } from './context.js';
import { CANCELLED, printLine, printRows, UsageError, wantsJson } from './output.js';
import { asOfArgument } from './parse.js';
import { ProgressLine } from './progress.js';

interface Options {
  readonly until?: AsOf;
  readonly diff?: true;
}

export const replayCommand = (command: Command): Command =>
  command
    .argument('[views...]', 'the read models to rebuild; all by default')
    .addOption(
      new Option('--until <end>', 'print the rows of one read model as of an instant or a log position')
        .argParser(asOfArgument)
        .conflicts('diff'),
    )
    .option('--diff', 'compare with the live read models row by row, and change nothing; exit code 1 if they differ')
    .action(replay);

function replay(names: string[], { until, diff }: Options, command: Command): Promise<void> {
  const chosen = names.length === 0 ? PROJECTIONS : [...new Set(names.map(named))];
  const [first] = chosen;
  if (until !== undefined && (chosen.length !== 1 || first === undefined))
    throw new UsageError('With --until, name one read model, such as: tokenhub replay balances --until 2026-11-01.');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const line = new ProgressLine(chosen.length === 1 ? (first?.view.name ?? '') : `${chosen.length} read models`);
  const options = { onProgress: (progress: WalkProgress) => line.show(progress), signal: stop.signal };
  const work: Work = { command, line, options };
  return withContext((stores) => {
    if (until !== undefined && first !== undefined) return showAsOf(stores, first, until, work);
    return diff ? compare(stores, chosen, work) : putInPlace(stores, chosen, work);
  });
}

interface Work {
  readonly command: Command;
  readonly line: ProgressLine;
  readonly options: { readonly onProgress: (progress: WalkProgress) => void; readonly signal: AbortSignal };
}

function named(name: string): Projection {
  const found = projectionNamed(name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no read model "${name}". There are: ${PROJECTIONS.map(({ view }) => view.name).join(', ')}.`,
  );
}

async function putInPlace(stores: Stores, chosen: readonly Projection[], { command, line, options }: Work) {
  const results = await rebuildViews(stores, chosen, options);
  line.end();
  const seconds = line.seconds.toFixed(2);
  const rebuilt = results.filter(({ isWhole }) => isWhole);
  printRows(
    command,
    rebuilt.map(({ view, events }) => ({ view: view.name, events, seconds })),
    'Nothing was rebuilt.',
  );
  for (const { failure } of results) if (failure !== undefined) throw failure;
  if (rebuilt.length < results.length)
    cancelled('Nothing has changed for readers; the same command continues from there.');
}

/** Differences are printed as they are found, one a line; the summary follows on standard error. */
async function compare(stores: Stores, chosen: readonly Projection[], { command, line, options }: Work) {
  const print = wantsJson(command) ? (found: RowDifference) => JSON.stringify(found) : differenceText;
  const onDifference = (found: RowDifference): Promise<void> => printLine(print(found));
  const results = await diffViews(stores, chosen, { ...options, onDifference });
  line.end();
  for (const { view, position, differences, failure } of results) {
    const what = differences === 0 ? 'no difference' : `${differences} difference${differences === 1 ? '' : 's'}`;
    console.error(`${view}: ${failure ?? `${what}, as of position ${position}`}`);
  }
  if (results.some(({ differences, failure }) => differences > 0 || failure !== undefined)) process.exitCode = 1;
  if (options.signal.aborted) cancelled('The same command continues from there.');
}

/** One row a line, as JSON: a read model may have millions. */
async function showAsOf(stores: Stores, projection: Projection, until: AsOf, { line, options }: Work) {
  const onRow = ({ id, position, doc }: Row): Promise<void> => printLine(JSON.stringify({ id, position, ...doc }));
  const { view, position, rows, isWhole } = await viewAsOf(stores, projection, until, { ...options, onRow });
  line.end();
  if (!isWhole) return cancelled('Nothing of it was kept.');
  console.error(`${view}: ${rows} rows as of position ${position}. The live read model has not changed.`);
}

function cancelled(what: string): void {
  process.exitCode = CANCELLED;
  console.error(`Stopped. ${what}`);
}
