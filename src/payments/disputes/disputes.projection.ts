// One row per dispute of a payment.
import type { Projection } from '../../event-store/index.js';
import { add, formatUsd, type JsonObject, usd } from '../../kernel/index.js';
import { type AccountEvent, accountOfStream, type DisputeOutcome, readAccountEvent } from '../../ledger/index.js';

export interface DisputeRow extends JsonObject {
  readonly disputeId: string;
  readonly accountId: string;
  /** The top-up whose payment is disputed. */
  readonly topupId: string;
  readonly status: 'open' | DisputeOutcome;
  readonly inquiry: boolean;
  readonly reason: string;
  /** The disputed credit, the part withdrawn from the balance, and the part reinstated. */
  readonly amount: string;
  readonly withdrawn: string;
  readonly reinstated: string;
  /** Until when the bank takes evidence. */
  readonly evidenceDueAt?: string;
  readonly openedAt: string;
  readonly closedAt?: string;
}

type DisputeEvent = Extract<AccountEvent, { data: { disputeId: string } }>;

const TYPES = new Set<string>([
  'DisputeOpened',
  'DisputeFundsWithdrawn',
  'DisputeFundsReinstated',
  'DisputeClosed',
] satisfies DisputeEvent['type'][]);

export const disputeRows: Projection<DisputeRow> = {
  view: {
    name: 'disputes-1',
    indexes: [
      ['accountId', 'openedAt'],
      ['status', 'openedAt'],
      ['openedAt'],
      ['topupId', 'openedAt'],
      ['amount', 'openedAt'],
    ],
  },
  rowId: ({ type, stream, data }) =>
    TYPES.has(type) && accountOfStream(stream) !== undefined ? String(data['disputeId']) : undefined,
  step(row, recorded) {
    const event = readAccountEvent(recorded) as DisputeEvent;
    if (event.type === 'DisputeOpened') return opened(row, accountOfStream(recorded.stream) ?? '', event.data);
    if (row === undefined) throw new Error(`${event.type} for a dispute that was never opened`);
    return { ...row, ...change(row, event) };
  },
};

type Opened = Extract<DisputeEvent, { type: 'DisputeOpened' }>['data'];

/** The event occurs a second time when an inquiry becomes a dispute. */
function opened(row: DisputeRow | undefined, accountId: string, data: Opened): DisputeRow {
  const { disputeId, lotId, amount, reason, inquiry, evidenceDueAt, at } = data;
  const due = evidenceDueAt === undefined ? {} : { evidenceDueAt };
  if (row !== undefined) return { ...row, amount, reason, inquiry, ...due };
  const nothing = { withdrawn: '0.00', reinstated: '0.00' };
  const about = { disputeId, accountId, topupId: lotId, reason, inquiry, amount, ...due };
  return { ...about, status: 'open', ...nothing, openedAt: at };
}

const plus = (a: string, b: string): string => formatUsd(add(usd(a), usd(b)));

function change(row: DisputeRow, { type, data }: Exclude<DisputeEvent, { type: 'DisputeOpened' }>): JsonObject {
  switch (type) {
    case 'DisputeFundsWithdrawn':
      return { withdrawn: plus(row.withdrawn, data.amount) };
    case 'DisputeFundsReinstated':
      return { reinstated: plus(row.reinstated, data.amount) };
    case 'DisputeClosed':
      return { status: data.outcome, closedAt: data.at };
  }
}
