import type { Command } from 'commander';
import { countOf } from '../kernel/index.js';
import { accountStream, GetAccount } from '../ledger/index.js';
import { verify as verifyLedger } from '../operations/index.js';
import { InvalidNote, type Seals, type SignedCheckpoint } from '../seals/index.js';
import { balanceFields } from './account.js';
import { asOfGiven, type AsOfOptions, instantOf, withAsOf } from './as-of.js';
import { withContext } from './context.js';
import { textOf } from './files.js';
import { longWork } from './long-work.js';
import { printFields, printJson, printRows, UsageError, wantsJson } from './output.js';

export const balanceCommand = (command: Command): Command => withAsOf(command.argument('<account>')).action(balance);

export const verifyCommand = (command: Command): Command =>
  command
    .option('--account <id>', 'this account only')
    .option('--since <checkpoint>', 'trust what this checkpoint seals: a file with it, or its size')
    .option('--no-read-models', 'leave out the read models, which take as long as everything else')
    .action(verify);

function balance(accountId: string, options: AsOfOptions, command: Command): Promise<void> {
  return withContext(async ({ queries, store }) => {
    const state = await queries.execute(new GetAccount(accountId, await asOfGiven(store, options)));
    printFields(command, balanceFields(state, instantOf(state, options)));
  });
}

interface VerifyOptions {
  readonly account?: string;
  readonly since?: string;
  /** Absent rather than true: Commander sets this default before a command is loaded. */
  readonly readModels?: boolean;
}

function verify(
  { account, since: named, readModels: withRows = true }: VerifyOptions,
  command: Command,
): Promise<void> {
  return withContext(async (context) => {
    const { store, readModels, seals } = context;
    // Its state is not asked for: a history that can’t be is what this is to find.
    if (account !== undefined && (await store.readStream(accountStream(account), 0, 1)).length === 0)
      throw new UsageError(`There is no account ${account}.`);
    const since = named === undefined ? undefined : await checkpointNamed(seals, named);
    const stopped = withRows ? await context.catchUpOrTell() : [];
    const options = { account, seals, since, readModels: withRows };
    const verified = await longWork('verifying', (watch) => verifyLedger(store, readModels, { ...options, ...watch }), {
      outcome: 'Nothing was found yet, or not all of it.',
    });
    if (verified === undefined) return;
    const { trialBalance, faults: found, warnings, ...figures } = verified;
    const faults = [...new Set([...stopped, ...found])];
    if (faults.length > 0) process.exitCode = 1;
    if (wantsJson(command)) return printJson({ ...figures, faults, warnings, trialBalance });
    printFields(command, figures);
    printRows(command, trialBalance, 'The books are empty.');
    for (const warning of warnings) console.log(warning);
    console.log(
      faults.length === 0
        ? 'The ledger is right.'
        : `The ledger has faults:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
    );
  });
}

/** A checkpoint in a file, or one of the ledger by its size. @throws UsageError when there is none, or a key of the ledger did not sign it */
async function checkpointNamed(seals: Seals, name: string): Promise<SignedCheckpoint> {
  const note = /^\d+$/.test(name) ? await seals.noteOf(Number(name)) : textOf(name);
  if (note === undefined)
    throw new UsageError(
      `There is no checkpoint of ${countOf(Number(name), 'event')}. "tokenhub seal list" shows them.`,
    );
  try {
    return seals.openCheckpoint(note);
  } catch (error) {
    if (error instanceof InvalidNote)
      throw new UsageError(`${name} is not a checkpoint of this ledger: ${error.message}.`);
    throw error;
  }
}
