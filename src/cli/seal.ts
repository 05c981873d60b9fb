import type { Command } from 'commander';
import { LogAltered } from '../seals/index.js';
import { type Context, withContext } from './context.js';
import { printFields, printRows, UsageError } from './output.js';
import { countArgument, textArgument } from './parse.js';
import { actorOf, OPERATOR, withActor } from './staff.js';

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
  withActor(seal.command('replace-lost-key'))
    .argument('<key>', 'the lost key: the eight digits by which messages and "tokenhub verify" name it')
    .description(
      'record that no copy of a key is left, and let the first key of LEDGER_KEY_FILE vouch for the ledger from now on',
    )
    .requiredOption('--reason <text>', 'how it was lost; the ledger keeps it forever', textArgument)
    .action(replaceLostKey);
}

function sealNow(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    keysOf(context);
    const report = await unlessAltered(context.sealer.seal());
    if (report?.checkpoint === undefined) return console.log('The ledger has no events yet.');
    const { checkpoint, isNew, failures } = report;
    printFields(command, { size: checkpoint.size, root: Buffer.from(checkpoint.root).toString('base64'), new: isNew });
    for (const [place, reason] of failures) console.error(`${place}: ${reason}`);
    if (failures.size > 0) process.exitCode = 1;
  });
}

interface LostOptions {
  readonly by?: string;
  readonly reason: string;
}

function replaceLostKey(keyId: string, { by, reason }: LostOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { newest } = keysOf(context);
    const actor = await actorOf(context, by, OPERATOR);
    const isNew = await unlessAltered(context.sealer.replaceLostKey({ keyId, by: actor, reason }));
    const report = await unlessAltered(context.sealer.seal());
    const size = report?.checkpoint?.size ?? 0;
    printFields(command, { lost: keyId, replacedBy: newest.verifierKey, size, new: isNew });
  });
}

async function unlessAltered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
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
