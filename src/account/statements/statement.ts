// A statement: what an account had, what moved it in a period, and what it had then, taken from the account's stream with all that is needed to
// check it without us (verify-statement.ts).
import {
  CHAIN_START,
  type ChainPoint,
  eventsOf,
  type EventStore,
  type ReadModelStore,
  type RecordedEvent,
} from '../../event-store/index.js';
import { add, type Amount, subtract, ZERO } from '../../kernel/index.js';
import {
  AccountHistory,
  accountStream,
  type Entry,
  entryOf,
  type EntryType,
  readAccountEvent,
  revisionSince,
} from '../../ledger/index.js';

/** Instants as events have them: `from` inclusive, `to` exclusive. */
export interface StatementPeriod {
  readonly from: string;
  readonly to: string;
}

export interface Statement extends StatementPeriod {
  readonly accountId: string;
  readonly openingBalance: Amount;
  /** The last event before the period. */
  readonly before: ChainPoint;
  /** Those of the period, in order. To be gone through once. */
  readonly events: AsyncIterable<RecordedEvent>;
  readonly ends: StatementEnds;
}

/** The events at the ends of the period, those of its end once its events were gone through. */
export interface StatementEnds {
  /** The last event before the period, with the hash of the one before it. */
  before?: { readonly event: RecordedEvent; readonly previousHash: string };
  last?: RecordedEvent;
  /** The first event after the period. */
  after?: RecordedEvent;
}

/** What a statement is made from. */
export interface StatementStores {
  readonly store: EventStore;
  readonly readModels: ReadModelStore;
}

/** Its events are read when they are asked for. */
export async function openStatement(
  { store, readModels }: StatementStores,
  accountId: string,
  { from, to }: StatementPeriod,
): Promise<Statement> {
  const stream = accountStream(accountId);
  const first = await revisionSince(store, stream, from);
  const openingBalance = await new AccountHistory(store, readModels).balanceBefore(accountId, first);
  const earlier = first === 0 ? [] : await store.readStream(stream, Math.max(0, first - 2), Math.min(first, 2));
  const [last, beforeIt] = earlier.toReversed();
  const ends: StatementEnds = {};
  if (last !== undefined)
    ends.before = { event: last, previousHash: (beforeIt ? pointOf(beforeIt) : CHAIN_START).hash };
  const before = last === undefined ? CHAIN_START : pointOf(last);
  const events = eventsUntil(eventsOf(store, stream, first), to, ends);
  return { accountId, from, to, openingBalance, before, events, ends };
}

async function* eventsUntil(
  events: AsyncIterable<RecordedEvent>,
  to: string,
  ends: StatementEnds,
): AsyncGenerator<RecordedEvent> {
  for await (const event of events) {
    if (instantOf(event) >= to) {
      ends.after = event;
      return;
    }
    ends.last = event;
    yield event;
  }
}

const instantOf = ({ data }: RecordedEvent): string => String(data['at']);
const pointOf = ({ revision, metadata }: RecordedEvent): ChainPoint => ({ revision, hash: String(metadata['hash']) });

export interface Use {
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cost: Amount;
}

/** A corrected price is no call of its own. */
const NO_CALL = { calls: 0, promptTokens: 0, completionTokens: 0 };

/** What the events of a statement add up to, as they are gone through. */
export class Tally {
  balance: Amount;
  /** The newest event. */
  head: ChainPoint;
  /** Sum and number of the entries of each type. */
  readonly byType = new Map<EntryType, { readonly entries: number; readonly amount: Amount }>();
  readonly byModel = new Map<string, Use>();
  /** The models that were priced by each version of the price list: whoever checks a corrected price needs it, even where the customer pays the same. */
  readonly priced = new Map<number, Set<string>>();
  events = 0;

  constructor({ openingBalance, before }: Pick<Statement, 'openingBalance' | 'before'>) {
    this.balance = openingBalance;
    this.head = before;
  }

  /** Takes the next event; its entry, where it is one. `balance` is the one it left then. */
  take(recorded: RecordedEvent): Entry | undefined {
    this.events++;
    this.head = pointOf(recorded);
    const event = readAccountEvent(recorded);
    const { type, data } = event;
    if (type === 'TokensCharged' || type === 'ChargeRerated') {
      const { model, priceVersion } = data;
      this.priced.set(priceVersion, (this.priced.get(priceVersion) ?? new Set()).add(model));
    }
    const entry = entryOf(event);
    if (entry === undefined) return undefined;
    this.balance = add(this.balance, entry.amount);
    const { entries, amount } = this.byType.get(entry.type) ?? { entries: 0, amount: ZERO };
    this.byType.set(entry.type, { entries: entries + 1, amount: add(amount, entry.amount) });
    if (type === 'TokensCharged') this.#charge(data.model, { calls: 1, ...data.usage }, entry);
    if (type === 'ChargeRerated') this.#charge(data.model, NO_CALL, entry);
    return entry;
  }

  #charge(model: string, usage: Pick<Use, 'calls' | 'promptTokens' | 'completionTokens'>, { amount }: Entry): void {
    const before = this.byModel.get(model) ?? { calls: 0, promptTokens: 0, completionTokens: 0, cost: ZERO };
    this.byModel.set(model, {
      calls: before.calls + usage.calls,
      promptTokens: before.promptTokens + usage.promptTokens,
      completionTokens: before.completionTokens + usage.completionTokens,
      cost: subtract(before.cost, amount),
    });
  }
}
