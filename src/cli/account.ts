import type { Command } from 'commander';
import { rowsOf } from '../event-store/index.js';
import { type Amount, formatUsd, toInstant, usd, ZERO } from '../kernel/index.js';
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
  isFrozen,
  OpenAccount,
  posted,
  ReinstateAccount,
  SuspendAccount,
} from '../ledger/index.js';
import { asOfGiven, type AsOfOptions, instantOf, withAsOf } from './as-of.js';
import { type Context, withContext } from './context.js';
import { printFields, printJson, printRows, type TableRow, wantsJson } from './output.js';
import {
  amountArgument,
  countArgument,
  futureArgument,
  pastArgument,
  revisionArgument,
  textArgument,
} from './parse.js';
import { actorOf, ANY_STAFF, CONSOLE, referenceOf, userIdOf, withActor, withReference } from './staff.js';

const EVENTS_SHOWN = 100;

export function accountCommands(account: Command): void {
  withReference(withActor(account.command('create')))
    .description('open an account')
    .option('--credit <usd>', 'bonus credit to start with', amountArgument)
    .option('--approved-by <user>', APPROVED_BY)
    .action(create);
  account.command('list').description('every account with its balance').action(list);
  withAsOf(account.command('show <account>'))
    .description('balance, lots, open holds and keys of an account, also as of an instant or a position of the log')
    .action(show);
  withReference(withActor(account.command('credit <account>')))
    .argument('<usd>', 'the amount, such as 5.00', amountArgument)
    .description('grant bonus credit')
    .requiredOption('--reason <text>', 'the reason; the ledger keeps it forever', textArgument)
    .option('--approved-by <user>', APPROVED_BY)
    .option('--expires <instant>', 'when the rest of it expires; by default in twelve months', futureArgument)
    .action(credit);
  withReference(account.command('adjust <account>'))
    .argument('<usd>', 'the amount to add; after a "--" it may be negative, to subtract', amountArgument)
    .description('correct a balance by hand')
    .requiredOption('--reason <text>', 'why', textArgument)
    .requiredOption('--requested-by <user>', 'who requests it: e-mail address or user id')
    .requiredOption('--approved-by <user>', 'who approves it; above REFUND_ALONE_USD a second person')
    .option('--service-date <instant>', 'when what it corrects was earned, for the books; by default now', pastArgument)
    .action(adjust);
  account
    .command('events <account>')
    .description('show the audit trail of an account: its events, oldest first')
    .option('--from <revision>', 'the first revision to show', revisionArgument, 0)
    .option('--limit <count>', 'how many events', countArgument, EVENTS_SHOWN)
    .action(events);
  const changes = [
    ['suspend', 'refuse new calls', SuspendAccount],
    ['reinstate', 'end a suspension', ReinstateAccount],
    ['close', 'revoke all keys permanently; remaining credit stays until it expires', CloseAccount],
  ] as const;
  for (const [name, description, Message] of changes) {
    withActor(account.command(`${name} <account>`))
      .description(description)
      .requiredOption('--reason <text>', 'why', textArgument)
      .action((id: string, options: ChangeOptions, command: Command) => change(Message, id, options, command));
  }
}

const APPROVED_BY = 'the second person who approves it: required above REFUND_ALONE_USD within 24 hours';

interface Staff {
  readonly by?: string;
}

interface Decided extends Staff {
  readonly approvedBy?: string;
  readonly reference?: string;
}

/**
 * The people who decide on a credit. A single person may only decide up to a limit, unless nobody is registered yet.
 */
async function deciders(context: Context, { by: name, approvedBy: other }: Decided) {
  const by = await actorOf(context, name, other === undefined ? undefined : ANY_STAFF);
  if (by === CONSOLE) return { by };
  const approvedBy = other === undefined ? undefined : await userIdOf(context, '--approved-by', other, ANY_STAFF);
  return { by, approvedBy, alone: usd(context.config.REFUND_ALONE_USD) };
}

function create(options: Decided & { readonly credit?: Amount }, command: Command): Promise<void> {
  const reference = referenceOf(options.reference);
  return withContext(async (context) => {
    const { by, ...approval } = await deciders(context, options);
    const { credit: amount } = options;
    const first = amount && { credit: { amount, reason: 'credit at opening', ...approval } };
    const accountId = await context.commands.execute(new OpenAccount(undefined, { by, reference, ...first }));
    printFields(command, { accountId, credit: formatUsd(amount ?? ZERO), reference });
  });
}

function list(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const readModels = await context.caughtUpReadModels();
    const rows: TableRow[] = [];
    for await (const { doc } of rowsOf<BalanceRow>(readModels, balances.view, {})) {
      const { accountId, posted: balance, held, spent, charges, suspended, closed = false, openedAt } = doc;
      rows.push({ accountId, balance, held, spent, charges, suspended, closed, openedAt });
    }
    printRows(command, rows, 'There are no accounts. Open one with: tokenhub account create');
  });
}

/** The balances of an account as a table for people. */
export function balanceFields(state: AccountState, at: number): TableRow {
  return {
    account: state.accountId,
    balance: formatUsd(posted(state)),
    held: formatUsd(state.held),
    available: formatUsd(available(state, at)),
    frozen: isFrozen(state),
    suspended: state.suspended,
    closed: state.closed,
  };
}

function show(accountId: string, options: AsOfOptions, command: Command): Promise<void> {
  return withContext(async ({ queries, store }) => {
    const state = await queries.execute(new GetAccount(accountId, await asOfGiven(store, options)));
    const lots = Array.from(state.lots.byId.values(), ({ id, kind, amount, remaining, expiresAt }) => ({
      lot: id,
      kind,
      amount: formatUsd(amount),
      remaining: formatUsd(remaining),
      expires: toInstant(expiresAt),
    }));
    const holds = Array.from(
      state.holds.values(),
      ({ chargeId, requestId, keyId, model, value, placedAt, expiresAt }) => ({
        charge: chargeId,
        request: requestId,
        key: keyId,
        model,
        amount: formatUsd(value),
        placed: toInstant(placedAt),
        expires: expiresAt,
      }),
    );
    const fields = balanceFields(state, instantOf(state, options));
    const counts = { openHolds: holds.length, keys: state.keys.size };
    if (wantsJson(command)) return printJson({ ...fields, ...counts, lots, holds });
    printFields(command, {
      ...fields,
      ...counts,
      opened: toInstant(state.openedAt),
    });
    printRows(command, lots, 'No credit yet. Grant some with: tokenhub account credit');
    printRows(command, holds, 'No open holds.');
  });
}

interface CreditOptions extends Decided {
  readonly reason: string;
  readonly expires?: number;
}

function credit(accountId: string, amount: Amount, options: CreditOptions, command: Command): Promise<void> {
  const reference = referenceOf(options.reference);
  return withContext(async (context) => {
    const grant = { amount, reason: options.reason, expiresAt: options.expires, reference };
    const message = new GrantCredit(accountId, { ...grant, ...(await deciders(context, options)) });
    printFields(command, await once(context, { accountId, reference, name: 'lot', message }));
  });
}

interface AdjustOptions {
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly serviceDate?: number;
  readonly reference?: string;
}

function adjust(accountId: string, amount: Amount, options: AdjustOptions, command: Command): Promise<void> {
  const reference = referenceOf(options.reference);
  return withContext(async (context) => {
    const grounds = {
      reference,
      reason: options.reason,
      requestedBy: await userIdOf(context, '--requested-by', options.requestedBy, ANY_STAFF),
      approvedBy: await userIdOf(context, '--approved-by', options.approvedBy, ANY_STAFF),
      alone: usd(context.config.REFUND_ALONE_USD),
      servedAt: options.serviceDate,
    };
    const message = new AdjustBalance(accountId, { amount, ...grounds });
    printFields(command, await once(context, { accountId, reference, name: 'adjustment', message }));
  });
}

interface Making {
  readonly accountId: string;
  readonly reference: string;
  /** What is made. */
  readonly name: string;
  readonly message: GrantCredit | AdjustBalance;
}

/** Creates the object that a reference stands for, unless it exists; returns it with the account's present state. */
async function once(
  { queries, commands }: Context,
  { accountId, reference, name, message }: Making,
): Promise<TableRow> {
  const again = (await queries.execute(new GetAccount(accountId))).references.has(reference);
  const id = await commands.execute(message);
  const status = again ? 'already done: nothing has changed' : 'done';
  const state = await queries.execute(new GetAccount(accountId));
  return { [name]: id, reference, status, ...balanceFields(state, Date.now()) };
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

/** `--json` prints the whole data; a table line shows the start of it. */
function shorten(data: object): string {
  const text = JSON.stringify(data);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

interface ChangeOptions extends Staff {
  readonly reason: string;
}

type Change = typeof SuspendAccount | typeof ReinstateAccount | typeof CloseAccount;

function change(Message: Change, accountId: string, options: ChangeOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const by = await actorOf(context, options.by);
    await context.commands.execute(new Message(accountId, { reason: options.reason, by }));
    const state = await context.queries.execute(new GetAccount(accountId));
    printFields(command, balanceFields(state, Date.now()));
  });
}
