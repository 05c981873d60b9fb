import { Command } from 'commander';
import { type ChargeRow, charges } from '../ledger/index.js';
import { withContext } from './context.js';
import { printRows } from './output.js';
import { countArgument } from './parse.js';

const SHOWN = 50;

export function chargeCommands(): Command {
  const charge = new Command('charge').description('what calls were charged, and which were not');
  charge
    .command('list')
    .description('calls, newest first')
    .option('--account <id>', 'of this account only')
    .option('--status <status>', 'open, charged or released')
    .option(
      '--reason <reason>',
      'released for this reason only: usage_unknown, gateway_restarted, expired, upstream_error …',
    )
    .option('--request <id>', 'the call with this x-request-id')
    .option('--limit <count>', 'how many', countArgument, SHOWN)
    .action(list);
  return charge;
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
    const readModels = await context.caughtUpReadModels();
    const where = {
      ...(account !== undefined && { accountId: account }),
      ...(status !== undefined && { status }),
      ...(reason !== undefined && { reason }),
      ...(request !== undefined && { requestId: request }),
    };
    const rows = await readModels.find(charges.view, { where, orderBy: 'openedAt', descending: true, limit });
    printRows(
      command,
      rows.map(({ doc }) => shown(doc as ChargeRow)),
      'There are no such calls.',
    );
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
  provider: row.provider,
  reason: row.reason,
});
