// How much reasoning a chat requests: OpenAI's `reasoning_effort`, OpenRouter's `reasoning`
// (https://openrouter.ai/docs/use-cases/reasoning-tokens), or the `thinking` field of Anthropic, DeepSeek and Zhipu.
import type { JsonObject } from '../../kernel/index.js';
import { numberIn, objectIn } from './json.js';
import { Untranslatable } from './wire.js';

/** The reasoning settings of a request; undefined fields were not set. */
export interface ReasoningConfig {
  readonly on: boolean | undefined;
  readonly level: Exclude<Level, 'none'> | undefined;
  /** In tokens. */
  readonly budget: number | undefined;
  readonly hidden: boolean;
}

const LEVELS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
type Level = (typeof LEVELS)[number];

/** The token budgets that Google publishes for these levels; beyond 32,768 Anthropic recommends batches. */
export const BUDGETS: Readonly<Record<Exclude<Level, 'none'>, number>> = {
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

/** @throws Untranslatable for an unknown level. */
export function reasoningConfigOf(chat: JsonObject): ReasoningConfig {
  const reasoning = objectIn(chat, 'reasoning') ?? {};
  const own = objectIn(chat, 'thinking') ?? {};
  const named = chat['reasoning_effort'] ?? reasoning['effort'] ?? undefined;
  const level = LEVELS.find((known) => known === named);
  if (named !== undefined && level === undefined) {
    throw new Untranslatable(`"reasoning_effort" must be one of ${LEVELS.join(', ')}.`, 'reasoning_effort');
  }
  const budget = numberIn(own, 'budget_tokens') ?? numberIn(reasoning, 'max_tokens');
  const off = level === 'none' || own['type'] === 'disabled' || reasoning['enabled'] === false;
  const isOn =
    level !== undefined || budget !== undefined || own['type'] !== undefined || reasoning['enabled'] === true;
  return {
    on: off ? false : isOn || undefined,
    level: level === 'none' ? undefined : level,
    budget: budget === undefined ? undefined : Math.floor(budget),
    hidden: reasoning['exclude'] === true || own['display'] === 'omitted',
  };
}
