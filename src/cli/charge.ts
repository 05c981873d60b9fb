import { type Command, Option } from 'commander';
import { CHARGE_STATUSES, type ChargeRow, charges, GetAccount, RELEASE_REASONS } from '../ledger/index.js';
import { withContext } from './context.js';
import { settleCommand } from './charge-settle.js';
import { printJson, printRows, wantsJson } from './output.js';
import { countArgument } from './parse.js';

const SHOWN = 50;
const SHOWN_CHARS = 100;

export function chargeCommands(charge: Command): void {
  charge
    .command('list')
    .description('calls, newest first')
    .option('--account <id>', 'of this account only')
    .addOption(new Option('--status <status>', 'only those with this status').choices(CHARGE_STATUSES))
    .addOption(new Option('--reason <reason>', 'only those released for this reason').choices(RELEASE_REASONS))
    .option('--request <id>', 'the call with this x-request-id')
    .option('--limit <count>', 'how many', countArgument, SHOWN)
    .action(list);
  charge.addCommand(settleCommand());
}

interface Options {
  readonly account?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly request?: string;
  readonly limit: number;
}

function list({ account, status, reason, request, limit }: Options, command: Command): Promise<void> {
  return withContext(async (context) => {
    if (account !== undefined) await context.queries.execute(new GetAccount(account));
    const readModels = await context.caughtUpReadModels();
    const where = {
      ...(account !== undefined && { accountId: account }),
      ...(status !== undefined && { status }),
      ...(reason !== undefined && { reason }),
      ...(request !== undefined && { requestId: request }),
    };
    const rows = await readModels.find(charges.view, { where, orderBy: 'openedAt', descending: true, limit });
    const found = rows.map(({ doc }) => doc as ChargeRow);
    if (wantsJson(command)) return printJson(found.map((row) => ({ ...shown(row), ...kept(row) })));
    printRows(command, found.map(shown), 'There are no such calls.');
  });
}

const shown = (row: ChargeRow) => ({
  openedAt: row.openedAt,
  chargeId: row.chargeId,
  requestId: row.requestId,
  model: row.model,
  status: row.status,
  hold: row.hold,
  cost: row.cost,
  prompt: row.promptTokens,
  completion: row.completionTokens,
  estimated: row.estimated,
  provider: row.provider,
  reason: row.reason,
  detail: row.detail,
  usage: row.status === 'released' && row.usageRaw !== undefined ? start(JSON.stringify(row.usageRaw)) : undefined,
  reading: row.reading?.join(', '),
});

/** Fields that do not fit into a table. */
const kept = ({ accountId, usageRaw, upstreamModel, reading, byHand, attempts }: ChargeRow) => ({
  account: accountId,
  usage: usageRaw,
  upstreamModel,
  reading,
  byHand,
  attempts,
});

const start = (text: string): string => (text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text);
