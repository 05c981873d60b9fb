// Reasoning of OpenAI's models: how much a chat asks for, and the encrypted part of it, which goes to the client in an entry of
// `reasoning_details` as OpenRouter has it, and back. Without ids: nothing is stored that they could be looked up by, and items with ids must
// come back just as they were (https://ai.pydantic.dev/models/openai, openai_send_reasoning_ids). Codex sends none either.
import type { JsonObject } from '../../../../kernel/index.js';
import { defined, objectIn, textIn } from '../../json.js';
import { reasoningConfigOf } from '../../reasoning-config.js';
import { isOpenAiDetail, OPENAI_FORMAT } from '../../reasoning-details.js';

/** The entry of an item; undefined where it is not reasoning, or has nothing that must come back. */
export function reasoningDetail(item: JsonObject, index: number): JsonObject | undefined {
  const data = item['type'] === 'reasoning' ? textIn(item, 'encrypted_content') : undefined;
  return data ? { type: 'reasoning.encrypted', data, format: OPENAI_FORMAT, index } : undefined;
}

/** The item of an entry; undefined for those of other makers. */
export function reasoningItem(detail: JsonObject): JsonObject | undefined {
  const data = isOpenAiDetail(detail) ? textIn(detail, 'data') : undefined;
  return data ? { type: 'reasoning', summary: [], encrypted_content: data } : undefined;
}

/**
 * A summary is asked for where the client wants to see the reasoning, which OpenAI's own field for a chat can't say: an organization must be
 * verified for summaries (https://github.com/continuedev/continue/pull/12047). @throws Untranslatable for an unknown effort.
 */
export function reasoningOf(chat: JsonObject): JsonObject | undefined {
  const { on, level, hidden } = reasoningConfigOf(chat);
  const asked = objectIn(chat, 'reasoning') ?? objectIn(chat, 'thinking');
  const kind = asked && (textIn(asked, 'summary') ?? (on === true ? 'auto' : undefined));
  const summary = hidden || on === false ? undefined : kind;
  const reasoning = defined({ effort: on === false ? 'none' : level, summary });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}
