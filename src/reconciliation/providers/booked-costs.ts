// What was booked as a channel's cost, for each model and UTC day, in one reading of the log. A provider bills a call on the day on which it
// was made, so its day is that of its hold. Only the sums, and the holds that are open at one point of the log, are in memory. Pure.
import type { RecordedEvent } from '../../event-store/index.js';
import { add, type Amount, dayOf, subtract, usd, ZERO } from '../../kernel/index.js';
import { type AccountEventData, accountOfStream, type Attempt, readAccountEvent } from '../../ledger/index.js';
import { addTokens, lineKey, type Tokens } from './bill.js';
import { channelOfStream, readProviderBillEvent } from './provider-bill.events.js';
import { Suspects } from './explanations.js';

export interface BookedLine {
  readonly day: string;
  /** The name that was sent to the channel. */
  readonly model: string;
  readonly calls: number;
  readonly tokens: Tokens;
  readonly cost: Amount;
}

interface OpenHold {
  readonly day: string;
  readonly model: string;
  readonly amount: Amount;
}

/** Releases of calls that no provider was asked for, or that one refused before it worked on them, cost nothing. */
const FREE = new Set(['not_forwarded', 'refused_by_provider']);

export class BookedCosts {
  readonly #lines = new Map<string, BookedLine>();
  readonly #holds = new Map<string, OpenHold>();
  readonly #suspects = new Suspects();
  /** The models of our price list by what is sent for them. */
  readonly #sent = new Map<string, Set<string>>();

  /** Every channel that a call was sent to. */
  readonly channels = new Set<string>();
  /** How many differences to earlier bills of the channel were booked. */
  bookings = 0;

  constructor(private readonly channel: string) {}

  /** @throws Error for an event that can't be read */
  take(event: RecordedEvent): void {
    if (channelOfStream(event.stream) === this.channel) return this.#corrected(event);
    if (accountOfStream(event.stream) === undefined) return;
    const { type, data } = readAccountEvent(event);
    if (type === 'HoldPlaced')
      this.#holds.set(data.chargeId, { day: dayOf(data.at), model: data.model, amount: usd(data.amount) });
    if (type === 'TokensCharged') this.#charged(data);
    if (type === 'HoldReleased') this.#released(data);
    if (type === 'ChargeRerated') this.#rerated(data);
  }

  /** The sums, and the suspects with the calls that are open now. */
  end(): { readonly lines: readonly BookedLine[]; readonly suspects: Suspects } {
    for (const [chargeId, hold] of this.#holds) this.#suspect({ ...hold, cause: 'open_hold', chargeId });
    this.#holds.clear();
    return { lines: [...this.#lines.values()], suspects: this.#suspects };
  }

  /** What was sent to the channel for a model of the price list; its own name where no charge tells. */
  sentFor(model: string): ReadonlySet<string> {
    return this.#sent.get(model) ?? new Set([model]);
  }

  #charged(data: AccountEventData<'TokensCharged'>): void {
    const { chargeId, model, upstreamModel, usage, pricedAt, at } = data;
    this.#holds.delete(chargeId);
    this.channels.add(data.provider);
    const day = dayOf(pricedAt);
    const call = { day, model, chargeId, amount: usd(data.providerCost) };
    if (data.provider !== this.channel) return this.#failedOver(data.attempts, call);
    const sent = this.#sent.get(model) ?? new Set<string>();
    this.#sent.set(model, sent.add(upstreamModel));
    const tokens = {
      prompt: usage.promptTokens,
      cached: usage.cachedTokens,
      cacheWrite: usage.cacheWriteTokens + usage.cacheWrite1hTokens,
      completion: usage.completionTokens,
    };
    this.#add({ day, model: upstreamModel, calls: 1, tokens, cost: call.amount });
    if (data.estimated !== undefined) this.#suspect({ ...call, cause: 'estimated' });
    if (data.byHand !== undefined) this.#suspect({ ...call, cause: 'by_hand' });
    // What is charged late or by hand ended long before its event.
    else if (data.late === undefined && dayOf(at) !== day)
      for (const on of [day, dayOf(at)]) this.#suspect({ ...call, day: on, cause: 'near_midnight' });
  }

  /** A price list may have another cost at the provider, too; the books take it, so a bill is compared with it. */
  #rerated(data: AccountEventData<'ChargeRerated'>): void {
    const { provider, upstreamModel: model, pricedAt, providerCost, previousProviderCost } = data;
    if (provider !== this.channel || model === undefined) return;
    const cost = subtract(usd(providerCost), usd(previousProviderCost));
    this.#add({ day: dayOf(pricedAt), model, calls: 0, tokens: {}, cost });
  }

  #released({ chargeId, model, provider, attempts = [], reason, at }: AccountEventData<'HoldReleased'>): void {
    const hold = this.#holds.get(chargeId) ?? { day: dayOf(at), model, amount: usd('0') };
    this.#holds.delete(chargeId);
    const call = { ...hold, chargeId };
    const last = provider ?? attempts.at(-1)?.channel;
    if (last !== undefined) this.channels.add(last);
    if (last !== undefined && last !== this.channel) return this.#failedOver(attempts, call);
    if (!FREE.has(reason))
      this.#suspect({ ...call, cause: reason === 'usage_unknown' ? 'usage_unknown' : 'unfinished' });
  }

  #failedOver(attempts: readonly Attempt[], call: Omit<Parameters<Suspects['add']>[0], 'cause'>): void {
    if (attempts.some(({ channel }) => channel === this.channel)) this.#suspect({ ...call, cause: 'failed_over' });
  }

  #suspect(suspect: Parameters<Suspects['add']>[0]): void {
    this.#suspects.add(suspect);
  }

  /** What was booked after an earlier bill is part of what is booked. */
  #corrected(event: RecordedEvent): void {
    const { type, data } = readProviderBillEvent(event);
    if (type !== 'ProviderDifferenceAccepted' || data.resolution !== 'book') return;
    this.bookings++;
    this.#add({ day: data.day, model: data.model, calls: 0, tokens: {}, cost: usd(data.amount) });
  }

  #add({ day, model, calls, tokens, cost }: BookedLine): void {
    const key = lineKey({ day, model });
    const before = this.#lines.get(key) ?? { calls: 0, tokens: {}, cost: ZERO };
    this.#lines.set(key, {
      day,
      model,
      calls: before.calls + calls,
      tokens: addTokens(before.tokens, tokens),
      cost: add(before.cost, cost),
    });
  }
}
