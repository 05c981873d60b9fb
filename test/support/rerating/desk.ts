// Accounts with charges over some days, on in-memory stores, and the re-rating of them.
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { bringUpToDate, type EventStore, type ReadModelStore, WaitFor } from '../../../src/event-store/index.js';
import { type Amount, Clock, DAY_MS, formatUsd, toInstant, usd } from '../../../src/kernel/index.js';
import { type AccountCommand, Accounts, balances, type BalanceRow, posted } from '../../../src/ledger/index.js';
import { PriceBook, rate, usageOf, type Usage } from '../../../src/pricing/index.js';
import { PriceLists } from '../../../src/pricing/price-lists.js';
import { noTotals, plusReport, reratingRuns, type ReratingRequest, Reratings } from '../../../src/rerating/index.js';
import { NOON, SECOND } from '../ledger/commands.js';

export const MODEL = 'gpt-4o';
export const DAYS = 4;
/** The first day of the charges. */
export const FIRST = NOON - (NOON % DAY_MS);

class ClockAt extends Clock {
  constructor(public time: number) {
    super();
  }
  now(): number {
    return this.time;
  }
}

/** Brings the views up to the end of the log, as a gateway does all the time. */
class Projecting extends WaitFor {
  constructor(
    private readonly log: EventStore,
    private readonly views: ReadModelStore,
  ) {
    super(log, views);
  }
  override head(): Promise<void> {
    return bringUpToDate(this.log, this.views, [balances, reratingRuns]);
  }
}

interface Process {
  readonly store?: EventStore;
  readonly readModels?: ReadModelStore;
  readonly waitFor?: WaitFor;
}

export class ReratingDesk {
  readonly store = new MemoryEventStore();
  readonly readModels = new MemoryReadModelStore();
  readonly accounts = new Accounts(this.store, this.readModels);
  readonly book = new PriceBook();
  readonly lists = new PriceLists(this.store, this.book);
  readonly clock = new ClockAt(FIRST + (DAYS + 1) * DAY_MS);
  readonly reratings = this.another();

  /** As another process has it. */
  another({ store = this.store, readModels = this.readModels, waitFor }: Process = {}): Reratings {
    const projecting = waitFor ?? new Projecting(store, readModels);
    const accounts = new Accounts(store, readModels);
    return new Reratings(store, readModels, projecting, accounts, this.lists, this.book, this.clock);
  }

  /** Publishes a version with one model, in force so many milliseconds later. */
  async publish(input: string, output: string, cost = input, later = 0): Promise<number> {
    const price = { input, output };
    const models = [{ model: MODEL, bands: [{ price, cost: { input: cost, output: cost } }] }];
    const act = { by: 'ada', reason: 'prices', acceptWarnings: true };
    const list = await this.lists.publish({
      models,
      effectiveFrom: toInstant(this.clock.time + later),
      at: this.clock.time,
      ...act,
    });
    this.clock.time += SECOND;
    return list?.version ?? this.book.versions.length;
  }

  async open(accountId: string, credit: Amount): Promise<void> {
    await this.#tell(accountId, { type: 'OpenAccount', accountId }, FIRST);
    const key = { keyId: 'k', secretHash: 'a'.repeat(64), last4: 'wxyz', settings: { name: 'laptop' } };
    await this.#tell(accountId, { type: 'IssueKey', ...key }, FIRST);
    await this.buy(accountId, `lot-${accountId}`, credit, FIRST);
  }

  async buy(accountId: string, lotId: string, amount: Amount, at: number): Promise<void> {
    const lot = { lotId, topupId: `top-${lotId}`, amount, expiresAt: FIRST + 300 * DAY_MS };
    await this.#tell(accountId, { type: 'PurchaseCredit', ...lot }, at);
  }

  /** A call at an instant, charged by version 1. */
  async call(accountId: string, chargeId: string, at: number, completionTokens: number): Promise<void> {
    const list = this.book.version(1);
    if (list === undefined) throw new Error('there is no price list');
    const call = { chargeId, requestId: `request-${chargeId}`, keyId: 'k', model: MODEL };
    await this.#tell(
      accountId,
      { type: 'PlaceHold', ...call, priceVersion: 1, amount: usd('0.0001'), ttlMs: 60_000 },
      at,
    );
    const usage = usageOf({ promptTokens: 100, completionTokens }) as Usage;
    const usageRaw = { prompt_tokens: 100, completion_tokens: completionTokens };
    const { price, cost } = rate(list, MODEL, usage, at);
    const charge = { chargeId, cost: price, providerCost: cost, usage, usageRaw };
    const answered = { provider: 'openai', upstreamModel: MODEL, attempts: [] };
    await this.#tell(accountId, { type: 'SettleHold', ...charge, ...answered }, at);
  }

  async #tell(accountId: string, fields: object, at: number): Promise<void> {
    const commandId = `${(fields as { type: string }).type}-${at}-${Math.random()}`;
    await this.accounts.execute(accountId, { commandId, at, ...fields } as AccountCommand);
  }

  request(priceVersion: number, more: Partial<ReratingRequest> = {}): ReratingRequest {
    return { from: toInstant(FIRST), to: toInstant(FIRST + DAYS * DAY_MS), priceVersion, policy: 'bill', ...more };
  }

  /** What a run would change. */
  async dryRun(request: ReratingRequest, reratings = this.reratings) {
    let totals = noTotals;
    for await (const report of reratings.dryRun(request)) totals = plusReport(totals, report);
    return totals;
  }

  /** Proposed by one, approved by another. */
  async approved(request: ReratingRequest, runId?: string): Promise<string> {
    const act = { by: 'ada', reason: 'new prices' };
    const run = (await this.reratings.propose(request, act, { ...(runId && { runId }) })) ?? '';
    await this.reratings.approve(run, 'bob');
    return run;
  }

  async run(request: ReratingRequest): Promise<string> {
    const run = await this.approved(request);
    await this.reratings.apply(run);
    return run;
  }

  async proposedReversal(run: string): Promise<string> {
    return (await this.reratings.reverse(run, { by: 'ada', reason: 'a mistake' })) ?? '';
  }

  async reversed(run: string): Promise<string> {
    const other = await this.proposedReversal(run);
    await this.reratings.approve(other, 'bob');
    await this.reratings.apply(other);
    return other;
  }

  project(): Promise<void> {
    return bringUpToDate(this.store, this.readModels, [balances, reratingRuns]);
  }

  /** By the ledger; the view must agree. */
  async balances(): Promise<Record<string, string>> {
    await this.project();
    const rows = await this.readModels.find(balances.view, { limit: 100 });
    const pairs = rows.map(async ({ id, doc }) => {
      const balance = formatUsd(posted(await this.accounts.copy(id)));
      if (balance !== (doc as BalanceRow).posted)
        throw new Error(`the view of ${id} has ${(doc as BalanceRow).posted}`);
      return [id, balance] as const;
    });
    return Object.fromEntries(await Promise.all(pairs));
  }
}
