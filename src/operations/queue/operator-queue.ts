import { Injectable } from '@nestjs/common';
import {
  EventStore,
  ReadModelStore,
  type Row,
  type ViewDefinition,
  viewStatuses,
  type ViewStatus,
} from '../../event-store/index.js';
import { Clock, Refused, refuse } from '../../kernel/index.js';
import { charges } from '../../ledger/index.js';
import { disputeRows, paymentAlerts, refundRows, topupRows } from '../../payments/index.js';
import { billLines, reconciliationItems } from '../../reconciliation/index.js';
import { PROJECTIONS } from '../projections.js';
import { itemOf, QUEUE_KINDS, type QueueItem, type QueueKind } from './queue-item.js';
import { queueItems } from './queue-items.projection.js';
import { isFound, itemsOf, type Source, sourceOf, type StoredKind } from './sources.js';

/** Items of a kind are counted up to here. */
export const MOST_COUNTED = 1_000;
/** Rows that are read at a time. */
const PAGE = 200;

/** What the queue reads. */
export const QUEUE_VIEWS: readonly ViewDefinition[] = [
  queueItems,
  charges,
  paymentAlerts,
  disputeRows,
  topupRows,
  refundRows,
  reconciliationItems,
  billLines,
].map(({ view }) => view);

/** What items of a kind are read from. */
export function viewsOf(kind: QueueKind): ViewDefinition[] {
  if (kind === 'stopped_view') return [];
  const { view, about } = sourceOf(kind, 0);
  return [queueItems.view, view, ...(about === undefined ? [] : [about])];
}

export const QUEUE_STATUSES = ['open', 'dismissed'] as const;
export type QueueStatus = (typeof QUEUE_STATUSES)[number];

export interface QueueFilter {
  readonly kind?: QueueKind | undefined;
  readonly accountId?: string | undefined;
  /** What waits without it; else what somebody has dismissed as it stands. */
  readonly status?: QueueStatus | undefined;
}

export interface QueuePage {
  readonly items: readonly QueueItem[];
  /** Where the next page goes on; undefined on the last one. */
  readonly next: string | undefined;
}

/** The place after an item: its kind, what its kind is sorted by, and its id. It stands when the item has left the queue. */
type Place = readonly [kind: QueueKind, value: string, id: string];

interface Placed {
  readonly item: QueueItem;
  readonly place: Place;
}

type KindFilter = QueueFilter & { readonly kind: QueueKind };
type Scan = Source & { readonly kind: StoredKind };

/**
 * What waits for a person, from the read models: by kind, the oldest first. Its callers see to it that they are up to date. An item leaves the
 * queue when what it is about has changed, or when somebody has dismissed it; then it comes back when it changes.
 */
@Injectable()
export class OperatorQueue {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly clock: Clock,
  ) {}

  /** How many items there are of each kind; `MOST_COUNTED` also stands for more. */
  async counts(accountId?: string): Promise<Readonly<Record<QueueKind, number>>> {
    const counted = QUEUE_KINDS.map(async (kind) => {
      const found = await this.#ofKind({ kind, accountId }, undefined, MOST_COUNTED);
      return [kind, found.length] as const;
    });
    return Object.fromEntries(await Promise.all(counted)) as Record<QueueKind, number>;
  }

  /** A page of items. @throws Refused `invalid_cursor` */
  async page({ kind, ...filter }: QueueFilter, limit: number, cursor?: string): Promise<QueuePage> {
    const after = cursor === undefined ? undefined : placeOf(cursor);
    const kinds = kind === undefined ? QUEUE_KINDS : [kind];
    const first = after === undefined ? 0 : kinds.indexOf(after[0]);
    if (first === -1) throw new Refused(wrongCursor);
    const found: Placed[] = [];
    for (const each of kinds.slice(first)) {
      const from = each === after?.[0] ? after : undefined;
      found.push(...(await this.#ofKind({ ...filter, kind: each }, from, limit + 1 - found.length)));
      if (found.length > limit) break;
    }
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next = found.length > limit && last !== undefined ? cursorOf(last.place) : undefined;
    return { items: shown.map(({ item }) => item), next };
  }

  /** An item, also one that waits no longer, as far as it is known. @throws Refused `queue_item_not_found` */
  async item(id: string): Promise<QueueItem> {
    for (const kind of QUEUE_KINDS) {
      const item = kind === 'stopped_view' ? await this.#stoppedView(id) : await this.#find(kind, id);
      if (item !== undefined) return item;
    }
    throw new Refused(
      refuse('not_found', 'queue_item_not_found', `Nothing waits, or has waited, with the id "${id}".`),
    );
  }

  async #find(kind: StoredKind, id: string): Promise<QueueItem | undefined> {
    const source = sourceOf(kind, this.clock.now());
    const row = (await this.readModels.load(source.view, [id])).get(id);
    if (row === undefined) return undefined;
    const isOfKind = source.view === queueItems.view ? row.doc['kind'] === kind : isFound(source, row);
    return isOfKind ? (await itemsOf(this.readModels, kind, source, [row]))[0] : undefined;
  }

  /** Items of a kind, after a place. */
  async #ofKind(filter: KindFilter, after: Place | undefined, limit: number): Promise<Placed[]> {
    const { kind, accountId, status } = filter;
    if (status === 'dismissed') return this.#dismissed(filter, after, limit);
    if (kind === 'stopped_view') return this.#stopped({ accountId, after });
    const source = sourceOf(kind, this.clock.now());
    // Items of this kind are of no account.
    if (accountId !== undefined && !hasAccount(kind)) return [];
    const where = { ...source.where, ...(accountId !== undefined && { accountId }) };
    return this.#scan({ kind, ...source, where }, after, limit, async (rows) =>
      (await itemsOf(this.readModels, kind, source, rows)).filter(({ open }) => open),
    );
  }

  /** Each has a row of `queueItems`, which says who dismissed it; whether it still stands so, what it is about tells. */
  async #dismissed({ kind, accountId }: KindFilter, after: Place | undefined, limit: number): Promise<Placed[]> {
    if (kind === 'stopped_view') return [];
    const source = sourceOf(kind, this.clock.now());
    const scan: Scan = { kind, view: queueItems.view, where: { kind, open: false }, orderBy: 'since' };
    return this.#scan(scan, after, limit, async (rows) => {
      const dismissed = rows.filter(({ doc }) => doc['dismissed'] !== undefined);
      const items = await itemsOf(this.readModels, kind, source, await this.#about(source, dismissed));
      return items.filter((item) => item.dismissed && (accountId === undefined || item.accountId === accountId));
    });
  }

  /** The rows of a source with the ids of these, as far as its query finds them. */
  async #about(source: Source, rows: readonly Row[]): Promise<readonly Row[]> {
    if (source.view === queueItems.view || rows.length === 0) return rows;
    const found = await this.readModels.load(
      source.view,
      rows.map(({ id }) => id),
    );
    return [...found.values()].filter((row) => isFound(source, row));
  }

  /** Rows of a view after a place, page by page, until enough of them are items. */
  async #scan(
    { kind, view, where, below, orderBy }: Scan,
    after: Place | undefined,
    limit: number,
    items: (rows: readonly Row[]) => Promise<readonly QueueItem[]>,
  ): Promise<Placed[]> {
    const found: Placed[] = [];
    let from: Row | undefined = after && { id: after[2], position: 0, doc: { [orderBy]: after[1] } };
    while (found.length < limit) {
      const query = { where, orderBy, limit: PAGE, ...(below && { below }), ...(from && { after: from }) };
      const rows = await this.readModels.find(view, query);
      const values = new Map(rows.map(({ id, doc }) => [id, String(doc[orderBy])]));
      for (const item of await items(rows)) found.push({ item, place: [kind, values.get(item.id) ?? '', item.id] });
      if (rows.length < PAGE) break;
      from = rows.at(-1);
    }
    return found.slice(0, limit);
  }

  async #stopped({ accountId, after }: { accountId: string | undefined; after: Place | undefined }): Promise<Placed[]> {
    if (accountId !== undefined) return [];
    const stopped = (await this.#statuses()).filter(({ state }) => state === 'stopped');
    return stopped
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => after === undefined || name > after[2])
      .map((status) => ({ item: itemOf('stopped_view', status), place: ['stopped_view', '', status.name] }));
  }

  async #stoppedView(id: string): Promise<QueueItem | undefined> {
    if (!PROJECTIONS.some(({ view }) => view.name === id)) return undefined;
    const status = (await this.#statuses()).find(({ name }) => name === id);
    if (status === undefined) return undefined;
    const item = itemOf('stopped_view', status);
    return status.state === 'stopped' ? item : { ...item, open: false };
  }

  #statuses(): Promise<ViewStatus[]> {
    const views = PROJECTIONS.map(({ view }) => view);
    return viewStatuses(this.store, this.readModels, { views, now: this.clock.now() });
  }
}

const OF_NO_ACCOUNT: readonly QueueKind[] = ['stopped_view', 'failed_webhook', 'stripe_item', 'provider_difference'];
const hasAccount = (kind: QueueKind): boolean => !OF_NO_ACCOUNT.includes(kind);

const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

const wrongCursor = refuse('invalid', 'invalid_cursor', 'The cursor must be the next_cursor of a page of this list.');

function placeOf(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isPlace = Array.isArray(place) && place.length === 3 && place.every((part) => typeof part === 'string');
    if (isPlace && QUEUE_KINDS.includes(place[0] as QueueKind)) return place as unknown as Place;
  } catch {
    // It is none of ours.
  }
  throw new Refused(wrongCursor);
}
