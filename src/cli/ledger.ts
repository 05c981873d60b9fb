import { Command } from 'commander';
import { GetAccount } from '../ledger/index.js';
import { verify as verifyLedger } from '../operations/index.js';
import { balanceFields } from './account.js';
import { withContext } from './context.js';
import { printFields, printJson, printRows, wantsJson } from './output.js';
import { instantArgument } from './parse.js';

export const ledgerCommands = (): Command[] => [
  new Command('balance')
    .argument('<account>')
    .description('what an account had at an instant')
    .option('--as-of <instant>', 'the instant, ISO 8601; now without it', instantArgument)
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
    const readModels = await context.caughtUpReadModels();
    const { faults, trialBalance, ...figures } = await verifyLedger(context.store, readModels, account);
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
