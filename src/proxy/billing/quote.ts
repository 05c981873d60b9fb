// The amount to hold for a request: its largest possible cost, under a cap on completion tokens that leaves credit for other calls.
import { type Amount, formatUsd, picoUsd } from '../../kernel/index.js';
import { insufficientBalance } from '../../ledger/index.js';
import { ApiError, errorOf } from '../../platform/http/index.js';
import {
  affordableCompletionTokens,
  type CostLine,
  costLines,
  maxCost,
  type Model,
  type PriceList,
} from '../../pricing/index.js';
import type { Demand } from './demand.js';

/** A cap of ours leaves this much for an answer, per choice. Nearly all answers are shorter. */
const LEAST_ANSWER_TOKENS = 8_192;

/**
 * The largest cost of a request at the prices of the moment at which its amount was asked for last. Few answers come near the client's cap (agents ask for all that
 * the model can do). Where a hold for it would take more than half of the available credit, a lower cap is sent, and held for.
 */
export class Quote {
  #lines: readonly CostLine[] = [];

  constructor(
    private readonly demand: Demand,
    private readonly model: Model,
    private readonly prices: PriceList,
  ) {}

  /** The amount to hold at an instant when `room` is available. If it is more than `room`, the request is refused. */
  amount(room: Amount, at: number): Amount {
    this.#lines = costLines(this.prices, this.model.id, this.demand.input, at);
    return this.#cost(this.#cap(room));
  }

  /** The cap that an amount was held for, in completion tokens per choice. */
  capOf(amount: Amount): number {
    return Math.min(this.#most, this.#affordable(amount));
  }

  /** A 402 that names the cost, the balance and an affordable cap. */
  refusal(credit: Amount): ApiError {
    const { maxTokens, capField } = this.demand;
    const cost = this.#cost(maxTokens ?? 1);
    const tokens = Math.min(this.model.maxOutputTokens, this.#affordable(credit));
    const way =
      maxTokens === undefined || capField === undefined || tokens < 1
        ? 'Top up to go on.'
        : `With ${capField} of at most ${tokens} instead of ${maxTokens} it can go ahead; or top up.`;
    const message = `This request may cost up to $${formatUsd(cost)}; $${formatUsd(credit)} of credit is available. ${way}`;
    const { options } = errorOf(insufficientBalance(cost, credit));
    return new ApiError({ ...options, message, param: maxTokens === undefined ? undefined : capField });
  }

  /** The most completion tokens per choice that the request can be given. */
  get #most(): number {
    return this.demand.maxTokens ?? this.model.maxOutputTokens;
  }

  #cap(room: Amount): number {
    const { maxTokens, capField, thinkingTokens = 0 } = this.demand;
    if (capField === undefined) return this.#most; // no other cap can be sent
    const half = this.#affordable(picoUsd(room / 2n));
    const cap = Math.min(this.#most, Math.max(half, thinkingTokens + LEAST_ANSWER_TOKENS));
    if (maxTokens !== undefined || this.#cost(cap) <= room) return cap;
    return Math.max(1, this.#affordable(room)); // the client set no cap, so ours may be as small as needed
  }

  /** The most it can cost with `cap` completion tokens per choice. */
  #cost(cap: number): Amount {
    return maxCost(this.#lines, cap * this.demand.choices);
  }

  /** In completion tokens per choice; negative when not even the prompt is affordable. */
  #affordable(credit: Amount): number {
    return Math.floor(affordableCompletionTokens(this.#lines, credit) / this.demand.choices);
  }
}
