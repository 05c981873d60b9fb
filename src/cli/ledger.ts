import { Command } from 'commander';
import { PoisonEvent } from '../event-store/index.js';
import { GetAccount } from '../ledger/index.js';
import { verify as verifyLedger } from '../operations/index.js';
import { balanceFields } from './account.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, wantsJson } from './output.js';
import { pastArgument } from './parse.js';

export const ledgerCommands = (): Command[] => [
  new Command('balance')
    .argument('<account>')
    .description('show the balance of an account at an instant')
    .option('--as-of <instant>', 'the instant, ISO 8601; now by default', pastArgument)
    .action(balance),
  new Command('verify')
    .description('check hash chains, histories, charges, postings and balances')
    .option('--account <id>', 'this account only')
    .action(verify),
];

function balance(accountId: string, { asOf }: { asOf?: number }, command: Command): Promise<void> {
  return withContext(async ({ queries }) => {
    const state = await queries.execute(new GetAccount(accountId, asOf));
    printFields(command, balanceFields(state, asOf ?? Date.now()));
  });
}

function verify({ account }: { account?: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    if (account !== undefined) await context.queries.execute(new GetAccount(account));
    const stopped = await catchUpOrTell(context);
    const { trialBalance, ...verification } = await verifyLedger(context.store, context.readModels, account);
    const { faults: found, ...figures } = verification;
    const faults = [...new Set([...stopped, ...found])];
    if (faults.length > 0) process.exitCode = 1;
    if (wantsJson(command)) return printJson({ ...figures, faults, trialBalance });
    printFields(command, figures);
    printRows(command, trialBalance, 'The books are empty.');
    console.log(
      faults.length === 0
        ? 'The ledger is right.'
        : `The ledger has faults:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
    );
  });
}

/** Read models that can't continue are reported by verify. */
async function catchUpOrTell(context: Context): Promise<string[]> {
  try {
    await context.caughtUpReadModels();
    return [];
  } catch (error) {
    if (error instanceof PoisonEvent) return [error.message];
    throw error;
  }
}
