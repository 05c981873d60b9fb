// Charges released holds by hand: by the usage block that was kept, or by counts that a person gives.
import { Injectable } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { type Amount, Clock, fromInstant, type JsonObject, refuse, Refused } from '../../kernel/index.js';
import {
  type AccountEvent,
  type AccountEventData,
  Accounts,
  accountStream,
  type ChargeRow,
  charges,
  eventsSince,
  type Performance,
  readAccountEvent,
} from '../../ledger/index.js';
import {
  compilePriceList,
  PriceLists,
  rate,
  readAnyUsage,
  type Usage,
  type UsageCounts,
  UsageFault,
  usageOf,
} from '../../pricing/index.js';

/** The counts that a person may give. */
export const COUNTS = {
  promptTokens: 'all input tokens, including those below',
  cachedTokens: 'input tokens read from the cache',
  explicitCachedTokens: 'cached tokens from a cache that the request had marked',
  cacheWriteTokens: 'input tokens written to the cache for 5 minutes',
  cacheWrite1hTokens: 'input tokens written to the cache for 1 hour',
  completionTokens: 'all output tokens, including those below',
  reasoningTokens: 'reasoning tokens',
} as const satisfies Partial<Record<keyof UsageCounts, string>>;
export type Count = keyof typeof COUNTS;
export type GivenCounts = Readonly<Partial<Record<Count, number>>>;

/** What a released hold would be charged. */
export interface HandCharge {
  readonly accountId: string;
  readonly hold: AccountEventData<'HoldPlaced'>;
  readonly usage: Usage;
  readonly cost: Amount;
  readonly performance: Performance;
}

/** Who charges it, and why. */
export interface ByWhom {
  readonly actor: string;
  readonly reason: string;
}

/** Its callers see to it that the read model of charges is up to date. */
@Injectable()
export class HandCharges {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly priceLists: PriceLists,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** A call by the id of its charge. @throws Refused `charge_not_found` */
  async row(chargeId: string): Promise<ChargeRow> {
    const row = (await this.readModels.load(charges.view, [chargeId])).get(chargeId)?.doc as ChargeRow | undefined;
    return row ?? no('not_found', 'charge_not_found', `There is no charge "${chargeId}".`);
  }

  /**
   * What a call costs at the prices of its hold: by the counts that are given, or else by its usage block.
   * @throws Refused `charge_not_found`, `charge_settled`, `hold_open`, `usage_needed`, `invalid_usage`
   */
  async plan(chargeId: string, counts?: GivenCounts): Promise<HandCharge> {
    const row = await this.row(chargeId);
    if (row.status === 'open') no('conflict', 'hold_open', 'Its call is still running: settle it once it has ended.');
    if (row.status === 'charged') no('conflict', 'charge_settled', `The call was charged $${row.cost ?? ''} already.`);
    const { hold, released } = await this.#history(row);
    const usage = usageFor(released, counts);
    const due = await this.#due(hold, usage);
    const { attempts = [] } = released;
    const performance = {
      cost: due.price,
      providerCost: due.cost,
      usage,
      usageRaw: counts ?? (released.usageRaw as JsonObject),
      // Records of old releases say only which channels were tried: the last one answered.
      provider: released.provider ?? attempts.at(-1)?.channel ?? 'unknown',
      upstreamModel: released.upstreamModel ?? hold.model,
      attempts,
    };
    return { accountId: row.accountId, hold, usage, cost: due.price, performance };
  }

  /** Charges it. Returns no event if somebody had charged it by then. @throws Refused `hold_open` */
  charge(
    { accountId, hold, performance }: HandCharge,
    who: ByWhom,
    accounts = this.accounts,
  ): Promise<readonly AccountEvent[]> {
    const { chargeId } = hold;
    const base = { commandId: `${chargeId}/by-hand`, at: this.clock.now(), chargeId };
    return accounts.execute(accountId, { type: 'SettleHold', ...base, ...performance, byHand: { ...who, hold } });
  }

  async #history({ accountId, chargeId, openedAt, closedAt = openedAt }: ChargeRow) {
    const stream = accountStream(accountId);
    const find = async <T extends 'HoldPlaced' | 'HoldReleased'>(type: T, at: string): Promise<AccountEventData<T>> => {
      for await (const recorded of eventsSince(this.store, stream, at)) {
        if (recorded.type === type && recorded.data['chargeId'] === chargeId)
          return readAccountEvent(recorded).data as AccountEventData<T>;
      }
      throw new Error(`${stream} has no ${type} of ${chargeId}, which its read model has`);
    };
    return { hold: await find('HoldPlaced', openedAt), released: await find('HoldReleased', closedAt) };
  }

  /** At the instant that its charge will name: by the clock of who placed the hold. */
  async #due({ model, priceVersion, clock, at }: AccountEventData<'HoldPlaced'>, usage: Usage) {
    const list = (await this.priceLists.all()).find(({ version }) => version === priceVersion);
    if (list === undefined) return no('not_found', 'price_list_not_found', `There is no price list ${priceVersion}.`);
    return rate(compilePriceList(list), model, usage, fromInstant(clock ?? at));
  }
}

function usageFor({ usageRaw, reason }: AccountEventData<'HoldReleased'>, counts: GivenCounts | undefined): Usage {
  if (counts === undefined && usageRaw === undefined)
    return no('conflict', 'usage_needed', `No usage block is stored for this call (${reason}). Give the counts.`);
  const { promptTokens = 0, completionTokens = 0, ...parts } = counts ?? {};
  const usage =
    counts === undefined ? readAnyUsage(usageRaw ?? null) : usageOf({ promptTokens, completionTokens, ...parts });
  if (usage instanceof UsageFault) return no('invalid', 'invalid_usage', `${usage.message} Give plausible counts.`);
  if (counts !== undefined && usage.reading !== undefined)
    return no('invalid', 'invalid_usage', 'The counts contradict each other: a part exceeds its total.');
  return usage;
}

function no(...rejection: Parameters<typeof refuse>): never {
  throw new Refused(refuse(...rejection));
}
