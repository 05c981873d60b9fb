import { Command } from 'commander';
import { PoisonEvent, type Projection, rebuild } from '../event-store/index.js';
import { GetAccount } from '../ledger/index.js';
import { PROJECTIONS, verify as verifyLedger } from '../operations/index.js';
import { balanceFields } from './account.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, UsageError, wantsJson } from './output.js';
import { instantArgument } from './parse.js';
import { ProgressLine } from './progress.js';

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
  new Command('replay')
    .argument('[views...]', 'the read models to rebuild; all without it')
    .description('rebuild read models from the events, beside the live ones, then switch')
    .action(replay),
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

/** Read models that can't go on are for verify to tell of. */
async function catchUpOrTell(context: Context): Promise<string[]> {
  try {
    await context.caughtUpReadModels();
    return [];
  } catch (error) {
    if (error instanceof PoisonEvent) return [error.message];
    throw error;
  }
}

function replay(names: string[], _options: object, command: Command): Promise<void> {
  const chosen = names.length === 0 ? PROJECTIONS : names.map(projectionNamed);
  return withContext(async ({ store, readModels }) => {
    for (const projection of chosen) {
      const line = new ProgressLine(projection.view.name);
      let events = 0;
      await rebuild(store, readModels, projection, (progress) => {
        events = progress.events;
        line.show(progress);
      });
      line.end();
      printFields(command, { view: projection.view.name, events, seconds: line.seconds.toFixed(2) });
    }
  });
}

function projectionNamed(name: string): Projection {
  const found = PROJECTIONS.find(({ view }) => view.name === name || view.name.replace(/-\d+$/, '') === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no read model "${name}". There are: ${PROJECTIONS.map(({ view }) => view.name).join(', ')}.`,
  );
}
