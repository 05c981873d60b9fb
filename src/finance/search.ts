import { Injectable } from '@nestjs/common';
import { EventStore, type Query, ReadModelStore, type ViewDefinition, WaitFor } from '../event-store/index.js';
import { type JsonObject } from '../kernel/index.js';
import { users } from '../identity/index.js';
import { type BalanceRow, balances } from '../ledger/index.js';
import { disputeRows, invoiceRows, payoutRows, refundRows, topupRows } from '../payments/index.js';
import { type Collection, DocumentStore } from '../platform/documents/index.js';
import type { Period } from '../platform/http/index.js';
import { reconciliationItems, stripeEntries } from '../reconciliation/index.js';
import { HIT_TYPES, type FinanceSearchResult, type SearchHit } from './search.dto.js';
import { accountHit, disputeHit, invoiceHit, itemHit, payoutHit, refundHit, topupHit } from './search-hits.js';
import { type SearchedAmount, searchTerms } from './search-terms.js';

/** Of each type; one more is read, to tell whether there is more. */
const MOST_OF_TYPE = 20;

const SOURCES = {
  topup: { view: topupRows.view, orderBy: 'orderedAt', hit: topupHit },
  refund: { view: refundRows.view, orderBy: 'requestedAt', hit: refundHit },
  dispute: { view: disputeRows.view, orderBy: 'openedAt', hit: disputeHit },
  payout: { view: payoutRows.view, orderBy: 'reportedAt', hit: payoutHit },
  invoice: { view: invoiceRows.view, orderBy: 'paidAt', hit: invoiceHit },
  reconciliation_item: { view: reconciliationItems.view, orderBy: 'date', hit: itemHit },
} as const satisfies Record<string, { view: ViewDefinition; orderBy: string; hit: (doc: never) => SearchHit }>;
type Source = keyof typeof SOURCES;

/** Finds things by read models and their indexes, never by reading the log. */
@Injectable()
export class FinanceSearch {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly documents: DocumentStore,
  ) {}

  async find(q: string): Promise<FinanceSearchResult> {
    const head = await this.store.head();
    const views = [balances.view, stripeEntries.view, ...Object.values(SOURCES).map(({ view }) => view)];
    await Promise.all(views.map((view) => this.waitFor.position(view, head)));
    const { beginning, id, stripeId, invoice, period, amount } = searchTerms(q);
    const found = await Promise.all([
      this.#people(beginning),
      id === undefined ? [] : this.#byId(id),
      stripeId === undefined ? [] : this.#byStripeId(stripeId),
      invoice === undefined ? [] : this.#where('invoice', { number: invoice }),
      period === undefined ? [] : this.#inPeriod(period),
      amount === undefined ? [] : this.#ofAmount(amount),
    ]);
    return resultOf(found.flat());
  }

  async #people(beginning: string): Promise<SearchHit[]> {
    const [byEmail, byName] = await Promise.all([
      this.#beginning(users, 'email', beginning),
      this.#beginning(users, 'billingKey', beginning),
    ]);
    return [...byEmail, ...byName].map(({ doc }) => accountHit(doc.accountId, doc));
  }

  /** The documents whose field begins with a text, in its order. */
  #beginning<Doc extends JsonObject>(collection: Collection<Doc>, orderBy: string, text: string) {
    const after = { id: '', version: 0, doc: { [orderBy]: text } };
    return this.documents.find(collection, {
      orderBy,
      after,
      below: { [orderBy]: `${text}\uFFFF` },
      limit: MOST_OF_TYPE + 1,
    });
  }

  async #byId(id: string): Promise<SearchHit[]> {
    const [topups, refunds, owned, person] = await Promise.all([
      this.#load('topup', id),
      this.#load('refund', id),
      this.readModels.load(balances.view, [id]),
      this.documents.get(users, id),
    ]);
    const account = owned.get(id)?.doc as BalanceRow | undefined;
    const [owner] =
      account === undefined ? [] : await this.documents.find(users, { where: { accountId: id }, limit: 1 });
    return [
      ...(account === undefined ? [] : [accountHit(id, owner?.doc)]),
      ...(person === undefined ? [] : [accountHit(person.doc.accountId, person.doc)]),
      ...topups,
      ...refunds,
    ];
  }

  async #byStripeId(id: string): Promise<SearchHit[]> {
    const entry = (await this.readModels.load(stripeEntries.view, [id])).get(id)?.doc['topupId'];
    const found = await Promise.all([
      this.#where('topup', { [id.startsWith('cs_') ? 'sessionId' : 'paymentIntentId']: id }),
      this.#where('refund', { stripeRefundId: id }),
      this.#load('refund', id),
      this.#load('dispute', id),
      this.#load('payout', id),
      this.#load('reconciliation_item', id),
      typeof entry === 'string' ? this.#load('topup', entry) : [],
    ]);
    return found.flat();
  }

  async #inPeriod(period: Required<Period>): Promise<SearchHit[]> {
    const types = Object.keys(SOURCES).filter((type) => type !== 'invoice') as Source[];
    return (await Promise.all(types.map((type) => this.#where(type, {}, period)))).flat();
  }

  async #ofAmount({ dollars, minor }: SearchedAmount): Promise<SearchHit[]> {
    const inMinor = Object.entries(minor).flatMap(([currency, units]) => [
      this.#where('topup', { priceMinor: units, currency }),
      this.#where('payout', { amountMinor: units, currency }),
    ]);
    const [units] = Object.values(minor);
    const inDollars =
      dollars === undefined
        ? []
        : [
            this.#where('topup', { credit: dollars }),
            this.#where('refund', { credit: dollars }),
            this.#where('dispute', { amount: dollars }),
          ];
    const paidBack = units === undefined ? [] : [this.#where('refund', { amountMinor: units })];
    return (await Promise.all([...inMinor, ...inDollars, ...paidBack])).flat();
  }

  async #load(type: Source, id: string): Promise<SearchHit[]> {
    const doc = (await this.readModels.load(SOURCES[type].view, [id])).get(id)?.doc;
    return doc === undefined ? [] : [SOURCES[type].hit(doc as never)];
  }

  async #where(type: Source, where: NonNullable<Query['where']>, period?: Required<Period>): Promise<SearchHit[]> {
    const { view, orderBy, hit } = SOURCES[type];
    const below = period === undefined ? {} : { below: { [orderBy]: period.to } };
    const query = { where, ...below, orderBy, descending: true, limit: MOST_OF_TYPE + 1 };
    const rows = await this.readModels.find(view, query);
    return rows.filter(({ doc }) => String(doc[orderBy]) >= (period?.from ?? '')).map(({ doc }) => hit(doc as never));
  }
}

/** Each thing once, by type, newest first. */
function resultOf(hits: readonly SearchHit[]): FinanceSearchResult {
  const once = [...new Map(hits.map((hit) => [`${hit.type}/${hit.id}`, hit])).values()];
  const ofTypes = HIT_TYPES.map((type) =>
    once.filter((hit) => hit.type === type).toSorted((a, b) => ((a.at ?? '') > (b.at ?? '') ? -1 : 1)),
  );
  const data = ofTypes.flatMap((ofType) => ofType.slice(0, MOST_OF_TYPE));
  return { object: 'list', data, has_more: ofTypes.some(({ length }) => length > MOST_OF_TYPE) };
}
