// A whole answer of Anthropic as a chat completion. https://platform.claude.com/docs/en/api/messages
import type { JsonObject } from '../../../../kernel/index.js';
import { type AnswerContext, type TranslatedAnswer, Untranslatable } from '../../wire.js';
import { objectIn, objectsOf, textIn } from '../../json.js';
import { reasoningDetail } from '../reasoning.js';
import { finishReasonOf, isUnbilledAnswer, stopSequenceOf } from '../stop-reasons.js';
import { chatUsage } from '../usage.js';

/** @throws Untranslatable when it is not an answer. */
export function chatCompletion(message: JsonObject, { id, created, model }: AnswerContext): TranslatedAnswer {
  if (!Array.isArray(message['content'])) throw new Untranslatable('the answer has no content');
  const raw = message['usage'] ?? undefined;
  const usage = chatUsage(raw);
  const choice = {
    index: 0,
    message: chatMessage(message),
    logprobs: null,
    finish_reason: finishReasonOf(message['stop_reason']),
    ...stopSequenceOf(message),
  };
  const body = { id, object: 'chat.completion', created, model, choices: [choice], ...(usage && { usage }) };
  return { body, usage: raw, ...(isUnbilledAnswer(message) && { unbilled: true }) };
}

function chatMessage(message: JsonObject): JsonObject {
  const blocks = objectsOf(message['content']);
  const text = joined(blocks, 'text');
  const thoughts = joined(blocks, 'thinking');
  const details = blocks.map(reasoningDetail).filter((detail) => detail !== undefined);
  const calls = blocks.filter(({ type }) => type === 'tool_use').map(toolCall);
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: refusalOf(message) ?? null,
    ...(thoughts !== '' && { reasoning_content: thoughts }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** The text of all blocks of a type; the text field has the same name as the type. */
const joined = (blocks: readonly JsonObject[], kind: 'text' | 'thinking'): string =>
  blocks
    .filter(({ type }) => type === kind)
    .map((block) => textIn(block, kind) ?? '')
    .join('');

const toolCall = (block: JsonObject): JsonObject => ({
  id: textIn(block, 'id') ?? '',
  type: 'function',
  function: { name: textIn(block, 'name') ?? '', arguments: JSON.stringify(block['input'] ?? {}) },
});

/** Why the model declined, in Anthropic's words, if it says so. */
export const refusalOf = (message: JsonObject): string | undefined => {
  const details = objectIn(message, 'stop_details');
  return message['stop_reason'] === 'refusal' && details !== undefined ? textIn(details, 'explanation') : undefined;
};
