// One row for each item of the reconciliation that did not agree at some time.
import type { Projection } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { OPEN_STATUSES } from './compare.js';
import {
  type Comparison,
  dayOfReconciliation,
  type ItemSides,
  readReconciliationEvent,
  type ReconciliationEvent,
  type ReconciliationEventData,
} from './reconciliation.events.js';

export const ITEM_STATUSES = [...OPEN_STATUSES, 'matched', 'resolved', 'written_off'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

type Requested = Omit<ReconciliationEventData<'ResolutionRequested'>, 'itemId' | 'at'>;

export interface ItemRow extends JsonObject {
  readonly itemId: string;
  readonly day: string;
  readonly status: ItemStatus;
  /** Whether it waits for somebody or something. */
  readonly open: boolean;
  /** Whether its difference stands between Stripe and the ledger: it is open, or was only explained. */
  readonly standing: boolean;
  readonly date: string;
  readonly sides: ItemSides & JsonObject;
  /** What was proposed, and who decided. */
  readonly resolution?: (Requested & {
    readonly proposedAt: string;
    readonly approvedBy?: string;
    readonly approvalReason?: string;
  }) &
    JsonObject;
  readonly openedAt: string;
  readonly closedAt?: string;
}

type OfItem = Exclude<ReconciliationEvent, { type: 'StripeDayCompared' }>;

export const reconciliationItems: Projection<ItemRow> = {
  view: {
    name: 'reconciliation-items-3',
    indexes: [['date'], ['open', 'date'], ['standing', 'date'], ['status', 'date']],
  },
  rowId: ({ stream, type, data }) =>
    dayOfReconciliation(stream) !== undefined && type !== 'StripeDayCompared' ? String(data['itemId']) : undefined,
  step(row, recorded) {
    const event = readReconciliationEvent(recorded) as OfItem;
    if (event.type === 'ReconciliationItemOpened')
      return opened(row, dayOfReconciliation(recorded.stream) ?? '', event);
    if (row === undefined) throw new Error(`impossible history: ${event.type} of an unknown item`);
    return decided(row, event);
  },
};

function opened(
  row: ItemRow | undefined,
  day: string,
  { data }: Extract<OfItem, { type: 'ReconciliationItemOpened' }>,
): ItemRow {
  const { itemId, at, ...sides } = data;
  const { status, date } = sides;
  const openedAt = row?.open === true ? row.openedAt : at;
  return { itemId, day, status, open: true, standing: true, date, sides, openedAt };
}

function decided(row: ItemRow, { type, data }: Exclude<OfItem, { type: 'ReconciliationItemOpened' }>): ItemRow {
  switch (type) {
    case 'ReconciliationItemMatched':
      return { ...row, status: 'matched', open: false, standing: false, sides: agreed(row, data), closedAt: data.at };
    case 'ResolutionRequested': {
      const { itemId: _itemId, at: proposedAt, ...resolution } = data;
      return { ...row, resolution: { ...resolution, proposedAt } };
    }
    case 'ResolutionApproved': {
      const status = data.action === 'write_off' ? 'written_off' : 'resolved';
      const { approvedBy, approvalReason } = data;
      if (row.resolution === undefined) throw new Error('impossible history: approved before it was proposed');
      const resolution = { ...row.resolution, approvedBy, ...(approvalReason !== undefined && { approvalReason }) };
      const standing = data.action === 'explain';
      return { ...row, status, open: false, standing, resolution, closedAt: data.at };
    }
    case 'ResolutionDeclined': {
      const { resolution: _resolution, ...rest } = row;
      return rest;
    }
  }
}

/** Earlier events don't say on what the sides agree: then it is what Stripe had, or else the ledger, when the item was opened. */
function agreed(
  { sides }: ItemRow,
  { theirs = sides.theirs, ours }: ReconciliationEventData<'ReconciliationItemMatched'>,
): ItemRow['sides'] {
  const sums = theirs.map(({ currency, amountMinor, feeMinor }) => ({ currency, amountMinor, feeMinor }));
  return { ...sides, theirs, ours: ours ?? (sums.length > 0 ? sums : sides.ours), differences: [], corrections: [] };
}

export interface ComparisonRow extends JsonObject {
  readonly day: string;
  readonly comparedAt: string;
  readonly comparison: Comparison & JsonObject;
}

/** One row for each day that was compared. */
export const reconciliationDays: Projection<ComparisonRow> = {
  view: { name: 'reconciliation-days-1', indexes: [['day']] },
  rowId: ({ stream, type }) => (type === 'StripeDayCompared' ? dayOfReconciliation(stream) : undefined),
  step(_row, recorded) {
    const { at, ...comparison } = (
      readReconciliationEvent(recorded) as Extract<ReconciliationEvent, { type: 'StripeDayCompared' }>
    ).data;
    return { day: comparison.day, comparedAt: at, comparison };
  },
};
