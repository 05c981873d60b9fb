import { Command } from 'commander';
import { type Amount, formatUsd, toInstant, ZERO } from '../kernel/index.js';
import {
  accountStream,
  type AccountState,
  AdjustBalance,
  available,
  type BalanceRow,
  balances,
  CloseAccount,
  GetAccount,
  GrantCredit,
  OpenAccount,
  posted,
  ReinstateAccount,
  SuspendAccount,
} from '../ledger/index.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, type TableRow, wantsJson } from './output.js';
import { amountArgument, countArgument, instantArgument } from './parse.js';

const EVENTS_SHOWN = 100;

export function accountCommands(): Command {
  const account = new Command('account').description('open accounts, look at them, give them credit');
  account
    .command('create')
    .description('open an account')
    .option('--credit <usd>', 'bonus credit to start with', amountArgument)
    .action(create);
  account.command('list').description('every account with its balance').action(list);
  account.command('show <account>').description('balance, lots and keys of an account').action(show);
  account
    .command('credit <account>')
    .argument('<usd>', 'the amount, such as 5.00', amountArgument)
    .description('grant bonus credit')
    .requiredOption('--reason <text>', 'why; it stands in the ledger for ever')
    .option(
      '--expires <instant>',
      'when what is left of it expires; twelve months from now without it',
      instantArgument,
    )
    .action(credit);
  account
    .command('adjust <account>')
    .argument('<usd>', 'what to add; negative to take away, after a "--"', amountArgument)
    .description('correct a balance by hand')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--requested-by <who>', 'who asked for it')
    .requiredOption('--approved-by <who>', 'who approved it')
    .action(adjust);
  account
    .command('events <account>')
    .description('the audit trail of an account: its events, oldest first')
    .option('--from <revision>', 'the first revision to show', (text) => countArgument(text), 0)
    .option('--limit <count>', 'how many events', countArgument, EVENTS_SHOWN)
    .action(events);
  account
    .command('suspend <account>')
    .description('let no new calls through')
    .requiredOption('--reason <text>', 'why')
    .action(suspend);
  account
    .command('reinstate <account>')
    .description('end a suspension')
    .requiredOption('--reason <text>', 'why')
    .action(reinstate);
  account
    .command('close <account>')
    .description('stop all keys for good; credit that is left stays until it expires')
    .requiredOption('--reason <text>', 'why')
    .action(close);
  return account;
}

function create({ credit: amount }: { credit?: Amount }, command: Command): Promise<void> {
  return withContext(async ({ commands }) => {
    const accountId = await commands.execute(new OpenAccount());
    if (amount !== undefined) await commands.execute(new GrantCredit(accountId, amount, 'credit at opening'));
    printFields(command, { accountId, credit: formatUsd(amount ?? ZERO) });
  });
}

function list(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const readModels = await context.caughtUpReadModels();
    const rows = await readModels.find(balances.view, { limit: 1_000 });
    const shown = rows
      .map(({ doc }) => doc as BalanceRow)
      .map(({ accountId, posted: balance, held, spent, charges, suspended, closed, openedAt }) => ({
        accountId,
        balance,
        held,
        spent,
        charges,
        suspended,
        closed: closed ?? false,
        openedAt,
      }));
    printRows(command, shown, 'There are no accounts. Open one with: tokenhub account create');
  });
}

/** What an account has, as people read it. */
export function balanceFields(state: AccountState, at: number): TableRow {
  return {
    account: state.accountId,
    balance: formatUsd(posted(state)),
    held: formatUsd(state.held),
    available: formatUsd(available(state, at)),
    suspended: state.suspended,
    closed: state.closed,
  };
}

function show(accountId: string, _options: object, command: Command): Promise<void> {
  return withContext(async ({ queries }) => {
    const state = await queries.execute(new GetAccount(accountId));
    const lots = state.lots.map(({ id, kind, amount, remaining, expiresAt }) => ({
      lot: id,
      kind,
      amount: formatUsd(amount),
      remaining: formatUsd(remaining),
      expires: toInstant(expiresAt),
    }));
    const fields = balanceFields(state, Date.now());
    if (wantsJson(command)) return printJson({ ...fields, openHolds: state.holds.size, keys: state.keys.size, lots });
    printFields(command, {
      ...fields,
      openHolds: state.holds.size,
      keys: state.keys.size,
      opened: toInstant(state.openedAt),
    });
    printRows(command, lots, 'No credit yet. Grant some with: tokenhub account credit');
  });
}

interface CreditOptions {
  readonly reason: string;
  readonly expires?: number;
}

function credit(
  accountId: string,
  amount: Amount,
  { reason, expires }: CreditOptions,
  command: Command,
): Promise<void> {
  return withContext(async ({ commands, queries }) => {
    const lot = await commands.execute(new GrantCredit(accountId, amount, reason, expires));
    printFields(command, { lot, ...balanceFields(await queries.execute(new GetAccount(accountId)), Date.now()) });
  });
}

interface AdjustOptions {
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

function adjust(accountId: string, amount: Amount, options: AdjustOptions, command: Command): Promise<void> {
  return withContext(async ({ commands, queries }) => {
    const { reason, requestedBy, approvedBy } = options;
    await commands.execute(new AdjustBalance(accountId, amount, { reason, requestedBy, approvedBy }));
    printFields(command, balanceFields(await queries.execute(new GetAccount(accountId)), Date.now()));
  });
}

function events(accountId: string, { from, limit }: { from: number; limit: number }, command: Command): Promise<void> {
  return withContext(async ({ store, queries }) => {
    await queries.execute(new GetAccount(accountId));
    const page = await store.readStream(accountStream(accountId), from, limit);
    if (wantsJson(command)) return printJson(page);
    const rows = page.map(({ revision, type, data }) => {
      const { at, ...rest } = data;
      return { revision, at: String(at), type, data: shorten(rest) };
    });
    printRows(command, rows, 'There are no events from that revision on.');
  });
}

/** Whole data is for --json; a line of a table shows its start. */
function shorten(data: object): string {
  const text = JSON.stringify(data);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

const suspend = (accountId: string, { reason }: { reason: string }, command: Command): Promise<void> =>
  withContext((context) => change(context, new SuspendAccount(accountId, reason), command));

const reinstate = (accountId: string, { reason }: { reason: string }, command: Command): Promise<void> =>
  withContext((context) => change(context, new ReinstateAccount(accountId, reason), command));

const close = (accountId: string, { reason }: { reason: string }, command: Command): Promise<void> =>
  withContext((context) => change(context, new CloseAccount(accountId, reason), command));

async function change(
  { commands, queries }: Context,
  message: SuspendAccount | ReinstateAccount | CloseAccount,
  command: Command,
): Promise<void> {
  await commands.execute(message);
  printFields(command, balanceFields(await queries.execute(new GetAccount(message.accountId)), Date.now()));
}
