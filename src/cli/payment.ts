import { type Command, Option } from 'commander';
import type { ViewDefinition } from '../event-store/index.js';
import type { JsonObject } from '../kernel/index.js';
import {
  ApproveRefund,
  ApproveRefundEnd,
  DeclineRefund,
  DeclineRefundEnd,
  ProposeRefundEnd,
  REFUND_STATUSES,
  type RefundRow,
  refundRows,
  SyncTopup,
  type TopupRow,
  topupRows,
} from '../payments/index.js';
import { type Context, withContext } from './context.js';
import { printFields, printRows, UsageError } from './output.js';
import { countArgument, textArgument } from './parse.js';
import { actorOf, type ApprovalOptions, approvalOf, FINANCE, withActor, withApproval, withApprover } from './staff.js';

const SHOWN = 100;

export function topupCommands(topup: Command): void {
  topup.command('show <topup>').description('show a top-up as recorded in the ledger').action(show);
  withActor(topup.command('sync <topup>'))
    .description('look up a top-up at Stripe and record anything new')
    .requiredOption('--reason <text>', 'why; the ledger keeps it forever', textArgument)
    .action(sync);
}

export function refundCommands(refund: Command): void {
  refund
    .command('list')
    .description('refunds, newest first')
    .addOption(
      new Option('--status <status>', 'only those with this status; requested ones wait for approval').choices(
        REFUND_STATUSES,
      ),
    )
    .option('--limit <count>', 'how many', countArgument, SHOWN)
    .action(list);
  withApprover(refund.command('approve <refund>'))
    .description('approve a refund: Stripe pays it at once')
    .action(approve);
  withActor(refund.command('decline <refund>'))
    .description('decline a refund: the credit is available again, and the customer receives the reason')
    .requiredOption('--reason <text>', 'the reason, which the customer reads', textArgument)
    .action(decline);
  for (const [name, outcome] of [
    ['complete', 'completed'],
    ['fail', 'failed'],
  ] as const) {
    const end = withActor(refund.command(`${name} <refund>`))
      .description(`${name} by hand an approved refund that Stripe does not end`)
      .requiredOption('--reason <text>', 'why', textArgument)
      .option('--approved-by <user>', 'who else approves it; without, it waits for "tokenhub refund end"')
      .action((id: string, options: EndOptions, command: Command) => endByHand(id, outcome, options, command));
    if (outcome === 'completed') end.option('--outside', 'it was paid from our bank, not by Stripe');
  }
  withApproval(refund.command('end <refund>'))
    .description('approve that a refund ends by hand as somebody else proposed')
    .action(approveEnd);
  withActor(refund.command('decline-end <refund>'))
    .description('decline a proposal to end a refund by hand: it is under way as before')
    .requiredOption('--reason <text>', 'why; the ledger keeps it forever', textArgument)
    .action(declineEnd);
}

export function paymentsCommands(payments: Command): void {
  withActor(payments.command('recover'))
    .description('process every event of the last 30 days that Stripe could not deliver')
    .requiredOption('--reason <text>', 'why; the ledger keeps it forever', textArgument)
    .action(recover);
}

async function rowOf(context: Context, view: ViewDefinition, id: string): Promise<JsonObject | undefined> {
  const readModels = await context.caughtUpReadModels();
  return (await readModels.load(view, [id])).get(id)?.doc;
}

async function refundOf(context: Context, id: string): Promise<RefundRow> {
  const row = (await rowOf(context, refundRows.view, id)) as RefundRow | undefined;
  if (row === undefined || row.accountId === '') throw new UsageError(`There is no refund ${id}.`);
  return row;
}

async function topupOf(context: Context, id: string): Promise<TopupRow> {
  const row = (await rowOf(context, topupRows.view, id)) as TopupRow | undefined;
  if (row === undefined) throw new UsageError(`There is no top-up ${id}.`);
  return row;
}

function show(topupId: string, _options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const row = await topupOf(context, topupId);
    const { accountId, status, credit, currency, priceMinor, orderedAt, paidAt, reason, settlement } = row;
    const settled =
      settlement && `${settlement.netMinor} ${settlement.currency}, after a fee of ${settlement.feeMinor}`;
    const order = { topup: topupId, account: accountId, status, credit, currency, priceMinor };
    const payment = { payment: row.paymentIntentId, session: row.sessionId, settled };
    printFields(command, { ...order, orderedAt, paidAt, failure: reason, ...payment, refunds: row.refunds.length });
  });
}

function sync(
  topupId: string,
  { by: name, reason }: { readonly by?: string; readonly reason: string },
  command: Command,
): Promise<void> {
  return withContext(async (context) => {
    await topupOf(context, topupId);
    const by = await actorOf(context, name);
    const payment = await context.commands.execute(new SyncTopup(topupId, { by, reason }));
    const { status = 'none', paymentIntentId, amountMinor, currency } = payment ?? {};
    printFields(command, { topup: topupId, payment: paymentIntentId, status, amountMinor, currency });
  });
}

interface ListOptions {
  readonly status?: string;
  readonly limit: number;
}

function list({ status, limit }: ListOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const where: Record<string, string> = status === undefined ? {} : { status };
    const query = { where, orderBy: 'requestedAt', descending: true, limit };
    const rows = await (await context.caughtUpReadModels()).find(refundRows.view, query);
    const shown = rows.map(({ doc }) => refundFields(doc as RefundRow));
    printRows(command, shown, 'There are no such refunds.');
  });
}

const refundFields = ({ refundId, accountId, topupId, status, credit, ...refund }: RefundRow) => ({
  refund: refundId,
  account: accountId,
  topup: topupId,
  status,
  credit,
  requestedBy: refund.requestedBy,
  requestedAt: refund.requestedAt,
  reason: refund.reason,
  approvedBy: refund.approvedBy,
  declinedBy: refund.declinedBy,
  failure: refund.failureReason ?? refund.failure,
  byHand:
    refund.byHand && `${refund.byHand.outcome}${refund.byHand.outside ? ' outside' : ''}: ${refund.byHand.reason}`,
  proposedAt: refund.byHand?.proposedAt,
  endedBy: refund.byHand && [refund.byHand.requestedBy, refund.byHand.approvedBy ?? 'waits for approval'].join(', '),
});

function approve(refundId: string, options: ApprovalOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { approvedBy, reason } = await approvalOf(context, options, FINANCE);
    const { accountId } = await refundOf(context, refundId);
    await context.commands.execute(new ApproveRefund(accountId, refundId, approvedBy, reason));
    printFields(command, refundFields(await refundOf(context, refundId)));
  });
}

interface DeclineOptions {
  readonly by?: string;
  readonly reason: string;
}

function decline(refundId: string, { by, reason }: DeclineOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const declinedBy = await actorOf(context, by, FINANCE);
    const { accountId } = await refundOf(context, refundId);
    await context.commands.execute(new DeclineRefund(accountId, refundId, { declinedBy, reason }));
    printFields(command, refundFields(await refundOf(context, refundId)));
  });
}

interface EndOptions {
  readonly by?: string;
  readonly approvedBy?: string;
  readonly reason: string;
  readonly outside?: boolean;
}

function endByHand(
  refundId: string,
  outcome: 'completed' | 'failed',
  { by, approvedBy, reason, outside = false }: EndOptions,
  command: Command,
): Promise<void> {
  return withContext(async (context) => {
    const requestedBy = await actorOf(context, by, FINANCE);
    const approval = approvedBy === undefined ? undefined : await approvalOf(context, { approvedBy }, FINANCE);
    const { accountId } = await refundOf(context, refundId);
    const proposal = { outcome, outside, reason, requestedBy };
    await context.commands.execute(new ProposeRefundEnd(accountId, refundId, proposal));
    if (approval !== undefined) await context.commands.execute(new ApproveRefundEnd(accountId, refundId, approval));
    printFields(command, refundFields(await refundOf(context, refundId)));
  });
}

function approveEnd(refundId: string, options: ApprovalOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const approval = await approvalOf(context, options, FINANCE);
    const { accountId } = await refundOf(context, refundId);
    await context.commands.execute(new ApproveRefundEnd(accountId, refundId, approval));
    printFields(command, refundFields(await refundOf(context, refundId)));
  });
}

function declineEnd(refundId: string, { by, reason }: DeclineOptions, command: Command): Promise<void> {
  return withContext(async (context) => {
    const declinedBy = await actorOf(context, by, FINANCE);
    const { accountId } = await refundOf(context, refundId);
    await context.commands.execute(new DeclineRefundEnd(accountId, refundId, { declinedBy, reason }));
    printFields(command, refundFields(await refundOf(context, refundId)));
  });
}

function recover(
  { by: name, reason }: { readonly by?: string; readonly reason: string },
  command: Command,
): Promise<void> {
  return withContext(async (context) => {
    const by = await actorOf(context, name);
    printFields(command, { followedUp: await context.recoverNotices({ by, reason }) });
  });
}
