// How much the model thinks. Effort maps as Google's OpenAI-compatible endpoint has it
// (https://ai.google.dev/gemini-api/docs/openai#thinking). Thoughts are tokens of the completion, and within its cap.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { isGemini3, leastThinking } from './model.js';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high'] as const;
type Effort = (typeof EFFORTS)[number];

/** Tokens, for models before Gemini 3. */
const BUDGETS: Readonly<Record<Effort, number>> = { none: 0, minimal: 1_024, low: 1_024, medium: 8_192, high: 24_576 };

/** By the names of Google's endpoint. */
const SETTINGS = new Map([
  ['thinking_level', 'thinkingLevel'],
  ['thinking_budget', 'thinkingBudget'],
  ['include_thoughts', 'includeThoughts'],
]);

/** `thinkingConfig`, when the chat says anything about it. @throws Untranslatable */
export function thinkingOf(chat: JsonObject, model: string): JsonObject | undefined {
  const effort = chat['reasoning_effort'] ?? undefined;
  const config = configOf(chat['extra_body']);
  if (effort === undefined) return config;
  if (config !== undefined)
    throw new Untranslatable(
      '"reasoning_effort" and "extra_body.google.thinking_config" can’t both be set.',
      'reasoning_effort',
    );
  return thinkingFor(effort, model);
}

function thinkingFor(wanted: JsonValue, model: string): JsonObject {
  const effort = EFFORTS.find((known) => known === wanted);
  if (effort === undefined)
    throw new Untranslatable(
      `"reasoning_effort" must be one of ${EFFORTS.join(', ')} for a Gemini model.`,
      'reasoning_effort',
    );
  const isLeast = effort === 'none' || effort === 'minimal';
  const amount = isGemini3(model)
    ? { thinkingLevel: isLeast ? leastThinking(model) : effort }
    : { thinkingBudget: BUDGETS[effort] };
  return effort === 'none' ? amount : { ...amount, includeThoughts: true };
}

/** Google's own field. Its `cached_content` is refused with the rest: caches belong to the gateway, and are billed by the hour. */
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

/** The one field an object may have. */
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
