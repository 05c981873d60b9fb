// Where the items of each kind are found: a query of a read model that an index answers.
import type { Query, ReadModelStore, Row, ViewDefinition } from '../../event-store/index.js';
import { DAY_MS, toInstant } from '../../kernel/index.js';
import { charges } from '../../ledger/index.js';
import { disputeRows, paymentAlerts, refundRows, topupRows } from '../../payments/index.js';
import { billLines, reconciliationItems } from '../../reconciliation/index.js';
import { type About, BORN_OF_EVENTS, itemOf, type QueueItem, type QueueKind } from './queue-item.js';
import { queueItems, type QueueRow } from './queue-items.projection.js';

export type StoredKind = Exclude<QueueKind, 'stopped_view'>;

export interface Source {
  readonly view: ViewDefinition;
  readonly where: NonNullable<Query['where']>;
  readonly below?: NonNullable<Query['below']>;
  readonly orderBy: string;
  /** The read model with what an item is about, where it is another one. */
  readonly about?: ViewDefinition;
}

export function sourceOf(kind: StoredKind, now: number): Source {
  const before = { changedAt: toInstant(now - DAY_MS) };
  const born = (about?: ViewDefinition): Source => ({
    view: queueItems.view,
    where: { kind, open: true },
    orderBy: 'since',
    ...(about && { about }),
  });
  switch (kind) {
    case 'usage_unknown':
    case 'overage':
    case 'late_charge':
      return born(charges.view);
    case 'fraud_warning':
    case 'payment_mismatch':
      return born(paymentAlerts.view);
    case 'failed_webhook':
    case 'proposed_adjustment':
      return born();
    case 'expired_hold': {
      const below = { expiresAt: toInstant(now) };
      return { view: charges.view, where: { status: 'open' }, below, orderBy: 'expiresAt' };
    }
    case 'open_dispute':
      return { view: disputeRows.view, where: { status: 'open' }, orderBy: 'openedAt' };
    case 'unsettled_topup':
      return { view: topupRows.view, where: { awaiting: true }, below: before, orderBy: 'changedAt' };
    case 'requested_refund':
      return { view: refundRows.view, where: { status: 'requested' }, orderBy: 'requestedAt' };
    case 'unsent_refund':
      return { view: refundRows.view, where: { status: 'approved' }, below: before, orderBy: 'requestedAt' };
    case 'stripe_item':
      return { view: reconciliationItems.view, where: { open: true }, orderBy: 'date' };
    case 'provider_difference':
      return { view: billLines.view, where: { open: true }, orderBy: 'day' };
  }
}

/** Whether a row is one that the query of its source finds. */
export const isFound = ({ where, below = {} }: Source, { doc }: Row): boolean =>
  Object.entries(where).every(([field, value]) => doc[field] === value) &&
  Object.entries(below).every(([field, value]) => typeof doc[field] === typeof value && (doc[field] as string) < value);

/** The items of rows of a source: with what was dismissed, and what they are about, in two reads at most. */
export async function itemsOf(
  readModels: ReadModelStore,
  kind: StoredKind,
  source: Source,
  rows: readonly Row[],
): Promise<QueueItem[]> {
  const ids = rows.map(({ id }) => id);
  const load = async (view: ViewDefinition | undefined) =>
    view === undefined || ids.length === 0 ? undefined : readModels.load(view, ids);
  const [others, about] = [
    await load(BORN_OF_EVENTS.has(kind) ? undefined : queueItems.view),
    await load(source.about),
  ];
  return rows.flatMap(({ id, doc }) => {
    const row = (BORN_OF_EVENTS.has(kind) ? doc : others?.get(id)?.doc) as QueueRow | undefined;
    const facts = about === undefined ? doc : about.get(id)?.doc;
    // Its read model has not seen yet what the queue has.
    return facts === undefined ? [] : [itemOf(kind, facts as never as About[typeof kind], row)];
  });
}
