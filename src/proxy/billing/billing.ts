import { Inject, Injectable } from '@nestjs/common';
import { EventStoreUnavailable, WITHDRAWN, withTimeout } from '../../event-store/index.js';
import {
  type Amount,
  Clock,
  fromInstant,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  newId,
  Rejection,
  usd,
} from '../../kernel/index.js';
import type { Caller } from '../../keys/index.js';
import {
  type AccountCommand,
  type AccountEvent,
  type AccountEventData,
  Accounts,
  type AccountState,
  type Attempt,
  type CutOff,
  type ReleaseReason,
  turnAt,
} from '../../ledger/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { errorOf, internalError, ledgerUnavailable, modelNotFound, notSettled } from '../../platform/http/index.js';
import { type Model, PriceBook, type PriceList, rate, UsageFault } from '../../pricing/index.js';
import type { Delivery } from '../relay/delivery.js';
import type { Demand, ReadUsage } from './demand.js';
import { type Bound, usageOfPart } from './estimate.js';
import { billable, type CountLimits, keptUsage, limitsOf } from './plausible.js';
import { Quote } from './quote.js';
import { type Settlement, Settler } from './settler.js';

/** Counts the tokens that a request really used, once they are known. */
interface TokenCounter {
  /** Called once; never rejects. */
  used(tokens: number): Promise<void>;
}

/** Who asks for a hold, and how long it can wait. */
export interface Admission {
  readonly caller: Caller;
  readonly requestId: string;
  /** When to give up, by `performance.now`. */
  readonly giveUpAt: number;
  /** Its place in the key's tokens per minute. */
  readonly tokens: TokenCounter;
}

/** An open hold, with all that is needed to settle it. */
export interface PlacedHold {
  readonly accountId: string;
  readonly requestId: string;
  readonly chargeId: string;
  readonly prices: PriceList;
  readonly model: string;
  /** The instant whose prices apply, in epoch milliseconds. */
  readonly pricedAt: number;
  /** Our own cap on completion tokens per choice; undefined when the client's stands. */
  readonly cap: number | undefined;
  /** The largest counts that an answer can have. */
  readonly limits: CountLimits;
  /** The usage it was placed for. */
  readonly bound: Bound;
  readonly tokens: TokenCounter;
}

/** What a provider returned for a hold. */
export interface BillableAnswer {
  /** The usage block as the provider sent it. */
  readonly usage: JsonValue | undefined;
  readonly readUsage: ReadUsage;
  /** Whether it is known to say nothing. */
  readonly empty?: boolean | undefined;
  /** Whether the provider bills nothing for it. */
  readonly unbilled?: boolean | undefined;
  readonly provider: string;
  readonly upstreamModel: string;
  readonly attempts: readonly Attempt[];
  /** Set when we ended the answer before it was whole: what was delivered is charged. */
  readonly cutOff?: { readonly why: CutOff; readonly delivery: Delivery };
}

/** What is known of a call that is not charged: all attempts, and the answer, if there was one. */
type Uncharged = Pick<BillableAnswer, 'attempts'> &
  Partial<Pick<BillableAnswer, 'usage' | 'provider' | 'upstreamModel'>>;

type PlaceHold = Extract<AccountCommand, { type: 'PlaceHold' }>;

/** How long it may take to settle a call. */
const SETTLE_MS = 20_000;

/** Places, settles and releases holds, for every kind of call. Every method resolves only when its events are durable. */
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
    const now = this.clock.now();
    const prices = this.priceBook.inForce(now);
    if (!prices?.bands.has(model.id))
      throw modelNotFound(`The model "${model.id}" has no price here, so it can’t be called.`);
    const quote = new Quote(demand, model, prices);
    const outcome = await this.#placeInTime(
      accountId,
      {
        type: 'PlaceHold',
        commandId: `${chargeId}/hold`,
        at: now,
        chargeId,
        requestId,
        keyId: caller.keyId,
        model: model.id,
        aliases: model.aliases,
        priceVersion: prices.version,
        amount: (room, at) => quote.amount(room, at),
        ttlMs: this.#holdTtlMs,
        parallelRequests: this.config.KEY_PARALLEL_REQUESTS,
      },
      giveUpAt,
    );
    if (outcome instanceof Rejection) {
      const { code, details } = outcome;
      throw code === 'insufficient_balance' ? quote.refusal(usd(details['available'] ?? '0')) : errorOf(outcome);
    }
    const placed = outcome[0]?.data as AccountEventData<'HoldPlaced'>;
    const cap = quote.capOf(usd(placed.amount));
    return {
      accountId,
      requestId,
      chargeId,
      prices,
      model: model.id,
      pricedAt: fromInstant(placed.clock ?? placed.at),
      cap: cap === demand.maxTokens ? undefined : cap,
      limits: limitsOf(demand, model, cap),
      bound: { promptTokens: demand.input.promptTokens, completionTokens: cap * demand.choices },
      tokens,
    };
  }

  /** A hold outlives its call: after the time limit of the request its client may still stall, and then it takes time to settle. */
  get #holdTtlMs(): number {
    return this.config.REQUEST_TIMEOUT_MS + this.config.CLIENT_STALL_TIMEOUT_MS + SETTLE_MS;
  }

  /**
   * Another process whose clock is ahead may have moved the account's time on, and then the hold is refused and not stored. The refusal has
   * brought the newest state, so a second attempt goes by that.
   */
  async #placeInTime(accountId: string, command: PlaceHold, giveUpAt: number) {
    const outcome = await this.#place(accountId, command, giveUpAt);
    const isStale = outcome instanceof Rejection && outcome.code === 'stale_command';
    return isStale ? await this.#place(accountId, command, giveUpAt) : outcome;
  }

  /** Passes on the account's time as it is known here. Nothing is forwarded for a hold that was given up. If it is stored after all, it is released again. */
  async #place(accountId: string, command: PlaceHold, giveUpAt: number): Promise<readonly AccountEvent[] | Rejection> {
    const turnNow = (state: AccountState) => turnAt(state, command.at);
    const turn = this.accounts.known(accountId, turnNow) ?? (await this.accounts.read(accountId, turnNow));
    const placing = this.accounts.decide(accountId, { ...command, turn }, { giveUpAt });
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
   * Charges what the provider counted. Releases the hold as `refused_by_provider` when the provider bills nothing for that, and as
   * `usage_unknown` when the count is missing or can't be true. Returns the cost, if charged.
   * @throws ApiError 503 when the ledger can't be reached: it is then charged or released later.
   */
  async settle(hold: PlacedHold, answered: BillableAnswer): Promise<Amount | undefined> {
    const { usage: raw, attempts, provider, upstreamModel, cutOff } = answered;
    if (answered.unbilled === true) {
      await this.release(hold, 'refused_by_provider', 'it refused before any output, which it does not bill', answered);
      return undefined;
    }
    const counted = billable(answered, hold.limits);
    const { usage, estimated } =
      cutOff === undefined ? { usage: counted } : usageOfPart(counted, cutOff.delivery, hold.bound);
    if (usage instanceof UsageFault) {
      await this.release(hold, 'usage_unknown', usage.message, answered);
      return undefined;
    }
    const counting = hold.tokens.used(usage.totalTokens);
    const { price, cost } = rate(hold.prices, hold.model, usage, hold.pricedAt);
    await this.#durably(hold, {
      type: 'SettleHold',
      commandId: `${hold.chargeId}/settle`,
      at: this.clock.now(),
      chargeId: hold.chargeId,
      cost: price,
      providerCost: cost,
      usage,
      usageRaw: counted instanceof UsageFault ? blockOf(raw) : (raw as JsonObject),
      provider,
      upstreamModel,
      attempts,
      ...(cutOff && estimated && { estimated: cutOff.why }),
    });
    await counting; // the next call of this client finds it counted
    return price;
  }

  /** @throws ApiError 503 when the ledger can't be reached: it is then released later. */
  async release(
    hold: PlacedHold,
    reason: ReleaseReason,
    detail: string,
    { attempts, usage, provider, upstreamModel }: Uncharged,
  ): Promise<void> {
    const counting = hold.tokens.used(0);
    const answer = { ...keptUsage(usage), ...(provider && { provider }), ...(upstreamModel && { upstreamModel }) };
    await this.#durably(hold, { ...this.#release(hold.chargeId, reason, detail), attempts, ...answer });
    await counting;
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

/** What is stored as the usage block of a charge for an answer that was cut off, whose provider may not have counted anything yet. */
const blockOf = (raw: JsonValue | undefined): JsonObject => {
  const { usageRaw } = keptUsage(raw);
  return isJsonObject(usageRaw) ? usageRaw : {};
};
