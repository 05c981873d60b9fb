import type { Command } from 'commander';
import { type Amount, formatUsd, toInstant } from '../kernel/index.js';
import { IssueKey, keysIn, ReissueKey, RevokeKey, UpdateKey } from '../keys/index.js';
import { GetAccount, type KeySettings, keyStatus } from '../ledger/index.js';
import { asOfGiven, type AsOfOptions, instantOf, withAsOf } from './as-of.js';
import { type Context, withContext } from './context.js';
import { printFields, printRows, UsageError } from './output.js';
import { amountArgument, countArgument, futureArgument, several, textArgument } from './parse.js';
import { actorOf, referenceOf, withActor, withReference } from './staff.js';

export function keyCommands(key: Command): void {
  settingsOf(withReference(withActor(key.command('issue <account>'))))
    .description('issue a key; its full value is shown only once')
    .option('--reason <text>', 'why', textArgument)
    .action(issue);
  withActor(key.command('reissue <account> <key>'))
    .description('replace a lost key: the new one takes over its settings and its spending; the old one is revoked')
    .requiredOption('--reason <text>', 'why', textArgument)
    .action(reissue);
  withAsOf(key.command('list <account>'))
    .description('list the keys of an account, also as of an instant or a position of the log')
    .action(list);
  settingsOf(withActor(key.command('update <account> <key>')))
    .description('replace all settings of a key; limits that are not given are removed')
    .requiredOption('--reason <text>', 'why', textArgument)
    .action(update);
  withActor(key.command('revoke <account> <key>'))
    .description('revoke a key permanently')
    .requiredOption('--reason <text>', 'why', textArgument)
    .action(revoke);
}

const settingsOf = (command: Command): Command =>
  command
    .option('--name <text>', 'its name', textArgument, 'unnamed')
    .option('--rpm <count>', 'requests per minute', countArgument)
    .option('--tpm <count>', 'tokens per minute', countArgument)
    .option('--parallel <count>', 'the most calls at the same time', countArgument)
    .option('--budget-daily <usd>', 'the most it may spend per UTC day', amountArgument)
    .option('--budget-weekly <usd>', 'the most it may spend per week, from Monday, UTC', amountArgument)
    .option('--budget-monthly <usd>', 'the most it may spend per UTC month', amountArgument)
    .option('--budget-total <usd>', 'the most it may spend in total', amountArgument)
    .option('--allow-model <id>', 'a model it may call; repeatable', several)
    .option('--allow-ip <range>', 'an IP address or CIDR range it may be used from; repeatable', several)
    .option('--expires <instant>', 'when it expires', futureArgument);

interface Act {
  readonly by?: string;
  readonly reason?: string;
}

/** Who acts, and the reason, as the ledger records them. */
const actOf = async (context: Context, { by, reason }: Act) => ({ by: await actorOf(context, by), reason });

interface Options extends Act {
  readonly reference?: string;
  readonly name: string;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly parallel?: number;
  readonly budgetDaily?: Amount;
  readonly budgetWeekly?: Amount;
  readonly budgetMonthly?: Amount;
  readonly budgetTotal?: Amount;
  readonly allowModel?: string[];
  readonly allowIp?: string[];
  readonly expires?: number;
}

function settings(options: Options): KeySettings {
  const { name, rpm, tpm, parallel, allowModel, allowIp, expires } = options;
  const budgets = (['budgetDaily', 'budgetWeekly', 'budgetMonthly', 'budgetTotal'] as const).flatMap((field) => {
    const amount = options[field];
    return amount === undefined ? [] : [[field, formatUsd(amount)] as const];
  });
  return {
    name,
    ...(rpm !== undefined && { requestsPerMinute: rpm }),
    ...(tpm !== undefined && { tokensPerMinute: tpm }),
    ...(parallel !== undefined && { parallelRequests: parallel }),
    ...Object.fromEntries(budgets),
    ...(allowModel !== undefined && { allowedModels: allowModel }),
    ...(allowIp !== undefined && { allowedIps: allowIp }),
    ...(expires !== undefined && { expiresAt: toInstant(expires) }),
  };
}

function issue(accountId: string, options: Options, command: Command): Promise<void> {
  const reference = referenceOf(options.reference);
  return withContext(async (context) => {
    const act = await actOf(context, options);
    const issued = new IssueKey(accountId, settings(options), { ...act, reference });
    const { keyId, key } = await context.commands.execute(issued);
    printFields(command, { keyId, key, reference });
  });
}

function reissue(accountId: string, keyId: string, options: Act, command: Command): Promise<void> {
  refuseValue(keyId);
  return withContext(async (context) => {
    const act = await actOf(context, options);
    const issued = await context.commands.execute(new ReissueKey(accountId, keyId, act));
    printFields(command, { keyId: issued.keyId, key: issued.key, replaces: keyId });
  });
}

function list(accountId: string, options: AsOfOptions, command: Command): Promise<void> {
  return withContext(async ({ queries, store }) => {
    const state = await queries.execute(new GetAccount(accountId, await asOfGiven(store, options)));
    const now = instantOf(state, options);
    const rows = keysIn(state).map((key) => ({
      keyId: key.id,
      key: `sk-th_…${key.last4}`,
      name: key.settings.name,
      status: keyStatus(key, now),
      spent: formatUsd(key.spend.total.amount),
      rpm: key.settings.requestsPerMinute,
      tpm: key.settings.tokensPerMinute,
      parallel: key.settings.parallelRequests,
      issued: toInstant(key.issuedAt),
      replaces: key.replaces,
    }));
    printRows(command, rows, 'This account has no keys. Issue one with: tokenhub key issue');
  });
}

function update(accountId: string, keyId: string, options: Options, command: Command): Promise<void> {
  refuseValue(keyId);
  return withContext(async (context) => {
    const act = await actOf(context, options);
    await context.commands.execute(new UpdateKey(accountId, keyId, { settings: settings(options) }, act));
    printFields(command, { keyId, status: 'updated' });
  });
}

function revoke(accountId: string, keyId: string, options: Act, command: Command): Promise<void> {
  refuseValue(keyId);
  return withContext(async (context) => {
    const act = await actOf(context, options);
    await context.commands.execute(new RevokeKey(accountId, keyId, act));
    printFields(command, { keyId, status: 'revoked' });
  });
}

function refuseValue(keyId: string): void {
  if (keyId.startsWith('sk-th_'))
    throw new UsageError('A key is named by its id, which "tokenhub key list" shows, not by its value.');
}
