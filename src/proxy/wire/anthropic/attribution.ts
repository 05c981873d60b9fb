// Claude Code begins its system prompt with a line about itself, for Anthropic alone, which is another one in every request. Other makers cache by
// how a prompt begins: with that line in front of it, none of it is ever read from the cache, and every turn costs several times as much
// (https://github.com/anthropics/claude-code/issues/68900, https://github.com/musistudio/claude-code-router/issues/1372).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { textIn } from '../json.js';

const LINE = /^x-anthropic-billing-header:[^\n]*\n*/;

/** A request of the Messages API without that line, for models of other makers. */
export function withoutAttribution(body: JsonObject): JsonObject {
  const { system, ...others } = body;
  if (typeof system !== 'string' && !isJsonArray(system)) return body;
  const kept = typeof system === 'string' ? rest(system) : restOf(system);
  if (kept === system) return body;
  return kept.length === 0 ? others : { ...others, system: kept };
}

const rest = (text: string): string => text.replace(LINE, '');

function restOf(blocks: readonly JsonValue[]): readonly JsonValue[] {
  const [first, ...others] = blocks;
  const text = isJsonObject(first) ? textIn(first, 'text') : undefined;
  if (!isJsonObject(first) || text === undefined || !LINE.test(text)) return blocks;
  return rest(text) === '' ? others : [{ ...first, text: rest(text) }, ...others];
}
