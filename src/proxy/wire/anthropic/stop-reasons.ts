// Why an answer ended, in both vocabularies.
// https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { finishIn } from '../chat.js';
import { objectIn, objectsOf, textIn } from '../json.js';

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

const FINISH: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/**
 * `pause_turn` only occurs with server tools, which are refused; it and unknown reasons end an answer like any other.
 */
export const finishReasonOf = (stopReason: JsonValue | undefined): FinishReason =>
  (typeof stopReason === 'string' && Object.hasOwn(FINISH, stopReason) ? FINISH[stopReason] : undefined) ?? 'stop';

/**
 * The categories of refusals that Anthropic bills although nothing of an answer came before them. All other refusals before any output cost
 * nothing, though their usage counts the prompt. https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback#how-refusals-are-billed
 */
const BILLED_REFUSALS: ReadonlySet<JsonValue | undefined> = new Set(['bio', 'frontier_llm', 'reasoning_extraction']);

/** Whether a message, or the last delta of one, ends in a refusal that is not billed, as long as no block came before it. */
export const isUnbilledRefusal = (ended: JsonObject): boolean =>
  ended['stop_reason'] === 'refusal' && !BILLED_REFUSALS.has(objectIn(ended, 'stop_details')?.['category']);

/** The same of a whole message. */
export const isUnbilledAnswer = (message: JsonObject): boolean =>
  isUnbilledRefusal(message) && objectsOf(message['content']).length === 0;

/** Reasons that hold even when there are calls. */
const CUT = new Set<JsonValue | undefined>(['length', 'content_filter']);

const STOP: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  content_filter: 'refusal',
};

/**
 * `stop_reason` and `stop_sequence` for a choice. vLLM and similar servers put the sequence into the choice's
 * `stop_reason`, and so do we; SGLang has `matched_stop` (https://github.com/agentgateway/agentgateway/pull/3283), both the number of a token
 * where that ended the answer. OpenAI says `stop` where a call was forced
 * (https://platform.openai.com/docs/guides/function-calling), and others say `tool_calls` without any calls; so the
 * calls that are present decide.
 */
export function stopOf(
  choice: JsonObject,
  hasCalls: boolean,
): { readonly stop_reason: string; readonly stop_sequence: string | null } {
  const finish = finishIn(choice);
  const sequence = textIn(choice, 'stop_reason') ?? textIn(choice, 'matched_stop');
  if (hasCalls && !CUT.has(finish)) return { stop_reason: 'tool_use', stop_sequence: null };
  if (finish === 'stop' && sequence !== undefined) return { stop_reason: 'stop_sequence', stop_sequence: sequence };
  const reason = finish !== undefined && Object.hasOwn(STOP, finish) ? STOP[finish] : undefined;
  return { stop_reason: reason ?? 'end_turn', stop_sequence: null };
}

/** The stop sequence that ended a choice, if one did. */
export const stopSequenceOf = (message: JsonObject): JsonObject =>
  message['stop_reason'] === 'stop_sequence' && typeof message['stop_sequence'] === 'string'
    ? { stop_reason: message['stop_sequence'] }
    : {};
