// The entries of an account, straight from its stream, so that they are never behind the ledger.
import { Injectable } from '@nestjs/common';
import { eventsOf, EventStore, type RecordedEvent } from '../../event-store/index.js';
import { add, type Amount, subtract, ZERO } from '../../kernel/index.js';
import {
  Accounts,
  accountStream,
  type Entry,
  entryOf,
  type EntryType,
  readAccountEvent,
  revisionSince,
} from '../../ledger/index.js';
import { notACursor } from '../../platform/http/index.js';
import type { EntryCursor } from './entry-cursor.js';
import { MOST_SCANNED, newestBefore } from './newest-entry.js';

export interface EntryFilter {
  readonly type?: EntryType | undefined;
  readonly keyId?: string | undefined;
  readonly model?: string | undefined;
  /** ISO 8601 with milliseconds, as events have it: not earlier than this. */
  readonly from?: string | undefined;
  /** Earlier than this. */
  readonly to?: string | undefined;
}

/** An entry with the event it is of and the balance it left. */
export interface BookedEntry extends Entry {
  readonly id: string;
  readonly balanceAfter: Amount;
}

export interface EntryPage {
  readonly entries: readonly BookedEntry[];
  /** Where it goes on; undefined at the end. */
  readonly next: EntryCursor | undefined;
}

/** Events read at a time, going back: with the holds between them, a page of entries is mostly in one. */
const WINDOW = 500;

@Injectable()
export class AccountEntries {
  constructor(
    readonly accounts: Accounts,
    readonly store: EventStore,
  ) {}

  /** The newest first, from the newest or from a cursor on. @throws ApiError for a cursor beyond the account’s history */
  async page(accountId: string, filter: EntryFilter, limit: number, cursor?: EntryCursor): Promise<EntryPage> {
    let { revision, balance } = cursor ?? (await newestBefore(this, accountId, filter.to));
    const entries: BookedEntry[] = [];
    const last = revision - MOST_SCANNED;
    while (revision >= 0 && revision > last) {
      for (const recorded of await this.#window(accountId, revision)) {
        if (isEarlier(recorded, filter)) return { entries, next: undefined };
        const entry = entryOf(readAccountEvent(recorded));
        if (entry !== undefined && passes(entry, filter)) {
          if (entries.length === limit) return { entries, next: { revision, balance } };
          entries.push({ ...entry, id: recorded.id, balanceAfter: balance });
        }
        balance = subtract(balance, entry?.amount ?? ZERO);
        revision--;
      }
    }
    return { entries, next: revision < 0 ? undefined : { revision, balance } };
  }

  /** All of them, the oldest first. */
  async *all(accountId: string, filter: EntryFilter): AsyncGenerator<BookedEntry> {
    const stream = accountStream(accountId);
    const first = filter.from === undefined ? 0 : await revisionSince(this.store, stream, filter.from);
    let balance = await this.accounts.history.balanceBefore(accountId, first);
    for await (const recorded of eventsOf(this.store, stream, first)) {
      if (isLater(recorded, filter)) return;
      const entry = entryOf(readAccountEvent(recorded));
      if (entry === undefined) continue;
      balance = add(balance, entry.amount);
      if (passes(entry, filter)) yield { ...entry, id: recorded.id, balanceAfter: balance };
    }
  }

  /** The events up to and with `revision`, the newest first. */
  async #window(accountId: string, revision: number): Promise<readonly RecordedEvent[]> {
    const from = Math.max(0, revision - WINDOW + 1);
    const events = await this.store.readStream(accountStream(accountId), from, revision - from + 1);
    if (events.at(-1)?.revision !== revision) throw notACursor();
    return events.toReversed();
  }
}

/** No event of an account is earlier than the one before, so nothing further back is asked for either. */
const isEarlier = ({ data }: RecordedEvent, { from }: EntryFilter): boolean =>
  from !== undefined && String(data['at']) < from;

const isLater = ({ data }: RecordedEvent, { to }: EntryFilter): boolean => to !== undefined && String(data['at']) >= to;

const passes = (entry: Entry, { type, keyId, model, from, to }: EntryFilter): boolean =>
  (type === undefined || entry.type === type) &&
  (keyId === undefined || entry.keyId === keyId) &&
  (model === undefined || entry.model === model) &&
  (from === undefined || entry.at >= from) &&
  (to === undefined || entry.at < to);
