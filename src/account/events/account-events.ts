// The stream of an account as it is stored, straight from the ledger, so that its owner can read and check every event.
import { Injectable } from '@nestjs/common';
import { CHAIN_START, eventsOf, EventStore, type RecordedEvent } from '../../event-store/index.js';
import { add, type Amount, subtract, ZERO } from '../../kernel/index.js';
import {
  Accounts,
  type AccountEventType,
  accountStream,
  entryOf,
  readAccountEvent,
  revisionSince,
} from '../../ledger/index.js';
import { notACursor } from '../../platform/http/index.js';
import type { EntryCursor } from '../entries/entry-cursor.js';
import { MOST_SCANNED, newestBefore } from '../entries/newest-entry.js';

export interface EventFilter {
  readonly type?: AccountEventType | undefined;
  /** ISO 8601 with milliseconds, as events have it: not earlier than this. */
  readonly from?: string | undefined;
  /** Earlier than this. */
  readonly to?: string | undefined;
}

export type EventOrder = 'newest_first' | 'oldest_first';

/** An event with what its neighbours say: the hash that its own covers, and the balance with it. */
export interface PlacedEvent {
  readonly event: RecordedEvent;
  readonly previousHash: string;
  /** What it changed the balance by; undefined for one that is no entry. */
  readonly amount: Amount | undefined;
  readonly balanceAfter: Amount;
}

export interface EventPage {
  readonly events: readonly PlacedEvent[];
  /** Where it goes on; undefined at the end. */
  readonly next: EntryCursor | undefined;
}

export interface PageWish {
  readonly order: EventOrder;
  readonly limit: number;
  /** The event that it begins with, as an earlier page of either order told. */
  readonly cursor?: EntryCursor | undefined;
}

/** Events read at a time, going back. */
const WINDOW = 500;

@Injectable()
export class AccountEvents {
  constructor(
    readonly accounts: Accounts,
    readonly store: EventStore,
  ) {}

  /** @throws ApiError for a cursor beyond the account’s history */
  async page(accountId: string, filter: EventFilter, { order, limit, cursor }: PageWish): Promise<EventPage> {
    const events: PlacedEvent[] = [];
    let scanned = 0;
    for await (const placed of await this.#from(accountId, filter, { order, cursor })) {
      if (isBeyond(placed, filter, order)) break;
      const isFull = events.length === limit && passes(placed, filter);
      if (isFull || scanned++ === MOST_SCANNED) return { events, next: cursorAt(placed) };
      if (passes(placed, filter)) events.push(placed);
    }
    return { events, next: undefined };
  }

  /** One event; undefined when the account has none of this revision. */
  async one(accountId: string, revision: number): Promise<PlacedEvent | undefined> {
    for await (const placed of this.#forwards(accountId, revision)) return placed;
    return undefined;
  }

  async #from(
    accountId: string,
    { from, to }: EventFilter,
    { order, cursor }: Pick<PageWish, 'order' | 'cursor'>,
  ): Promise<AsyncIterable<PlacedEvent>> {
    if (order === 'newest_first')
      return this.#backwards(accountId, cursor ?? (await newestBefore(this, accountId, to)));
    if (cursor !== undefined) return this.#forwards(accountId, cursor.revision, cursor);
    return this.#forwards(
      accountId,
      from === undefined ? 0 : await revisionSince(this.store, accountStream(accountId), from),
    );
  }

  async *#forwards(accountId: string, first: number, cursor?: EntryCursor): AsyncGenerator<PlacedEvent> {
    const stream = accountStream(accountId);
    const [before] = first === 0 ? [] : await this.store.readStream(stream, first - 1, 1);
    let previous = before;
    let balance: Amount | undefined;
    for await (const event of eventsOf(this.store, stream, first)) {
      const amount = amountOf(event);
      if (balance !== undefined) balance = add(balance, amount ?? ZERO);
      else balance = cursor?.balance ?? (await this.accounts.history.balanceBefore(accountId, first + 1));
      yield { event, previousHash: hashOf(previous), amount, balanceAfter: balance };
      previous = event;
    }
    if (cursor !== undefined && balance === undefined) throw notACursor();
  }

  async *#backwards(accountId: string, { revision, balance }: EntryCursor): AsyncGenerator<PlacedEvent> {
    for (let last = revision; last >= 0;) {
      const from = Math.max(0, last - WINDOW);
      const events = await this.store.readStream(accountStream(accountId), from, last - from + 1);
      if (events.at(-1)?.revision !== last) throw notACursor();
      const isWhole = from === 0; // otherwise the first one is read for its hash alone
      for (const [index, event] of [...events.entries()].slice(isWhole ? 0 : 1).toReversed()) {
        const amount = amountOf(event);
        yield { event, previousHash: hashOf(events[index - 1]), amount, balanceAfter: balance };
        balance = subtract(balance, amount ?? ZERO);
      }
      last = isWhole ? -1 : from;
    }
  }
}

const amountOf = (event: RecordedEvent): Amount | undefined => entryOf(readAccountEvent(event))?.amount;

const hashOf = (event: RecordedEvent | undefined): string =>
  event === undefined ? CHAIN_START.hash : String(event.metadata['hash']);

const cursorAt = ({ event, balanceAfter }: PlacedEvent): EntryCursor => ({
  revision: event.revision,
  balance: balanceAfter,
});

/** No event of an account is earlier than the one before, so nothing beyond the period is asked for either. */
function isBeyond({ event }: PlacedEvent, { from, to }: EventFilter, order: EventOrder): boolean {
  const at = String(event.data['at']);
  return order === 'newest_first' ? from !== undefined && at < from : to !== undefined && at >= to;
}

function passes({ event }: PlacedEvent, { type, from, to }: EventFilter): boolean {
  const at = String(event.data['at']);
  return (
    (type === undefined || event.type === type) && (from === undefined || at >= from) && (to === undefined || at < to)
  );
}
