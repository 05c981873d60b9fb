// The operator's queue over a ledger, a payment provider and prices, all in memory.
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { bringUpToDate } from '../../../src/event-store/index.js';
import { DAY_MS, formatUsd, Refused, toInstant, usd } from '../../../src/kernel/index.js';
import { type AccountCommand, posted } from '../../../src/ledger/index.js';
import { HandCharges } from '../../../src/operations/charges/hand-charges.js';
import { PROJECTIONS } from '../../../src/operations/projections.js';
import type { ChoiceInput } from '../../../src/operations/queue/choice.js';
import { QueueHands, ViewRebuilds } from '../../../src/operations/queue/hands.js';
import { OperatorQueue } from '../../../src/operations/queue/operator-queue.js';
import { QueueChoices } from '../../../src/operations/queue/queue-choices.js';
import type { QueueFilter } from '../../../src/operations/queue/operator-queue.js';
import type { QueueItem } from '../../../src/operations/queue/queue-item.js';
import { RefundSettings, Webhooks } from '../../../src/payments/index.js';
import { type ModelPrices, PriceBook } from '../../../src/pricing/index.js';
import { PriceLists } from '../../../src/pricing/price-lists.js';
import { Reconciliations } from '../../../src/reconciliation/index.js';
import { World } from '../payments/payment-world.js';

export const MODEL = 'gpt-4o';
const MINUTE = 60_000;

type Bare = AccountCommand extends infer T ? (T extends AccountCommand ? Omit<T, 'commandId' | 'at'> : never) : never;

interface HoldTerms {
  readonly accountId?: string;
  readonly amount?: string;
  readonly priceVersion?: number;
  readonly turn?: number;
}

class NotedRebuilds extends ViewRebuilds {
  constructor(private readonly noted: string[]) {
    super();
  }
  async start(view: string, by: string): Promise<void> {
    this.noted.push(`${view} by ${by}`);
  }
}

export class QueueDesk extends World {
  readonly readModels = new MemoryReadModelStore();
  readonly queue = new OperatorQueue(this.store, this.readModels, this.clock);
  readonly lists = new PriceLists(this.store, new PriceBook());
  readonly webhooks = new Webhooks(this.store, this.sync, this.clock);
  readonly reconciliations = new Reconciliations(this.store, this.readModels, this.clock);
  /** The read models that were to be made again, and by whom. */
  readonly rebuilt: string[] = [];
  readonly hands = new QueueHands(
    this.store,
    this.readModels,
    this.provider,
    new RefundSettings({ REFUND_WINDOW_DAYS: 7, REFUND_ALONE_USD: '1' }),
    this.clock,
    undefined,
    new NotedRebuilds(this.rebuilt),
  );
  readonly choices = new QueueChoices(
    this.hands,
    new HandCharges(this.store, this.readModels, this.lists, this.accounts, this.clock),
    this.clock,
  );
  #commands = 0;

  /** Prices of $1 and $2 per million tokens, and a paid account with a key. */
  override async open(): Promise<this> {
    await super.open();
    const price = { input: '1.00', output: '2.00' };
    const models = [{ model: MODEL, bands: [{ price, cost: price }] }];
    await this.publish(models);
    for (const accountId of ['acc0', 'acc1']) {
      const key = { keyId: 'k', secretHash: accountId.padEnd(64, '_'), last4: 'wxyz', settings: { name: 'laptop' } };
      await this.tell(accountId, { type: 'IssueKey', ...key });
      const lot = {
        lotId: `bonus-${accountId}`,
        amount: usd('5'),
        reason: 'test',
        expiresAt: this.clock.now() + 300 * DAY_MS,
      };
      await this.tell(accountId, { type: 'GrantCredit', ...lot });
    }
    return this;
  }

  /** Prices from now on. */
  async publish(models: readonly ModelPrices[]): Promise<void> {
    const at = this.clock.now();
    const said = { by: 'ada', reason: 'prices', acceptWarnings: true };
    await this.lists.publish({ models, effectiveFrom: toInstant(at), at, ...said });
  }

  tell(accountId: string, command: Bare) {
    const whole = { ...command, commandId: `q${this.#commands++}`, at: this.clock.now() } as AccountCommand;
    return this.accounts.execute(accountId, whole);
  }

  hold(chargeId: string, { accountId = 'acc0', amount = '0.10', ...terms }: HoldTerms = {}) {
    const call = { chargeId, requestId: `r-${chargeId}`, keyId: 'k', model: MODEL, priceVersion: 1, ...terms };
    return this.tell(accountId, { type: 'PlaceHold', ...call, amount: usd(amount), ttlMs: 10 * MINUTE });
  }

  /** A call whose usage was not believed. */
  async unknown(chargeId: string, usageRaw?: object, accountId = 'acc0', terms: HoldTerms = {}): Promise<void> {
    await this.hold(chargeId, { accountId, ...terms });
    const answer = { provider: 'openai', upstreamModel: MODEL, ...(usageRaw && { usageRaw: usageRaw as never }) };
    await this.tell(accountId, { type: 'ReleaseHold', chargeId, reason: 'usage_unknown', ...answer });
  }

  async charge(chargeId: string, cost: string): Promise<void> {
    const usage = { promptTokens: 1, completionTokens: 1, cachedTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
    const counts = {
      ...usage,
      reasoningTokens: 0,
      promptAudioTokens: 0,
      promptImageTokens: 0,
      completionAudioTokens: 0,
    };
    const answer = { usage: counts as never, usageRaw: {}, provider: 'openai', upstreamModel: MODEL, attempts: [] };
    await this.tell('acc0', { type: 'SettleHold', chargeId, cost: usd(cost), providerCost: usd('0'), ...answer });
  }

  async project(): Promise<void> {
    await bringUpToDate(this.store, this.readModels, PROJECTIONS);
  }

  async items(filter: QueueFilter = {}): Promise<readonly QueueItem[]> {
    await this.project();
    return (await this.queue.page(filter, 100)).items;
  }

  async item(id: string): Promise<QueueItem> {
    await this.project();
    return this.queue.item(id);
  }

  /** The names of what can be done. */
  async offered(id: string): Promise<string[]> {
    return this.choices.of(await this.item(id)).map(({ choice }) => choice);
  }

  async effect(id: string, choice: string, by = 'olga', input: ChoiceInput = {}) {
    return this.choices.effect(this.choices.find(await this.item(id), choice), by, input);
  }

  /** The types of the events that a choice has recorded, or the code of its refusal. */
  async choose(id: string, choice: string, by = 'olga', input: ChoiceInput = {}): Promise<readonly string[] | string> {
    const item = await this.item(id);
    return this.chooseOf(item, choice, by, input);
  }

  /** The same, of an item as somebody has seen it. */
  async chooseOf(
    item: QueueItem,
    choice: string,
    by = 'olga',
    input: ChoiceInput = {},
  ): Promise<readonly string[] | string> {
    try {
      const events = await this.choices.choose(item, choice, { who: { by, reason: `${by} says so` }, input });
      return events.map(({ type }) => type);
    } catch (error) {
      if (error instanceof Refused) return error.rejection.code;
      throw error;
    }
  }

  async balance(accountId = 'acc0'): Promise<string> {
    return formatUsd(posted(await this.accounts.copy(accountId)));
  }
}
