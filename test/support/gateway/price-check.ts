// What a call costs, worked out again from the usage block and the list price, apart from the code that charges.
import { formatUsd, picoUsd, usd } from '../../../src/kernel/index.js';
import { findModel } from '../../../src/pricing/index.js';
import type { Usage } from '../../../sandbox/provider/index.js';

/** A price per million tokens as pico-dollars per token: 10^-12 × 10^6 of a dollar each. */
const perToken = (perMillion: string): bigint => BigInt(usd(perMillion)) / 1_000_000n;

/** The cost of a call of a model that has one price for input, one for cached input and one for output. */
export function costOf(modelId: string, usage: Usage): string {
  const rates = findModel(modelId)?.prices.bands;
  const [band, ...others] = rates ?? [];
  if (band === undefined || others.length > 0) throw new Error(`${modelId} has not exactly one price`);
  const { input, cachedInput = input, output } = band.price;
  const cached = BigInt(usage.prompt_tokens_details.cached_tokens);
  const uncached = BigInt(usage.prompt_tokens) - cached;
  const completion = BigInt(usage.completion_tokens);
  return formatUsd(
    picoUsd(uncached * perToken(input) + cached * perToken(cachedInput) + completion * perToken(output)),
  );
}
