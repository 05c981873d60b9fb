import { type Command, Option } from 'commander';
import { QUEUE_KINDS, type QueueKind } from '../operations/index.js';
import { withContext } from './context.js';
import { printJson, printRows, wantsJson } from './output.js';
import { countArgument } from './parse.js';

const SHOWN = 20;

interface Options {
  readonly kind?: QueueKind;
  readonly limit: number;
}

export const queueCommand = (queue: Command): Command =>
  queue
    .addOption(new Option('--kind <kind>', 'the items of this kind').choices(QUEUE_KINDS))
    .option('--limit <count>', 'how many', countArgument, SHOWN)
    .action(({ kind, limit }: Options, command: Command) =>
      withContext(async (context) => {
        // It must also work where a read model has stopped.
        if (kind !== 'stopped_view' && kind !== undefined) await context.caughtUpReadModels();
        if (kind === undefined) {
          const counts = Object.entries(await context.queue.counts());
          return printRows(
            command,
            counts.map(([name, count]) => ({ kind: name, count })),
            '',
          );
        }
        const items = await context.queue.items(kind, limit);
        if (wantsJson(command)) return printJson(items);
        const rows = items.flatMap(({ id, since, known, choices }) =>
          choices.map(({ choice, effect, command: run }, index) =>
            index === 0 ? { id, since, known, choice, effect, command: run } : { choice, effect, command: run },
          ),
        );
        printRows(command, rows, 'Nothing of this kind waits.');
      }),
    );
