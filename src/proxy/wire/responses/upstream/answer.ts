// A whole response as a chat completion. https://developers.openai.com/api/reference/resources/responses
import type { JsonObject, JsonValue } from '../../../../kernel/index.js';
import { normaliseResponses } from '../../../../pricing/index.js';
import { chatUsageOf } from '../../chat-usage.js';
import { objectIn, objectsOf, textIn } from '../../json.js';
import { type AnswerContext, type TranslatedAnswer, Untranslatable } from '../../wire.js';
import { reasoningDetail } from './reasoning.js';
import { chatCall, kindOfItem, writtenIn } from './tools.js';

/** Between two messages, and between two paragraphs of reasoning: a chat has one text of each. */
export const BREAK = '\n\n';

/** The usage in OpenAI's shape of a chat; undefined when it can't be billed. */
export const chatUsage = (raw: JsonValue | undefined): JsonObject | undefined => chatUsageOf(raw, normaliseResponses);

/** @throws Untranslatable when it is not an answer. */
export function chatCompletion(response: JsonObject, { id, created, model }: AnswerContext): TranslatedAnswer {
  const { output, status } = response;
  if (!Array.isArray(output)) throw new Untranslatable('the answer has no output');
  if (status !== 'completed' && status !== 'incomplete') throw new Untranslatable('the answer has not ended');
  const raw = response['usage'] ?? undefined;
  const usage = chatUsage(raw);
  const items = objectsOf(output);
  const message = messageOf(items);
  const logprobs = partsOf(items).flatMap((part) => objectsOf(part['logprobs']));
  const choice = {
    index: 0,
    message,
    logprobs: logprobsOf(logprobs),
    finish_reason: finishReasonOf(response, message['tool_calls'] !== undefined),
  };
  const body = { id, object: 'chat.completion', created, model, choices: [choice], ...(usage && { usage }) };
  return { body, usage: raw };
}

/** Both APIs have the same format for token probabilities. */
export const logprobsOf = (logprobs: readonly JsonObject[]): JsonObject | null =>
  logprobs.length === 0 ? null : { content: logprobs, refusal: null };

/** Why a response ended that is complete or not. */
export function finishReasonOf(response: JsonObject, hasCalls: boolean): string {
  if (response['status'] !== 'incomplete') return hasCalls ? 'tool_calls' : 'stop';
  return objectIn(response, 'incomplete_details')?.['reason'] === 'content_filter' ? 'content_filter' : 'length';
}

/** What an annotation of a text cites, in an object of its own; undefined for files, which a chat does not cite. */
export function citationOf({ type, ...cited }: JsonObject): JsonObject | undefined {
  return type === 'url_citation' ? { type, url_citation: cited } : undefined;
}

/** The message that items of the output are. */
export function messageOf(items: readonly JsonObject[]): JsonObject {
  const parts = partsOf(items);
  const text = messagesIn(items)
    .map((item) => textsOf(objectsOf(item['content']), 'output_text').join(''))
    .filter((said) => said !== '')
    .join(BREAK);
  const refusal = parts.map((part) => (part['type'] === 'refusal' ? (textIn(part, 'refusal') ?? '') : '')).join('');
  const thoughts = items.filter(({ type }) => type === 'reasoning').flatMap(thoughtsIn);
  const details = items.map(reasoningDetail).filter((detail) => detail !== undefined);
  const citations = parts
    .flatMap((part) => objectsOf(part['annotations']))
    .map(citationOf)
    .filter((cited) => cited !== undefined);
  const calls = items.flatMap((item) => {
    const kind = kindOfItem(item);
    return kind === undefined ? [] : [chatCall(kind, item, writtenIn(kind, item))];
  });
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(citations.length > 0 && { annotations: citations }),
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join(BREAK) }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

const messagesIn = (items: readonly JsonObject[]): readonly JsonObject[] =>
  items.filter(({ type }) => type === 'message');

const partsOf = (items: readonly JsonObject[]): readonly JsonObject[] =>
  messagesIn(items).flatMap((item) => objectsOf(item['content']));

const textsOf = (parts: readonly JsonObject[], type: string): readonly string[] =>
  parts.flatMap((part) => (part['type'] === type ? [textIn(part, 'text') ?? ''] : [])).filter((text) => text !== '');

/** The paragraphs of an item: its summary, or the reasoning itself, as models with open weights tell it. */
function thoughtsIn(item: JsonObject): readonly string[] {
  const summary = textsOf(objectsOf(item['summary']), 'summary_text');
  return summary.length > 0 ? summary : textsOf(objectsOf(item['content']), 'reasoning_text');
}
