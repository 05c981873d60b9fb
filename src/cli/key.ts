import { Command } from 'commander';
import { type Amount, formatUsd, toInstant } from '../kernel/index.js';
import { IssueKey, ListKeys, RevokeKey, UpdateKey } from '../keys/index.js';
import type { KeySettings } from '../ledger/index.js';
import { withContext } from './context.js';
import { printFields, printRows, UsageError } from './output.js';
import { amountArgument, countArgument, instantArgument, several } from './parse.js';

export function keyCommands(): Command {
  const key = new Command('key').description('issue, list, change and revoke API keys');
  settingsOf(key.command('issue <account>'))
    .description('issue a key; its full value is shown this once')
    .action(issue);
  key.command('list <account>').description('the keys of an account').action(list);
  settingsOf(key.command('update <account> <key>'))
    .description('replace all settings of a key; what is not given no longer limits it')
    .action(update);
  key.command('revoke <account> <key>').description('stop a key, for good').action(revoke);
  return key;
}

const settingsOf = (command: Command): Command =>
  command
    .option('--name <text>', 'what to call it', 'unnamed')
    .option('--rpm <count>', 'requests per minute', countArgument)
    .option('--tpm <count>', 'tokens per minute', countArgument)
    .option('--parallel <count>', 'calls under way at the same time', countArgument)
    .option('--budget-daily <usd>', 'most it may spend a UTC day', amountArgument)
    .option('--budget-weekly <usd>', 'most it may spend a week, from Monday, UTC', amountArgument)
    .option('--budget-monthly <usd>', 'most it may spend a UTC month', amountArgument)
    .option('--budget-total <usd>', 'most it may ever spend', amountArgument)
    .option('--allow-model <id>', 'a model it may call; may be repeated', several)
    .option('--allow-ip <range>', 'an address or CIDR range it may be used from; may be repeated', several)
    .option('--expires <instant>', 'when it stops working', instantArgument);

interface Options {
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
  return withContext(async ({ commands }) => {
    const { keyId, key } = await commands.execute(new IssueKey(accountId, settings(options)));
    printFields(command, { keyId, key });
  });
}

function list(accountId: string, _options: object, command: Command): Promise<void> {
  return withContext(async ({ queries }) => {
    const keys = await queries.execute(new ListKeys(accountId));
    const rows = keys.map(({ id, last4, settings: limits, issuedAt, revokedAt, expiresAt, spend }) => ({
      keyId: id,
      key: `sk-th_…${last4}`,
      name: limits.name,
      status:
        revokedAt !== undefined ? 'revoked' : expiresAt !== undefined && expiresAt <= Date.now() ? 'expired' : 'active',
      spent: formatUsd(spend.total.amount),
      rpm: limits.requestsPerMinute,
      tpm: limits.tokensPerMinute,
      parallel: limits.parallelRequests,
      issued: toInstant(issuedAt),
    }));
    printRows(command, rows, 'This account has no keys. Issue one with: tokenhub key issue');
  });
}

function update(accountId: string, keyId: string, options: Options, command: Command): Promise<void> {
  return withContext(async ({ commands }) => {
    await commands.execute(new UpdateKey(accountId, keyId, settings(options)));
    printFields(command, { keyId, status: 'updated' });
  });
}

function revoke(accountId: string, keyId: string, _options: object, command: Command): Promise<void> {
  if (keyId.startsWith('sk-th_'))
    throw new UsageError('A key is revoked by its id, which "tokenhub key list" shows, not by its value.');
  return withContext(async ({ commands }) => {
    await commands.execute(new RevokeKey(accountId, keyId));
    printFields(command, { keyId, status: 'revoked' });
  });
}
