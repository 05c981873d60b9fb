// How much the model thinks. Effort maps as in Google's OpenAI-compatible endpoint
// (https://ai.google.dev/gemini-api/docs/openai#thinking). Thoughts are completion tokens and count towards its cap.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { BUDGETS, type ReasoningConfig, reasoningConfigOf } from '../reasoning-config.js';
import { budgetsOf, isGemini3, leastThinking } from './model.js';

/** The field names of Google's endpoint. */
const SETTINGS = new Map([
  ['thinking_level', 'thinkingLevel'],
  ['thinking_budget', 'thinkingBudget'],
  ['include_thoughts', 'includeThoughts'],
]);

/** `thinkingConfig`, if the chat has a setting for it. @throws Untranslatable */
export function thinkingOf(chat: JsonObject, model: string): JsonObject | undefined {
  const reasoning = reasoningConfigOf(chat);
  const config = configOf(chat['extra_body']);
  if (reasoning.on === undefined) return config;
  const field = ['reasoning_effort', 'reasoning', 'thinking'].find((name) => (chat[name] ?? null) !== null);
  if (config !== undefined)
    throw new Untranslatable(`"${field}" and "extra_body.google.thinking_config" can’t both be set.`, field);
  return isGemini3(model) ? byLevel(reasoning, model) : byBudget(reasoning, model);
}

/** For Gemini 3 and later. A budget becomes the level with that budget; without either, the model's default applies. */
function byLevel({ on, level, budget, hidden }: ReasoningConfig, model: string): JsonObject {
  if (on === false) return { thinkingLevel: leastThinking(model) };
  const requested = level ?? (budget === undefined ? undefined : levelOf(budget));
  const thinkingLevel =
    requested === 'minimal' ? leastThinking(model) : requested && HIGHEST.has(requested) ? 'high' : requested;
  return { ...(thinkingLevel !== undefined && { thinkingLevel }), includeThoughts: !hidden };
}

const HIGHEST: ReadonlySet<string> = new Set(['xhigh', 'max']);

const levelOf = (budget: number): 'low' | 'medium' | 'high' =>
  budget < BUDGETS.medium ? 'low' : budget < BUDGETS.high ? 'medium' : 'high';

function byBudget({ on, level, budget, hidden }: ReasoningConfig, model: string): JsonObject {
  const { least, most } = budgetsOf(model);
  if (on === false) return { thinkingBudget: least };
  const requested = budget ?? (level && BUDGETS[level]);
  const thinkingBudget = requested && Math.max(least, Math.min(requested, most));
  return { ...(thinkingBudget !== undefined && { thinkingBudget }), includeThoughts: !hidden };
}

/**
 * Google's own field. Its `cached_content` is refused like the rest: caches belong to the gateway and are billed by the
 * hour.
 */
function configOf(extra: JsonValue | undefined): JsonObject | undefined {
  const google = onlyField(extra ?? {}, 'google', 'extra_body');
  const config = onlyField(google ?? {}, 'thinking_config', 'extra_body.google');
  if (config === undefined) return undefined;
  const at = 'extra_body.google.thinking_config';
  const settings = Object.entries(objectAt(config, at)).map(([name, value]) => {
    const setting = SETTINGS.get(name);
    if (setting === undefined) throw new Untranslatable(`"${at}.${name}" is not known to this gateway.`, at);
    return [setting, value] as const;
  });
  return Object.fromEntries(settings);
}

/** The only field an object may have. */
function onlyField(value: JsonValue, field: string, at: string): JsonValue | undefined {
  const { [field]: known, ...others } = objectAt(value, at);
  const other = Object.keys(others)[0];
  if (other === undefined) return known;
  throw new Untranslatable(`"${at}.${other}" can’t be used through this gateway: only "${at}.${field}" can.`, at);
}

function objectAt(value: JsonValue, at: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Untranslatable(`"${at}" must be an object.`, at);
}
