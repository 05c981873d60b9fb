import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { EventStore, type Query, ReadModelStore, type ViewDefinition, viewStatuses } from '../../event-store/index.js';
import { Clock, DAY_MS, formatUsd, type JsonObject, toInstant } from '../../kernel/index.js';
import { type ChargeRow, charges, GetAccount, posted } from '../../ledger/index.js';
import { refundRows, topupRows } from '../../payments/index.js';
import { compilePriceList, GetPriceLists } from '../../pricing/index.js';
import { billLines, reconciliationItems } from '../../reconciliation/index.js';
import { PROJECTIONS } from '../projections.js';
import {
  expiredHold,
  providerDifference,
  QUEUE_KINDS,
  type QueueItem,
  type QueueKind,
  requestedRefund,
  stoppedView,
  stripeItem,
  unsentRefund,
  unsettledTopup,
  usageUnknown,
} from './queue-item.js';

/** Items of a kind are counted up to here: nobody works through more at a time. */
export const MOST_COUNTED = 100;

type StoredKind = Exclude<QueueKind, 'stopped_view'>;

interface Source {
  readonly view: ViewDefinition;
  readonly query: Query;
  readonly show: (doc: never) => QueueItem | Promise<QueueItem>;
}

/** What waits for a person, from the read models, oldest first. An item leaves the queue when what it is about has changed. */
@Injectable()
export class OperatorQueue {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  /** How many items there are of each kind; `MOST_COUNTED` also stands for more. */
  async counts(): Promise<Readonly<Record<QueueKind, number>>> {
    const counted = QUEUE_KINDS.map(async (kind) => [kind, await this.#count(kind)] as const);
    return Object.fromEntries(await Promise.all(counted)) as Record<QueueKind, number>;
  }

  /** The oldest items of a kind. */
  async items(kind: QueueKind, limit: number): Promise<QueueItem[]> {
    if (kind === 'stopped_view') return (await this.#stopped()).slice(0, limit);
    const { view, query, show } = this.#source(kind);
    const rows = await this.readModels.find(view, { ...query, limit });
    return Promise.all(rows.map(async ({ doc }) => show(doc as never)));
  }

  async #count(kind: QueueKind): Promise<number> {
    if (kind === 'stopped_view') return (await this.#stopped()).length;
    const { view, query } = this.#source(kind);
    return (await this.readModels.find(view, { ...query, limit: MOST_COUNTED })).length;
  }

  #source(kind: StoredKind): Source {
    const now = this.clock.now();
    const before = { changedAt: toInstant(now - DAY_MS) };
    const sources: Readonly<Record<StoredKind, Source>> = {
      expired_hold: {
        view: charges.view,
        query: { where: { status: 'open' }, below: { expiresAt: toInstant(now) }, orderBy: 'expiresAt' },
        show: expiredHold,
      },
      usage_unknown: {
        view: charges.view,
        query: { where: { status: 'released', reason: 'usage_unknown' }, orderBy: 'expiresAt' },
        show: (row: ChargeRow) => this.#usageUnknown(row),
      },
      unsettled_topup: {
        view: topupRows.view,
        query: { where: { awaiting: true }, below: before },
        show: unsettledTopup,
      },
      requested_refund: {
        view: refundRows.view,
        query: { where: { status: 'requested' }, orderBy: 'requestedAt' },
        show: requestedRefund,
      },
      unsent_refund: {
        view: refundRows.view,
        query: { where: { status: 'approved' }, below: before, orderBy: 'requestedAt' },
        show: unsentRefund,
      },
      stripe_item: {
        view: reconciliationItems.view,
        query: { where: { open: true }, orderBy: 'date' },
        show: stripeItem,
      },
      provider_difference: {
        view: billLines.view,
        query: { where: { open: true }, orderBy: 'day' },
        show: providerDifference,
      },
    };
    return sources[kind];
  }

  async #usageUnknown(row: ChargeRow & JsonObject): Promise<QueueItem> {
    const lists = await this.queries.execute(new GetPriceLists());
    const list = lists.find(({ version }) => version === row.priceVersion);
    const balance = posted(await this.queries.execute(new GetAccount(row.accountId)));
    return usageUnknown(row, list && compilePriceList(list), formatUsd(balance));
  }

  async #stopped(): Promise<QueueItem[]> {
    const views = PROJECTIONS.map(({ view }) => view);
    const statuses = await viewStatuses(this.store, this.readModels, { views, now: this.clock.now() });
    return statuses.filter(({ state }) => state === 'stopped').map(stoppedView);
  }
}
