import type { Command } from 'commander';
import { LogAltered } from '../seals/index.js';
import { type Context, withContext } from './context.js';
import { printFields, printRows, UsageError } from './output.js';
import { countArgument } from './parse.js';

const LISTED = 20;

export function sealCommands(seal: Command): void {
  seal
    .command('now', { isDefault: true })
    .description('sign a checkpoint of the ledger as it is, and write it to CHECKPOINTS_URL')
    .action(sealNow);
  seal
    .command('list')
    .description('list the checkpoints, newest first')
    .option('--limit <count>', 'how many', countArgument, LISTED)
    .action(list);
  seal
    .command('key')
    .description('print the public keys of the ledger, newest first, for witnesses and whoever checks statements')
    .action(showKeys);
}

function sealNow(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    keysOf(context);
    const report = await sealOrTell(context);
    if (report?.checkpoint === undefined) return console.log('The ledger has no events yet.');
    const { checkpoint, isNew, failures } = report;
    printFields(command, { size: checkpoint.size, root: Buffer.from(checkpoint.root).toString('base64'), new: isNew });
    for (const [place, reason] of failures) console.error(`${place}: ${reason}`);
    if (failures.size > 0) process.exitCode = 1;
  });
}

async function sealOrTell({ sealer }: Context) {
  try {
    return await sealer.seal();
  } catch (error) {
    if (error instanceof LogAltered)
      throw new UsageError(`Nothing is signed: ${error.message}. Run "tokenhub verify".`);
    throw error;
  }
}

function list({ limit }: { limit: number }, command: Command): Promise<void> {
  return withContext(async ({ seals }) => {
    const { checkpoints } = await seals.list(limit);
    const rows = checkpoints.map(({ size, rootHash, at }) => ({ size, signed: at, root: rootHash }));
    printRows(command, rows, 'There is no checkpoint yet.');
  });
}

function showKeys(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const keys = keysOf(context);
    const rows = keys.all.map(({ verifierKey }, index) => ({ key: verifierKey, signs: index === 0 }));
    if (command.optsWithGlobals<{ json?: boolean }>().json) return printRows(command, rows, '');
    for (const { key } of rows) console.log(key);
  });
}

function keysOf({ seals: { keys } }: Context) {
  if (keys !== undefined) return keys;
  throw new UsageError('The ledger has no key: name one in LEDGER_KEY_FILE (docs/audit.md, "Keys").');
}
