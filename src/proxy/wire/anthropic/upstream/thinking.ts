// How much a model should think: from OpenAI's `reasoning_effort`, OpenRouter's `reasoning`, or Anthropic's own
// `thinking`. https://platform.claude.com/docs/en/build-with-claude/thinking and /effort
import { isJsonObject, type JsonObject } from '../../../../kernel/index.js';
import { numberIn, objectIn, objectsOf, textIn } from '../../json.js';
import { BUDGETS, type ReasoningConfig, reasoningConfigOf } from '../../reasoning-config.js';
import { type Effort, EFFORTS, type Traits } from '../models.js';

export interface Thinking {
  readonly thinking?: JsonObject;
  readonly effort?: Effort;
}

const MIN_BUDGET = 1_024;

/** `maxTokens` caps thinking and answer together; a `forced` tool call leaves no room for thinking. @throws Untranslatable */
export function thinkingOf(
  chat: JsonObject,
  traits: Traits,
  { maxTokens, forced }: { readonly maxTokens: number; readonly forced: boolean },
): Thinking {
  const { on, level, budget, hidden } = reasoningConfigOf(chat);
  const effort = effortOf(level, traits);
  const own = objectIn(chat, 'thinking');
  if (own !== undefined && takesAsIs(own, traits)) return { thinking: own, ...effort };
  if (on === false || (forced && (on ?? traits.thinksUnasked))) {
    if (traits.off !== undefined) return { thinking: { type: traits.off } };
    return on === false ? { effort: 'low' } : effort;
  }
  if (on === undefined) return {};
  // Recent models hide the thinking text by default; a client that requests reasoning wants to read it, and it costs
  // the same.
  if (traits.thinking === 'adaptive') {
    return { thinking: { type: 'adaptive', display: hidden ? 'omitted' : 'summarized' }, ...effort };
  }
  const tokens = Math.min(budget ?? BUDGETS[level ?? 'medium'], Math.floor(maxTokens / 2));
  if (tokens < MIN_BUDGET || withinUnthoughtTools(chat)) return effort;
  return { thinking: { type: 'enabled', budget_tokens: tokens }, ...effort };
}

/**
 * The same, where thoughts come back to a model that binds them to all that came before them. Clients of other APIs shorten conversations, and
 * change instructions and tools, and have no word for what is to become of the thoughts. So those that fit no longer are dropped, as older models
 * do: https://platform.claude.com/docs/en/build-with-claude/preserved-thinking, https://github.com/anomalyco/opencode/pull/46653
 */
export function droppingUnfit(
  thinking: JsonObject | undefined,
  messages: readonly JsonObject[],
  { bindsThoughts }: Traits,
): JsonObject | undefined {
  const { type = 'adaptive', block_binding: own } = thinking ?? {};
  if (!bindsThoughts || type !== 'adaptive' || own !== undefined || !messages.some(hasThoughts)) return thinking;
  return { ...thinking, type, block_binding: { prefix_mismatch_behavior: 'drop_block' } };
}

const hasThoughts = ({ content }: JsonObject): boolean =>
  objectsOf(content).some(({ type }) => type === 'thinking' || type === 'redacted_thinking');

/** The headers without which the fields of a request are refused. */
export const betasOfRequest = ({ thinking }: JsonObject): Readonly<Record<string, string>> =>
  isJsonObject(thinking) && thinking['block_binding'] !== undefined
    ? { 'anthropic-beta': 'thinking-binding-controls-2026-08-01' }
    : {};

/** Anthropic's own field passes unchanged if the model accepts it; otherwise it is translated like the others. */
function takesAsIs(own: JsonObject, traits: Traits): boolean {
  const type = textIn(own, 'type');
  if (type === 'adaptive') return traits.thinking === 'adaptive';
  if (type === 'enabled') return traits.thinking === 'budget' && numberIn(own, 'budget_tokens') !== undefined;
  return type !== 'disabled' || traits.off === 'disabled';
}

/** The requested level, or the next lower one that the model knows. */
function effortOf(level: ReasoningConfig['level'], { efforts }: Traits): Pick<Thinking, 'effort'> {
  if (level === undefined) return {};
  const most = EFFORTS.indexOf(level === 'minimal' ? 'low' : level);
  const effort = efforts.findLast((known) => EFFORTS.indexOf(known) <= most);
  return effort === undefined ? {} : { effort };
}

/** Thinking by budget can't start between a tool call and its result, unless the call came with thinking too. */
function withinUnthoughtTools(chat: JsonObject): boolean {
  const messages = objectsOf(chat['messages']);
  if (messages.at(-1)?.['role'] !== 'tool') return false;
  const caller = messages.findLast(({ role }) => role === 'assistant');
  return !objectsOf(caller?.['reasoning_details']).some(
    (detail) => textIn(detail, 'signature') || textIn(detail, 'data'),
  );
}
