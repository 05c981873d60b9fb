// Checks that what two streams must both say, they do (facts.ts). In a sound ledger the halves of a fact are seconds apart, so only those are
// remembered whose other half has not come yet. At the end it looks again for what seems to be missing: the log grows while it is read.
import { eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import { add, type Amount, formatUsd, ZERO } from '../../kernel/index.js';
import { bookedStreamOf } from '../../books/index.js';
import { topupOfStream } from '../../payments/index.js';
import { type FactKind, FACTS, ONE, type Statement, statementsOf } from './facts.js';
import { Faults } from './faults.js';
import { ReratingCheck } from './verify-reratings.js';

/** What one stream says of a fact, by its last event about it. */
interface Side {
  readonly amount: Amount;
  readonly said?: string;
}

interface Fact extends Pick<Statement, 'kind' | 'id' | 'streams'> {
  readonly sides: readonly [Side, Side];
}

const SILENT: Side = { amount: ZERO };

const nothingOf = ({ kind, id, streams }: Pick<Statement, 'kind' | 'id' | 'streams'>): Fact => ({
  kind,
  id,
  streams,
  sides: [SILENT, SILENT],
});

function plus(fact: Fact, { side, amount }: Statement, { revision, type }: RecordedEvent): Fact {
  const grown = { amount: add(fact.sides[side].amount, amount), said: `revision ${revision}, ${type}` };
  return { ...fact, sides: side === 0 ? [grown, fact.sides[1]] : [fact.sides[0], grown] };
}

const keyOf = ({ kind, id, streams }: Pick<Statement, 'kind' | 'id' | 'streams'>): string =>
  `${kind} ${id} ${streams.join(' ')}`;

const textOf = (kind: FactKind, amount: Amount): string =>
  'counts' in FACTS[kind] ? `${amount / ONE}` : `$${formatUsd(amount)}`;

const isClaim = (kind: FactKind): boolean => 'isClaim' in FACTS[kind];

export class FactCheck {
  readonly faults = new Faults();
  readonly #open = new Map<string, Fact>();
  readonly #reratings: ReratingCheck;

  /** @param only the stream of the only account whose events it takes */
  constructor(
    private readonly store: EventStore,
    private readonly only?: string,
  ) {
    this.#reratings = new ReratingCheck(store, this.faults);
  }

  /** How many facts wait for their other half. */
  get open(): number {
    return this.#open.size;
  }

  /** Takes the next event of the log, with the state of its stream before it. */
  async take(event: RecordedEvent, state: unknown): Promise<void> {
    for (const statement of statementsOf(event, state)) {
      if (!isClaim(statement.kind)) this.#note(statement, event);
      else if (statement.side === 0) await this.#lookUp(statement, event);
    }
    await this.#reratings.take(event);
  }

  /** After the last event. What is found first is enough: each fact takes a reading of two streams. */
  async finish(): Promise<void> {
    await this.#reratings.finish();
    for (const fact of this.#open.values()) {
      if (this.faults.isFull) return;
      if (await this.#isSaidElsewhere(fact)) continue;
      const [first, second] = fact.streams;
      let whole = await this.#reread(nothingOf(fact), first);
      if (second !== first) whole = await this.#reread(whole, second);
      this.#judge(whole, fact.kind === 'rerated' && (await this.#reratings.isCompleted(fact.id)));
    }
  }

  #note(statement: Statement, event: RecordedEvent): void {
    const key = keyOf(statement);
    const fact = plus(this.#open.get(key) ?? nothingOf(statement), statement, event);
    const [first, second] = fact.sides;
    // Of one account what cancels out is looked up, too: the other stream may say otherwise.
    if (first.amount === second.amount && this.only === undefined) this.#open.delete(key);
    else this.#open.set(key, fact);
  }

  /** Of one account: whether the other stream says the same. What does not is read again, as the account may have gone on since. */
  async #isSaidElsewhere(fact: Fact): Promise<boolean> {
    const other = fact.streams.find((stream) => stream !== this.only);
    if (this.only === undefined || other === undefined) return false;
    const [first, second] = (await this.#reread(fact, other)).sides;
    return first.amount === second.amount;
  }

  /** What is claimed stands before the claim in the log. */
  async #lookUp(claim: Statement, event: RecordedEvent): Promise<void> {
    this.#judge(await this.#reread(plus(nothingOf(claim), claim, event), claim.streams[1]));
  }

  /** @param isOver whether nothing more will be said of it */
  #judge({ kind, id, streams, sides }: Fact, isOver = false): void {
    const [first, second] = sides;
    if (isOver ? first.amount === second.amount : FACTS[kind].agree(first.amount, second.amount)) return;
    const topupId = topupOfStream(streams[0]) ?? topupOfStream(streams[1]);
    const remedy = topupId === undefined ? '' : ` If a crash left it out, "tokenhub topup sync ${topupId}" books it.`;
    const says = ({ amount, said }: Side, stream: string): string =>
      said === undefined ? `${stream} has none` : `${stream} has ${textOf(kind, amount)} (${said})`;
    const both = `${says(first, streams[0])}, ${says(second, streams[1])}`;
    this.faults.push(`${FACTS[kind].what} ${id}: ${both}.${remedy}`);
  }

  /** What a whole stream says of a fact, beside what the fact has. An impossible event ends the reading. */
  async #reread(from: Fact, stream: string): Promise<Fact> {
    const key = keyOf(from);
    const kind = bookedStreamOf(stream);
    let fact = from;
    let state = kind?.initial();
    for await (const event of eventsOf(this.store, stream)) {
      try {
        for (const statement of statementsOf(event, state)) {
          const mine = isClaim(from.kind)
            ? statement.kind === from.kind && statement.id === from.id
            : keyOf(statement) === key;
          if (mine) fact = plus(fact, statement, event);
        }
        state = kind?.evolve(state, event);
      } catch {
        return fact;
      }
    }
    return fact;
  }
}
