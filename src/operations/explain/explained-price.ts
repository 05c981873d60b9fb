// The price rule of a usage, and each of its multiplications.
import { countOf, formatUsd, fromInstant, picoUsd } from '../../kernel/index.js';
import type { AccountEventData } from '../../ledger/index.js';
import { compilePriceList, type PriceVersion, rateLines, ruleOf } from '../../pricing/index.js';
import type * as dto from './explained-price.dto.js';

type Priced = Pick<
  AccountEventData<'TokensCharged' | 'ChargeRerated'>,
  'priceVersion' | 'model' | 'usage' | 'pricedAt'
>;

export interface Pricing {
  readonly price: dto.ExplainedPrice;
  readonly lines: readonly dto.ExplainedLine[];
}

/** @param because why it is this version, as the end of a sentence about it */
export function pricingOf(versions: readonly PriceVersion[], priced: Priced, because: string): Pricing {
  const { priceVersion, model, usage, pricedAt } = priced;
  const published = versions[priceVersion - 1];
  if (published === undefined) throw new Error(`the ledger has no price list ${priceVersion}`);
  const list = compilePriceList(published);
  const at = fromInstant(pricedAt);
  const { from, to, window } = ruleOf(list, model, usage, at);
  const prompt_to = to === Infinity ? null : to;
  const band = prompt_to === null ? `from ${from} tokens on` : `of ${from} to ${prompt_to} tokens`;
  const time = window === undefined ? '' : `, in the time window ${window} (UTC)`;
  const why =
    `Price list ${priceVersion}, in force from ${published.effectiveFrom}, ${because}. ` +
    `The prompt has ${countOf(usage.promptTokens, 'token')}: the prices of ${model} for prompts ${band} apply${time}.`;
  const { effectiveFrom: effective_from } = published;
  const price = { version: priceVersion, effective_from, priced_at: pricedAt, prompt_from: from, prompt_to, why };
  return { price: { ...price, window: window ?? null }, lines: rateLines(list, model, usage, at).map(lineOf) };
}

const dollars = (pico: bigint): string => formatUsd(picoUsd(pico));

const lineOf = (line: ReturnType<typeof rateLines>[number]): dto.ExplainedLine => ({
  kind: line.kind,
  count: String(line.count),
  rate: dollars(line.priceRate),
  amount: dollars(line.price),
  provider_rate: dollars(line.costRate),
  provider_amount: dollars(line.cost),
});
