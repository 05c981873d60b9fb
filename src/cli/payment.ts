import { Command } from 'commander';
import { ApproveRefund, DeclineRefund, SyncTopup } from '../payments/index.js';
import { withContext } from './context.js';
import { printFields, printRows, UsageError } from './output.js';

const SHOWN = 100;

export function paymentCommands(): Command[] {
  return [topupCommand(), refundCommand(), paymentsCommand()];
}

function topupCommand(): Command {
  const topup = new Command('topup').description('what customers ordered and paid');
  topup.command('show <topup>').description('a top-up as the ledger knows it').action(show);
  topup.command('sync <topup>').description('ask Stripe how a top-up stands, and note what is new').action(sync);
  return topup;
}

function refundCommand(): Command {
  const refund = new Command('refund').description('credit that is paid back');
  refund
    .command('list')
    .description('refunds, newest first')
    .option('--status <status>', 'requested (those that wait for approval), approved, completed or failed')
    .action(list);
  refund
    .command('approve <refund>')
    .description('approve a refund: it is sent through Stripe at once')
    .requiredOption('--approved-by <who>', 'who approves it')
    .action(approve);
  refund.command('decline <refund>').description('decline a refund: its credit is there again').action(decline);
  return refund;
}

function paymentsCommand(): Command {
  const payments = new Command('payments').description('payments at Stripe');
  payments
    .command('recover')
    .description('follow up every event of the last 30 days that Stripe could not deliver')
    .action(recover);
  return payments;
}

function show(topupId: string, _options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const row = await (await context.payments()).anyTopup(topupId);
    if (row === undefined) throw new UsageError(`There is no top-up ${topupId}.`);
    const { quote, refunds, settlement, refundsBooked: _booked, returnsBooked: _returns, ...fields } = row;
    const settled =
      settlement && `${settlement.netMinor} ${settlement.currency}, after a fee of ${settlement.feeMinor}`;
    const rate = quote && `${quote.numerator}/${quote.denominator}`;
    printFields(command, { ...(fields as Record<string, string>), rate, settled, refunds: refunds.length });
  });
}

function sync(topupId: string, _options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const payment = await context.commands.execute(new SyncTopup(topupId));
    const { status = 'none', paymentIntentId, amountMinor, currency } = payment ?? {};
    printFields(command, { topup: topupId, payment: paymentIntentId, status, amountMinor, currency });
  });
}

function list({ status }: { status?: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    const where: Record<string, string> = status === undefined ? {} : { status };
    const { data } = await (await context.payments()).refunds(where, { limit: SHOWN });
    const rows = data.map(({ id, account_id, topup_id, ...refund }) => ({
      ...{ refund: id, account: account_id, topup: topup_id, status: refund.status, credit: refund.credit },
      ...{ requestedBy: refund.requested_by, requestedAt: refund.requested_at, reason: refund.reason },
    }));
    printRows(command, rows, 'There are no such refunds.');
  });
}

function approve(refundId: string, { approvedBy }: { approvedBy: string }, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { accountId } = await (await context.payments()).refund(refundId);
    await context.commands.execute(new ApproveRefund(accountId, refundId, approvedBy));
    const { status, credit } = await (await context.payments()).refund(refundId);
    printFields(command, { refund: refundId, account: accountId, credit, status });
  });
}

function decline(refundId: string, _options: object, command: Command): Promise<void> {
  return withContext(async (context) => {
    const { accountId, credit } = await (await context.payments()).refund(refundId);
    await context.commands.execute(new DeclineRefund(accountId, refundId));
    printFields(command, { refund: refundId, account: accountId, credit, status: 'failed' });
  });
}

function recover(_options: object, command: Command): Promise<void> {
  return withContext(async (context) => printFields(command, { followedUp: await context.recoverNotices() }));
}
