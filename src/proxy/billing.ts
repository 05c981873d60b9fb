import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { EventStoreUnavailable, WITHDRAWN, withTimeout } from '../event-store/index.js';
import {
  type Amount,
  Clock,
  formatUsd,
  fromInstant,
  type JsonObject,
  type JsonValue,
  newId,
  Rejection,
  usd,
  ZERO,
} from '../kernel/index.js';
import type { Caller } from '../keys/index.js';
import {
  type AccountCommand,
  type AccountEvent,
  type AccountEventData,
  Accounts,
  type Attempt,
  available,
  insufficientBalance,
  type ReleaseReason,
} from '../ledger/index.js';
import {
  affordableCompletionTokens,
  maxCost,
  type Model,
  PriceBook,
  type PriceList,
  rate,
  UsageFault,
} from '../pricing/index.js';
import { ApiError, errorOf, internalError, ledgerUnavailable, modelNotFound, notSettled } from '../http/index.js';
import type { Demand, Exchange } from './call.js';
import { billable, type CountLimits, keptUsage, limitsOf } from './plausible.js';
import { type Settlement, Settler } from './settler.js';
import type { AdmittedTokens } from './token-limit.js';

/** Who asks for a hold, and how long that can wait. */
export interface Admission {
  readonly caller: Caller;
  readonly requestId: string;
  /** Of `performance.now`. */
  readonly giveUpAt: number;
  /** What it counts in the key's tokens per minute, to be told what was used. */
  readonly tokens: AdmittedTokens;
}

/** An open hold, with what it takes to settle it. */
export interface PlacedHold {
  readonly accountId: string;
  readonly requestId: string;
  readonly chargeId: string;
  readonly prices: PriceList;
  readonly model: string;
  /** The instant the price is taken at, in epoch milliseconds. */
  readonly pricedAt: number;
  /** The cap on completion tokens we set because the client set none. */
  readonly cap: number | undefined;
  /** The counts that an answer can come to. */
  readonly limits: CountLimits;
  readonly tokens: AdmittedTokens;
}

/** What came back for a hold. */
export interface Answered {
  /** The usage block as the provider sent it. */
  readonly usage: JsonValue | undefined;
  readonly readUsage: Exchange['readUsage'];
  readonly provider: string;
  readonly upstreamModel: string;
  readonly attempts: readonly Attempt[];
}

/** What is known of a call that is not charged: all tries, and the answer, if there was one. */
type Uncharged = Pick<Answered, 'attempts'> & Partial<Pick<Answered, 'usage' | 'provider' | 'upstreamModel'>>;

type PlaceHold = Extract<AccountCommand, { type: 'PlaceHold' }>;

/** How long a call may take to settle. */
const SETTLE_MS = 20_000;
const HOLD_TRIES = 3;

/** Places, settles and releases holds, for every kind of call. Every method resolves only when what it says is durable. */
@Injectable()
export class Billing {
  constructor(
    private readonly accounts: Accounts,
    private readonly priceBook: PriceBook,
    private readonly settler: Settler,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Sets aside the largest possible cost of a request. Waits until `giveUpAt` at most, and not at all while the ledger is known to be down.
   * @throws ApiError 402, 403, 401, 404, 503 with nothing forwarded.
   */
  async hold(admission: Admission, demand: Demand, model: Model): Promise<PlacedHold> {
    try {
      await this.accounts.reachable();
      return await this.#hold(admission, demand, model);
    } catch (error) {
      await admission.tokens.used(0);
      throw error instanceof EventStoreUnavailable ? ledgerUnavailable() : error;
    }
  }

  async #hold({ caller, requestId, giveUpAt, tokens }: Admission, demand: Demand, model: Model): Promise<PlacedHold> {
    const { accountId } = caller;
    const chargeId = newId();
    for (let tries = 1; ; tries++) {
      const now = this.clock.now();
      const prices = this.priceBook.inForce(now);
      if (!prices?.bands.has(model.id))
        throw modelNotFound(`The model "${model.id}" has no price here, so it can’t be called.`);
      const quote = new Quote(demand, model, prices, now);
      const reading = this.accounts.read(accountId, { fresh: tries > 1 });
      const free = available(await withTimeout(reading, giveUpAt - performance.now()), now);
      const cap = demand.maxTokens ?? quote.affordable(free);
      if (demand.maxTokens === undefined && cap < 1) {
        if (tries === 1) continue; // another process may have added credit
        throw quote.refusal(quote.cost(1), free);
      }
      const command: PlaceHold = {
        type: 'PlaceHold',
        commandId: `${chargeId}/hold/${tries}`,
        at: now,
        chargeId,
        requestId,
        keyId: caller.keyId,
        model: model.id,
        aliases: model.aliases,
        priceVersion: prices.version,
        amount: quote.cost(cap),
        ttlMs: this.#holdTtlMs,
        parallelRequests: this.config.KEY_PARALLEL_REQUESTS,
      };
      const outcome = await this.#place(accountId, command, giveUpAt);
      if (!(outcome instanceof Rejection)) {
        const placed = outcome[0]?.data as AccountEventData<'HoldPlaced'>;
        const own = demand.maxTokens === undefined ? cap : undefined;
        const pricedAt = fromInstant(placed.at);
        const limits = limitsOf(demand, model, cap);
        return { accountId, requestId, chargeId, prices, model: model.id, pricedAt, cap: own, limits, tokens };
      }
      if (outcome.code !== 'insufficient_balance') throw errorOf(outcome);
      // Another request took the credit in between: a cap of our own can shrink to what is left.
      if (demand.maxTokens !== undefined || tries === HOLD_TRIES) {
        throw quote.refusal(quote.cost(cap), usd(outcome.details['available'] ?? '0'));
      }
    }
  }

  /** A hold outlives its call: after the longest a request may take, its client may still be stalling, and then it is settled. */
  get #holdTtlMs(): number {
    return this.config.REQUEST_TIMEOUT_MS + this.config.CLIENT_STALL_TIMEOUT_MS + SETTLE_MS;
  }

  /** Whatever becomes of a hold that was given up, nothing was forwarded: if it is stored after all, it is released again. */
  async #place(accountId: string, command: PlaceHold, giveUpAt: number): Promise<readonly AccountEvent[] | Rejection> {
    const placing = this.accounts.decide(accountId, command, { giveUpAt });
    try {
      const outcome = await withTimeout(placing, giveUpAt - performance.now());
      if (!(outcome instanceof Rejection) || outcome.code !== WITHDRAWN) return outcome;
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable)) throw error;
      const { chargeId, requestId, model, priceVersion } = command;
      const release = this.#release(chargeId, 'not_forwarded', 'it was not durable in time');
      this.settler.takeBack(placing, { accountId, requestId, model, priceVersion, command: release });
    }
    throw ledgerUnavailable();
  }

  /**
   * Charges what the provider counted; releases the hold as `usage_unknown` when that can't be told or can't be true. Returns the cost, if
   * charged.
   * @throws ApiError 503 when the ledger can't be reached: it is then charged or released later.
   */
  async settle(hold: PlacedHold, answered: Answered): Promise<Amount | undefined> {
    const { usage: raw, readUsage, attempts, provider, upstreamModel } = answered;
    const usage = billable(raw, readUsage, hold.limits);
    if (usage instanceof UsageFault) {
      await this.release(hold, 'usage_unknown', usage.message, answered);
      return undefined;
    }
    const counted = hold.tokens.used(usage.totalTokens);
    const { price, cost } = rate(hold.prices, hold.model, usage, hold.pricedAt);
    await this.#durably(hold, {
      type: 'SettleHold',
      commandId: `${hold.chargeId}/settle`,
      at: this.clock.now(),
      chargeId: hold.chargeId,
      cost: price,
      providerCost: cost,
      usage,
      usageRaw: raw as JsonObject,
      provider,
      upstreamModel,
      attempts,
    });
    await counted; // the next call of this client finds it counted
    return price;
  }

  /** @throws ApiError 503 when the ledger can't be reached: it is then released later. */
  async release(
    hold: PlacedHold,
    reason: ReleaseReason,
    detail: string,
    { attempts, usage, provider, upstreamModel }: Uncharged,
  ): Promise<void> {
    const counted = hold.tokens.used(0);
    const answer = { ...keptUsage(usage), ...(provider && { provider }), ...(upstreamModel && { upstreamModel }) };
    await this.#durably(hold, { ...this.#release(hold.chargeId, reason, detail), attempts, ...answer });
    await counted;
  }

  #release(chargeId: string, reason: ReleaseReason, detail: string): Extract<AccountCommand, { type: 'ReleaseHold' }> {
    const commandId = `${chargeId}/release`;
    return { type: 'ReleaseHold', commandId, at: this.clock.now(), chargeId, reason, detail };
  }

  async #durably({ accountId, requestId, model, prices }: PlacedHold, command: Settlement['command']): Promise<void> {
    try {
      await this.settler.execute({ accountId, requestId, model, priceVersion: prices.version, command });
    } catch (error) {
      throw error instanceof EventStoreUnavailable ? notSettled() : internalError();
    }
  }
}

/** The largest cost of a request at one moment's prices. */
class Quote {
  constructor(
    private readonly demand: Demand,
    private readonly model: Model,
    private readonly prices: PriceList,
    private readonly at: number,
  ) {}

  /** The most it can cost with `cap` completion tokens per choice. */
  cost(cap: number): Amount {
    const { input, choices } = this.demand;
    return maxCost(this.prices, this.model.id, { ...input, completionTokens: cap * choices }, this.at);
  }

  /** The model's ceiling, or what the credit affords, in completion tokens per choice; below 1 when it affords none. */
  affordable(credit: Amount): number {
    if (credit <= ZERO) return 0;
    const tokens = affordableCompletionTokens(this.prices, this.model.id, this.demand.input, credit, this.at);
    return Math.min(this.model.maxOutputTokens, Math.floor(tokens / this.demand.choices));
  }

  /** A 402 that names the cost, the balance and what would be affordable. */
  refusal(cost: Amount, credit: Amount): ApiError {
    const tokens = this.affordable(credit);
    const { maxTokens, capField } = this.demand;
    const way =
      maxTokens === undefined || capField === undefined || tokens < 1
        ? 'Top up to go on.'
        : `With ${capField} of at most ${tokens} instead of ${maxTokens} it can go ahead; or top up.`;
    const message = `This request may cost up to $${formatUsd(cost)}; $${formatUsd(credit)} of credit is available. ${way}`;
    const { options } = errorOf(insufficientBalance(cost, credit));
    return new ApiError({ ...options, message, param: maxTokens === undefined ? undefined : capField });
  }
}
