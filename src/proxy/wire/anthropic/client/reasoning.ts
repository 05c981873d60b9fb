// How each maker is asked to think in its own chat completions, and who takes its reasoning back. A wrong field is a 400 there, so a
// model of unknown kin is asked for nothing.
import type { JsonObject } from '../../../../kernel/index.js';
import { numberIn, objectIn } from '../../json.js';
import { EFFORTS } from '../models.js';

/** OpenAI's reasoning models and Gemini's thinking ones: https://ai.google.dev/gemini-api/docs/openai#thinking */
const BY_EFFORT = /^(?:gpt-[5-9]|o\d|gemini-(?:2\.5|[3-9]))/;
/** DeepSeek, Zhipu and Moonshot have `thinking: {type}` in their chat completions, as Anthropic does. */
const BY_SWITCH = /^(?:deepseek-(?!chat|reasoner)|glm-(?:4\.[5-9]|[5-9])|kimi-k(?:2\.[5-9]|[3-9]))/;

/** Whether the client wants no thinking, some, or says nothing. */
function wishOf(body: JsonObject): 'on' | 'off' | undefined {
  const type = objectIn(body, 'thinking')?.['type'];
  if (type === 'disabled') return 'off';
  return type === 'enabled' || type === 'adaptive' ? 'on' : undefined;
}

/** @returns the fields that ask a model to think as much as the client wants. */
export function reasoningFields(model: string, body: JsonObject): JsonObject {
  const wish = wishOf(body);
  if (BY_SWITCH.test(model))
    return wish === undefined ? {} : { thinking: { type: wish === 'on' ? 'enabled' : 'disabled' } };
  // The lowest effort differs from model to model; what can't be named for all is left to the model.
  if (!BY_EFFORT.test(model) || wish === 'off') return {};
  const effort = effortOf(body) ?? (wish === 'on' ? 'medium' : undefined);
  return effort === undefined ? {} : { reasoning_effort: effort };
}

/** Levels above high are not known by all models: they become high. Of a budget, the level whose budget it comes to. */
function effortOf(body: JsonObject): string | undefined {
  const effort = EFFORTS.findIndex((level) => level === objectIn(body, 'output_config')?.['effort']);
  if (effort !== -1) return EFFORTS[Math.min(effort, 2)];
  const budget = numberIn(objectIn(body, 'thinking') ?? {}, 'budget_tokens');
  if (budget === undefined) return undefined;
  return budget < 8_192 ? 'low' : budget < 24_576 ? 'medium' : 'high';
}

/** Whether the reasoning is to be shown: unless the client turned thinking off, as Anthropic's own models think unasked. */
export const showsThinking = (request: JsonObject): boolean => wishOf(request) !== 'off';
