// Differences as rows of a report: for a spreadsheet, and for the command line.
import { usd } from '../../kernel/index.js';
import { percentageOf } from './compare.js';
import { TOKEN_KINDS } from './bill.js';
import { EXPLANATIONS } from './explanations.js';
import type { BillLineRow } from './provider-bills.projection.js';

export const DIFFERENCE_COLUMNS = [
  'id',
  'channel',
  'day',
  'model',
  'status',
  'state',
  'calls',
  'booked',
  'billed',
  'difference',
  'percentage',
  ...TOKEN_KINDS.flatMap((kind) => [`${kind}_booked`, `${kind}_billed`]),
  ...EXPLANATIONS.map((cause) => `${cause}_calls`),
  'open_since',
  'resolution',
  'reason',
  'requested_by',
  'approved_by',
] as const;

type Cell = string | number | bigint | null;

/** One row of the report, with decimals as numbers of 10^-12, as `csvFile` takes them. */
export function differenceRow(line: BillLineRow): Readonly<Record<string, Cell>> {
  const { difference, billed, booked } = line;
  const percentage = difference === undefined ? undefined : percentageOf(usd(difference), usd(booked));
  return {
    id: line.id,
    channel: line.channel,
    day: line.day,
    model: line.model,
    status: line.status,
    state: line.state,
    calls: line.calls,
    booked: usd(booked),
    billed: billed === undefined ? null : usd(billed),
    difference: difference === undefined ? null : usd(difference),
    percentage: percentage === undefined ? null : usd(percentage),
    ...Object.fromEntries(
      line.tokens.flatMap((count) => [
        [`${count.kind}_booked`, count.booked],
        [`${count.kind}_billed`, count.billed],
      ]),
    ),
    ...Object.fromEntries(line.explanations.map(({ cause, calls }) => [`${cause}_calls`, calls])),
    open_since: line.openSince ?? null,
    resolution: line.resolution ?? null,
    reason: line.reason ?? null,
    requested_by: line.requestedBy ?? null,
    approved_by: line.approvedBy ?? null,
  };
}
