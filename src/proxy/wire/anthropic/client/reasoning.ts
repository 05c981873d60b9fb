// How to request reasoning from each maker in its own chat completions, and which makers accept reasoning back. A wrong
// field causes a 400, so a model of an unknown maker gets no field.
import type { JsonObject } from '../../../../kernel/index.js';
import { numberIn, objectIn } from '../../json.js';
import { isReasoningModel } from '../../openai.js';
import { EFFORTS } from '../models.js';

/** OpenAI's reasoning models and Gemini's thinking ones: https://ai.google.dev/gemini-api/docs/openai#thinking */
const BY_EFFORT = /^(?:gpt-[5-9]|o\d|gemini-(?:2\.5|[3-9]))/;
/** DeepSeek, Zhipu and Moonshot use `thinking: {type}` in chat completions, like Anthropic. */
const BY_SWITCH = /^(?:deepseek-(?!chat|reasoner)|glm-(?:4\.[5-9]|[5-9])|kimi-k(?:2\.[5-9]|[3-9]))/;

/** Whether the client turned thinking on or off; undefined when it said nothing. */
function thinkingSwitch(body: JsonObject): 'on' | 'off' | undefined {
  const type = objectIn(body, 'thinking')?.['type'];
  if (type === 'disabled') return 'off';
  return type === 'enabled' || type === 'adaptive' ? 'on' : undefined;
}

/** @returns the fields that request as much reasoning as the client wants. */
export function reasoningFields(model: string, body: JsonObject): JsonObject {
  const thinking = thinkingSwitch(body);
  if (BY_SWITCH.test(model))
    return thinking === undefined ? {} : { thinking: { type: thinking === 'on' ? 'enabled' : 'disabled' } };
  // The lowest effort differs between models; where no level fits all, the model decides.
  if (!BY_EFFORT.test(model) || thinking === 'off') return {};
  const effort = effortOf(body) ?? (thinking === 'on' ? 'medium' : undefined);
  const isShown = thinking === 'on' && objectIn(body, 'thinking')?.['display'] !== 'omitted' && isReasoningModel(model);
  return {
    ...(effort !== undefined && { reasoning_effort: effort }),
    ...(isShown && { reasoning: { summary: 'auto' } }),
  };
}

/** Not all models know levels above high, so those become high. A budget becomes the level with that budget. */
function effortOf(body: JsonObject): string | undefined {
  const effort = EFFORTS.findIndex((level) => level === objectIn(body, 'output_config')?.['effort']);
  if (effort !== -1) return EFFORTS[Math.min(effort, 2)];
  const budget = numberIn(objectIn(body, 'thinking') ?? {}, 'budget_tokens');
  if (budget === undefined) return undefined;
  return budget < 8_192 ? 'low' : budget < 24_576 ? 'medium' : 'high';
}

/**
 * Whether to show the reasoning: unless the client turned thinking off, since Anthropic's own models think by default.
 */
export const showsThinking = (request: JsonObject): boolean => thinkingSwitch(request) !== 'off';
