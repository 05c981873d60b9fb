import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ledgerFault, lockLedger, openEventStore, sentenceOf } from '../adapters/index.js';
import { errorText } from '../kernel/index.js';
import { fileOf, isEmbedded, LEDGER_URL } from '../platform/config.js';
import { type EventStore, EventStoreUnavailable, START } from '../event-store/index.js';
import { type MigrationReport, MigrationRefused, type MigrationStage, StoreMigration } from '../operations/index.js';
import { cancellable } from './long-work.js';
import { printFields, printJson, UsageError, wantsJson } from './output.js';
import { ProgressLine } from './progress.js';

const TROUBLE_EVERY_MS = 5_000;
const RESUME = 'Run the same command again: it continues after the last event that is there.';

export const migrateStoreCommand = (command: Command): Command =>
  command
    .requiredOption('--from <url>', 'the event store with the ledger: sqlite:<file> or esdb://…')
    .requiredOption('--to <url>', 'the destination: empty, or with a beginning of the ledger')
    .option('--verify-only', 'copy nothing; compare every event of --from with the one in --to')
    .action(migrateStore);

interface Options {
  readonly from: string;
  readonly to: string;
  readonly verifyOnly?: boolean;
}

async function migrateStore({ from, to, verifyOnly = false }: Options, command: Command): Promise<void> {
  for (const [option, url] of Object.entries({ '--from': from, '--to': to })) {
    if (!LEDGER_URL.test(url)) throw new UsageError(`${option} must be sqlite:<path of a file> or esdb://…`);
  }
  if (placeOf(from) === placeOf(to)) throw new UsageError('--from and --to name the same event store.');
  if (isEmbedded({ EVENT_STORE_URL: from }) && !existsSync(placeOf(from))) {
    throw new UsageError(`There is no ledger at ${from}.`);
  }
  await using opened = new AsyncDisposableStack();
  const source = await open(from, opened, verifyOnly);
  if ((await source.head()) === START) throw new UsageError(`${shown(from)} has no events: there is nothing to move.`);
  const destination = await open(to, opened, verifyOnly);
  const report = await migrate(source, destination, verifyOnly);
  if (report === undefined) return;
  if (report.faults.length > 0) process.exitCode = 1;
  if (wantsJson(command)) return printJson({ from: shown(from), to: shown(to), ...report });
  const { events, streams, moved } = report;
  printFields(command, { from: shown(from), to: shown(to), streams, events, moved });
  console.log(report.faults.length === 0 ? success(report, { from, verifyOnly }) : failure(report));
}

/** Opens a store that nothing else uses, as far as we can know: the gateway locks its file. */
async function open(url: string, opened: AsyncDisposableStack, shared: boolean): Promise<EventStore> {
  const store = await openEventStore(url, () => undefined, shown(url));
  opened.defer(() => store.close());
  const lock = shared ? undefined : await lockLedger(url);
  opened.defer(() => lock?.release());
  try {
    await store.head();
  } catch (error) {
    const fault = await ledgerFault({ EVENT_STORE_URL: url });
    const variable = shown(url);
    throw new UsageError(fault ? sentenceOf({ ...fault, variable }) : `${variable}: ${(error as Error).message}`);
  }
  return store;
}

/** Undefined when Ctrl-C ended it. */
async function migrate(
  source: EventStore,
  destination: EventStore,
  verifyOnly: boolean,
): Promise<MigrationReport | undefined> {
  const watch = new Watch();
  const work = (signal: AbortSignal): Promise<MigrationReport> => {
    const migration = new StoreMigration(source, destination, {
      signal,
      onProgress: (stage, progress) => watch.lineOf(stage).show(progress),
      onTrouble: (error) => watch.trouble(error),
    });
    return (verifyOnly ? migration.verify() : migration.run()).finally(() => watch.end());
  };
  try {
    return await cancellable(work);
  } catch (error) {
    if (error instanceof EventStoreUnavailable) throw new UsageError(`${error.message}. ${RESUME}`);
    if (error instanceof MigrationRefused) throw new UsageError(error.message);
    throw error;
  }
}

const LABELS: Readonly<Record<MigrationStage, string>> = {
  compare: 'comparing what is there',
  move: 'moving',
  verify: 'verifying',
};

/** Reports progress on standard error. */
class Watch {
  #stage: MigrationStage | undefined;
  #line: ProgressLine | undefined;
  #troubleAt = Number.NEGATIVE_INFINITY;

  lineOf(stage: MigrationStage): ProgressLine {
    if (this.#line === undefined || this.#stage !== stage) {
      this.end();
      this.#stage = stage;
      this.#line = new ProgressLine(LABELS[stage]);
    }
    return this.#line;
  }

  trouble(error: unknown): void {
    if (performance.now() - this.#troubleAt < TROUBLE_EVERY_MS) return;
    this.#troubleAt = performance.now();
    console.error(`${errorText(error)}; trying again`);
  }

  end(): void {
    this.#line?.end();
    this.#line = undefined;
  }
}

function success({ events, goesOn }: MigrationReport, { from, verifyOnly }: { from: string; verifyOnly: boolean }) {
  const same = `All ${events} events are there, in the same order, with their ids, data, hashes and times; every hash chain is whole.`;
  if (verifyOnly) return goesOn ? `${same} The ledger has gone on since.` : same;
  return `${same}

What to do next:
1. Set EVENT_STORE_URL to the new store, for the gateways and for this command line.${staysBeside(from)}
2. Where READ_MODEL_URL stays the same, run "tokenhub replay": read models know events by their place in the old store, and stop in
   another one. A new one is filled by the gateways.
3. Start the gateways, and run "tokenhub verify".
4. Keep ${shown(from)} as it is until you are sure, and let nothing write to it. To go back, stop the gateways and run
   this command with --from and --to exchanged: what was written since is moved after what the old store has.`;
}

/** What a file has beside it, and servers have not, without being told. */
const staysBeside = (from: string): string =>
  isEmbedded({ EVENT_STORE_URL: from })
    ? ` If LEDGER_KEY_FILE or CHECKPOINTS_URL is unset, set
   LEDGER_KEY_FILE=${fileOf(from)}.key and CHECKPOINTS_URL=file:${fileOf(from)}.checkpoints: they do not move with the ledger.`
    : '';

const failure = ({ faults }: MigrationReport): string =>
  `The ledger has not arrived as it was:\n${faults.map((fault) => `- ${fault}`).join('\n')}`;

/** A URL for printing: without password and options. */
const shown = (url: string): string =>
  isEmbedded({ EVENT_STORE_URL: url }) ? url : url.replace(/\/\/.*@/, '//').replace(/\/?\?.*$/, '');

/** The same text for two URLs of one file or one server. */
function placeOf(url: string): string {
  if (!isEmbedded({ EVENT_STORE_URL: url }))
    return shown(url)
      .replace(/^.*\/\//, '')
      .toLowerCase();
  const path = resolve(fileOf(url));
  return existsSync(path) ? realpathSync(path) : path;
}
