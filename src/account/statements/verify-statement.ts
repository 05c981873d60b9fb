// Checks a statement by itself, with no word from us but the file: that its events form the hash chain it claims, that its balances are what its
// entries come to, that every call was charged at the usage its provider reported × the prices it names, and that the ledger signed it. What that
// can't show: docs/statements.md.
import { CHAIN_START, ChainCheck, type ChainPoint, type RecordedEvent } from '../../event-store/index.js';
import { add, formatUsd, fromInstant, type JsonObject, sum, usd } from '../../kernel/index.js';
import {
  type AccountEventData,
  accountEventSchemas,
  type AccountEventType,
  accountStream,
  readAccountEvent,
} from '../../ledger/index.js';
import { compilePriceList, type PriceList, type PriceListPublished, rate, usageFollows } from '../../pricing/index.js';
import { type Correction, PricedCalls } from './priced-calls.js';
import { Tally } from './statement.js';
import type { StatementFile } from './statement-schema.js';
import { verifyProof } from './verify-proof.js';

const MAX_FAULTS = 100;

export interface StatementCheck {
  /** What is wrong, a sentence each; none when the statement is right. At most 100. */
  readonly faults: readonly string[];
  /** The newest event in it, or the one before the period: the next statement goes on from there. */
  readonly head: ChainPoint;
  readonly entries: number;
  readonly charges: number;
  /** The key of the ledger that signed it; undefined when it is not signed, or not by a key that is trusted. */
  readonly signedBy: string | undefined;
}

/**
 * `keys` are the public keys that the reader trusts; without any, those that the statement brings are taken at their word. `calls` are those of the
 * statements before it, whose prices it may correct.
 */
export function verifyStatement(
  statement: StatementFile,
  keys: readonly string[] = [],
  calls = new PricedCalls(),
): StatementCheck {
  const run = new Run(statement, calls);
  run.checkEnds();
  for (const event of statement.events) {
    if (!run.take(event)) break;
  }
  run.checkBalance();
  run.checkProof(keys);
  return run.result;
}

/** The newest event of a statement, or the one before its period: the next statement goes on from there. */
const headOf = ({ events, before }: StatementFile): ChainPoint => events.at(-1) ?? before;

/** Whether a statement goes on where an earlier one of the same account ended: what is wrong, or undefined. */
export function continuityFault(earlier: StatementFile, later: StatementFile): string | undefined {
  const head = headOf(earlier);
  if (later.account_id !== earlier.account_id)
    return `They are of two accounts, ${earlier.account_id} and ${later.account_id}.`;
  if (later.before.revision !== head.revision) {
    return `The earlier one ends with revision ${head.revision}; the later one goes on after revision ${later.before.revision}.`;
  }
  if (later.before.hash !== head.hash) {
    return `The hash of revision ${head.revision} is another than in the earlier one: the ledger was changed in between.`;
  }
  if (later.opening_balance === earlier.closing_balance) return undefined;
  return `The earlier one ends with $${earlier.closing_balance}; the later one begins with $${later.opening_balance}.`;
}

class Run {
  readonly #faults: string[] = [];
  readonly #tally: Tally;
  readonly #chain: ChainCheck;
  readonly #prices: ReadonlyMap<number, PriceList>;
  #entries = 0;
  #charges = 0;
  #lastAt = '';
  #signedBy: string | undefined;

  constructor(
    private readonly statement: StatementFile,
    private readonly calls: PricedCalls,
  ) {
    const { account_id, before, opening_balance, price_lists } = statement;
    this.#tally = new Tally({ openingBalance: usd(opening_balance), before });
    if (before.revision === CHAIN_START.revision) calls.begin();
    this.#chain = new ChainCheck(accountStream(account_id), before);
    this.#prices = new Map(price_lists.map((list) => [list.version, compilePriceList(list as PriceListPublished)]));
  }

  get result(): StatementCheck {
    const [entries, charges, signedBy] = [this.#entries, this.#charges, this.#signedBy];
    return { faults: this.#faults.slice(0, MAX_FAULTS), head: this.#tally.head, entries, charges, signedBy };
  }

  checkEnds(): void {
    const { from, to, before, opening_balance } = this.statement;
    if (from >= to) this.#fault(`The period from ${from} to ${to} is empty.`);
    if (before.revision !== CHAIN_START.revision) return;
    if (before.hash !== CHAIN_START.hash) this.#fault('The chain of an account begins with a hash of zeros.');
    if (usd(opening_balance) !== 0n) this.#fault(`An account begins with nothing, not with $${opening_balance}.`);
  }

  checkBalance(): void {
    const closing = formatUsd(this.#tally.balance);
    if (this.#faults.length > 0 || usd(this.statement.closing_balance) === this.#tally.balance) return;
    this.#fault(`The closing balance is $${this.statement.closing_balance}; its entries come to $${closing}.`);
  }

  checkProof(keys: readonly string[]): void {
    const { statement } = this;
    const { revision, hash } = statement.events.at(-1) ?? statement.before;
    const { faults, signedBy } = statement.version === 1 ? UNSIGNED : verifyProof(statement, { revision, hash }, keys);
    this.#signedBy = signedBy;
    this.#faults.push(...faults);
    if (signedBy === undefined && faults.length === 0 && keys.length > 0)
      this.#fault('It is not signed, so the key that was given vouches for nothing in it.');
  }

  /** False when what follows can't be judged. */
  take({ hash, ...event }: StatementFile['events'][number]): boolean {
    const recorded: RecordedEvent = {
      ...event,
      data: event.data as JsonObject,
      stream: accountStream(this.statement.account_id),
      metadata: { hash },
      position: event.revision,
      recordedAt: '',
    };
    const broken = this.#chain.next(recorded);
    if (broken !== undefined) return this.#fault(broken.sentence);
    const { type, data } = readAccountEvent(recorded);
    const malformed = shapeFault(type, data);
    if (malformed !== undefined) return this.#fault(`Revision ${event.revision} ${malformed}`);
    this.#checkInstant(recorded);
    try {
      if (this.#tally.take(recorded) !== undefined) this.#entries++;
      if (type === 'HoldPlaced') this.calls.held(data);
      if (type === 'HoldReleased') this.calls.released(data);
      if (type === 'TokensCharged') this.#checkCharge(data, event.revision);
      if ((type as string) === 'ChargeRerated') this.#checkCorrection(recorded, event.revision);
    } catch (error) {
      if (error instanceof RangeError) return this.#fault(`Revision ${event.revision} (${type}): ${error.message}.`);
      throw error;
    }
    return true;
  }

  #checkInstant({ data, revision }: RecordedEvent): void {
    const { from, to } = this.statement;
    const at = String(data['at']);
    if (at < from || at >= to) this.#fault(`Revision ${revision} is of ${at}, outside the period.`);
    if (at < this.#lastAt) this.#fault(`Revision ${revision} is earlier than the one before.`);
    this.#lastAt = at;
  }

  #checkCorrection({ data }: RecordedEvent, revision: number): void {
    for (const clause of this.calls.corrected(data as unknown as Correction, this.#prices))
      this.#fault(`The price correction of revision ${revision} ${clause}.`);
  }

  #checkCharge(data: AccountEventData<'TokensCharged'>, revision: number): void {
    this.#charges++;
    const { priceVersion, cost, slices, uncovered = '0.00', pricedAt } = data;
    const where = `The charge of revision ${revision}`;
    for (const clause of this.calls.charged(data)) this.#fault(`${where} ${clause}.`);
    const due = this.#due(data);
    if (due === undefined) {
      this.#fault(
        `${where} is of price list ${priceVersion} and model ${data.model}, for which the statement carries no price.`,
      );
    } else if (due !== cost) {
      this.#fault(`${where} is $${cost}; its usage at price list ${priceVersion} comes to $${due}.`);
    }
    if (!usageFollows(data)) this.#fault(`${where} is of another usage than its provider reported.`);
    const list = this.#prices.get(priceVersion);
    if (list !== undefined && list.effectiveFromMs > fromInstant(pricedAt)) {
      this.#fault(`${where} was priced at ${pricedAt}, before price list ${priceVersion} was in force.`);
    }
    const taken = add(sum(slices.map(({ amount }) => usd(amount))), usd(uncovered));
    if (taken !== usd(cost)) this.#fault(`${where} is $${cost}, and $${formatUsd(taken)} was taken for it.`);
  }

  /** What the usage comes to; undefined when the statement has no price for it. */
  #due({ priceVersion, model, usage, pricedAt }: AccountEventData<'TokensCharged'>): string | undefined {
    const list = this.#prices.get(priceVersion);
    if (list?.bands.has(model) !== true) return undefined;
    try {
      return formatUsd(rate(list, model, usage, fromInstant(pricedAt)).price);
    } catch {
      return undefined; // its bands leave a gap where this usage is
    }
  }

  /** False, as an answer to whether to go on. */
  #fault(sentence: string): false {
    this.#faults.push(sentence);
    return false;
  }
}

const UNSIGNED = { faults: [], signedBy: undefined };

/** What is wrong with the shape of an event, or undefined. */
function shapeFault(type: AccountEventType, data: object): string | undefined {
  if (!Object.hasOwn(accountEventSchemas, type)) return `is of a type no account has: ${type}.`;
  const issue = accountEventSchemas[type].safeParse(data).error?.issues[0];
  return issue && `(${type}) can't be read: ${issue.path.join('.')}: ${issue.message}`;
}
