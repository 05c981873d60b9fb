// Whose account a text names: what a customer or a colleague writes into a ticket.
import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ReadModelStore, type Row, type ViewDefinition } from '../../event-store/index.js';
import { ID_LENGTH, Refused } from '../../kernel/index.js';
import { balances, charges, keys } from '../../ledger/index.js';
import { GetUser, normalEmail, type Person } from '../../identity/index.js';
import { automaticTopupRows, disputeRows, refundRows, topupRows } from '../../payments/index.js';

export const FOUND_BY = [
  'email',
  'user',
  'account',
  'key',
  'charge',
  'request',
  'topup',
  'payment',
  'customer',
  'refund',
  'dispute',
] as const;
export type FoundBy = (typeof FOUND_BY)[number];

export interface Found {
  readonly accountId: string;
  readonly by: FoundBy;
}

/** What every API key begins with; the id of its account follows. */
const KEY_PREFIX = 'sk-th_';
const LAST_FOUR = /^[\dA-Za-z]{4}$/;
/** Keys with the same last four characters are rare; these are the most that are shown. */
const MOST = 50;

/** Rows of a view that have the text as a field. */
interface Field {
  readonly view: ViewDefinition;
  readonly field: string;
  readonly by: FoundBy;
}

const BY_ID: readonly (readonly [ViewDefinition, FoundBy])[] = [
  [balances.view, 'account'],
  [keys.view, 'key'],
  [charges.view, 'charge'],
  [topupRows.view, 'topup'],
  [refundRows.view, 'refund'],
  [disputeRows.view, 'dispute'],
];

const BY_FIELD: readonly Field[] = [
  { view: charges.view, field: 'requestId', by: 'request' },
  { view: topupRows.view, field: 'paymentIntentId', by: 'payment' },
  { view: automaticTopupRows.view, field: 'customerId', by: 'customer' },
];

/** What a search reads. */
export const SEARCHED_VIEWS: readonly ViewDefinition[] = [
  ...new Set([...BY_ID.map(([view]) => view), ...BY_FIELD.map(({ view }) => view)]),
];

@Injectable()
export class AccountSearch {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly queries: QueryBus,
  ) {}

  /**
   * The accounts of an e-mail address, the id of a user, an account, a key, a call, a top-up, a refund or a dispute, a payment or a customer at
   * Stripe, the beginning of a key with its account's id, or its last four characters.
   */
  async find(text: string): Promise<readonly Found[]> {
    const wanted = text.trim().replace(/^(?:…|\.{3})/, '');
    if (wanted.includes('@')) return this.#ofUser({ email: normalEmail(wanted) }, 'email');
    if (wanted.startsWith(KEY_PREFIX)) {
      const accountId = wanted.slice(KEY_PREFIX.length, KEY_PREFIX.length + ID_LENGTH);
      return this.#known([{ accountId, by: 'key' }]);
    }
    const found = await Promise.all([
      ...BY_ID.map(async ([view, by]) => accountsOf([...(await this.readModels.load(view, [wanted])).values()], by)),
      ...BY_FIELD.map(({ view, field, by }) => this.#where(view, { [field]: wanted }, by)),
      LAST_FOUR.test(wanted) ? this.#where(keys.view, { last4: wanted }, 'key') : [],
      this.#ofUser({ userId: wanted }, 'user'),
    ]);
    return firstOfEach(found.flat());
  }

  /** The person an account belongs to; undefined when they never registered, or were deleted. */
  async ownerOf(accountId: string): Promise<Person | undefined> {
    return this.#person({ accountId });
  }

  async #where(view: ViewDefinition, where: Readonly<Record<string, string>>, by: FoundBy): Promise<Found[]> {
    return accountsOf(await this.readModels.find(view, { where, limit: MOST }), by);
  }

  async #ofUser(by: GetUser['by'], name: FoundBy): Promise<Found[]> {
    const person = await this.#person(by);
    return person === undefined ? [] : this.#known([{ accountId: person.user.accountId, by: name }]);
  }

  async #person(by: GetUser['by']): Promise<Person | undefined> {
    try {
      return await this.queries.execute(new GetUser(by));
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  /** Those that are open: an account is opened when the address of its person is verified. */
  async #known(found: readonly Found[]): Promise<Found[]> {
    const rows = await this.readModels.load(
      balances.view,
      found.map(({ accountId }) => accountId),
    );
    return found.filter(({ accountId }) => rows.has(accountId));
  }
}

const accountsOf = (rows: readonly Row[], by: FoundBy): Found[] =>
  rows.flatMap(({ doc }) =>
    typeof doc['accountId'] === 'string' && doc['accountId'] !== '' ? [{ accountId: doc['accountId'], by }] : [],
  );

const firstOfEach = (found: readonly Found[]): Found[] =>
  [...new Map(found.toReversed().map((each) => [each.accountId, each])).values()].toReversed();
