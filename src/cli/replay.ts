import { type Command, Option } from 'commander';
import { countOf } from '../kernel/index.js';
import type { Projection, Row, RowDifference } from '../event-store/index.js';
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
import { longWork, type Watch } from './long-work.js';
import { printLine, printRows, UsageError, wantsJson } from './output.js';
import { asOfArgument } from './parse.js';

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
  const name = chosen.length === 1 ? (first?.view.name ?? '') : `${chosen.length} read models`;
  return withContext((stores) => {
    if (until !== undefined && first !== undefined) return showAsOf(stores, first, until);
    const work: Work = { chosen, name, command };
    return diff ? compare(stores, work) : putInPlace(stores, work);
  });
}

interface Work {
  readonly chosen: readonly Projection[];
  readonly name: string;
  readonly command: Command;
}

function named(name: string): Projection {
  const found = projectionNamed(name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no read model "${name}". There are: ${PROJECTIONS.map(({ view }) => view.name).join(', ')}.`,
  );
}

async function putInPlace(stores: Stores, { chosen, name, command }: Work): Promise<void> {
  const started = performance.now();
  await longWork(name, async (watch) => {
    const results = await rebuildViews(stores, chosen, watch);
    watch.end();
    const seconds = ((performance.now() - started) / 1_000).toFixed(2);
    const rebuilt = results.filter(({ isWhole }) => isWhole);
    printRows(
      command,
      rebuilt.map(({ view, events }) => ({ view: view.name, events, seconds })),
      'Nothing was rebuilt.',
    );
    for (const { failure } of results) if (failure !== undefined) throw failure;
    if (rebuilt.length < results.length) watch.signal.throwIfAborted();
  });
}

/** Differences are printed as they are found, one a line; the summary follows on standard error. */
async function compare(stores: Stores, { chosen, name, command }: Work): Promise<void> {
  const print = wantsJson(command) ? (found: RowDifference) => JSON.stringify(found) : differenceText;
  const onDifference = (found: RowDifference): Promise<void> => printLine(print(found));
  await longWork(name, async (watch) => {
    const results = await diffViews(stores, chosen, { ...watch, onDifference });
    watch.end();
    for (const { view, position, differences, failure } of results) {
      const what = differences === 0 ? 'no difference' : countOf(differences, 'difference');
      console.error(`${view}: ${failure ?? `${what}, as of position ${position}`}`);
    }
    if (results.some(({ differences, failure }) => differences > 0 || failure !== undefined)) process.exitCode = 1;
    watch.signal.throwIfAborted();
  });
}

/** One row a line, as JSON: a read model may have millions. */
async function showAsOf(stores: Stores, projection: Projection, until: AsOf): Promise<void> {
  const onRow = ({ id, position, doc }: Row): Promise<void> => printLine(JSON.stringify({ id, position, ...doc }));
  const work = async (watch: Watch) => {
    const shown = await viewAsOf(stores, projection, until, { ...watch, onRow });
    if (!shown.isWhole) watch.signal.throwIfAborted();
    return shown;
  };
  const shown = await longWork(projection.view.name, work, { outcome: 'Nothing of it was kept.' });
  if (shown === undefined) return;
  const { view, position, rows } = shown;
  console.error(`${view}: ${countOf(rows, 'row')} as of position ${position}. The live read model has not changed.`);
}
