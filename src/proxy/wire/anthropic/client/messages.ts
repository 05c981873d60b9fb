// The messages of a Messages request as chat messages.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import type { Placed } from '../blocks.js';
import { contentOf, reasoningBack, SEE_BELOW, takesReasoning } from '../../chat.js';
import { textIn } from '../../json.js';
import { callIdFor, toolName } from '../../openai.js';
import { unsealed } from '../../reasoning-details.js';
import { ordered } from '../../turn-order.js';
import { partsOf, placed, textsOf } from './content.js';

/** @throws Untranslatable */
export function chatMessages(body: JsonObject, model: string): readonly JsonObject[] {
  const { messages } = body;
  if (!Array.isArray(messages)) throw new Untranslatable('"messages" must be a list of messages.', 'messages');
  const turns = (messages as readonly JsonValue[]).flatMap((message, index) =>
    turnMessages(message, `messages[${index}]`, model),
  );
  return ordered(model, [...systemMessages(body['system'], 'system'), ...turns]);
}

function turnMessages(message: JsonValue, at: string, model: string): readonly JsonObject[] {
  if (!isJsonObject(message)) throw new Untranslatable(`"${at}" must be an object with "role" and "content".`, at);
  const content = `${at}.content`;
  switch (textIn(message, 'role') ?? '') {
    case 'user':
      return userMessages(placed(message['content'], content), model);
    case 'assistant':
      return assistantMessages(placed(message['content'], content), model);
    case 'system':
      return systemMessages(message['content'], content);
    default:
      throw new Untranslatable(`"${at}.role" must be user, assistant or system.`, `${at}.role`);
  }
}

function systemMessages(content: JsonValue | undefined, at: string): readonly JsonObject[] {
  const text = textsOf(content, at);
  return text === '' ? [] : [{ role: 'system', content: text }];
}

/**
 * Tool results become messages of their own, before the user's text. Their images join the user message, because a tool
 * message holds only text.
 */
function userMessages(blocks: readonly Placed[], model: string): readonly JsonObject[] {
  const results = blocks.filter(({ block }) => block['type'] === 'tool_result').map((one) => toolResult(one, model));
  const said = blocks.filter(({ block }) => block['type'] !== 'tool_result').flatMap(partsOf);
  const parts = [...results.flatMap(({ media }) => media), ...said];
  return [
    ...results.map(({ message }) => message),
    ...(parts.length > 0 ? [{ role: 'user', content: contentOf(parts) }] : []),
  ];
}

function toolResult(
  { block, at }: Placed,
  model: string,
): { readonly message: JsonObject; readonly media: readonly JsonObject[] } {
  const parts = placed(block['content'], `${at}.content`).flatMap(partsOf);
  const media = parts.filter(({ type }) => type !== 'text');
  const text = parts.flatMap((part) => textIn(part, 'text') ?? []).join('\n\n');
  const shown = text === '' && media.length > 0 ? SEE_BELOW : text;
  const content = block['is_error'] === true ? `Error: ${shown}` : shown;
  const tool_call_id = callIdFor(model, textIn(block, 'tool_use_id') ?? '');
  return { message: { role: 'tool', tool_call_id, content }, media };
}

function assistantMessages(blocks: readonly Placed[], model: string): readonly JsonObject[] {
  const text = joined(blocks, 'text');
  const thoughts = takesReasoning(model) ? joined(blocks, 'thinking') : '';
  const details = takesReasoning(model) ? [] : blocks.flatMap(({ block }) => unsealed(textIn(block, 'signature')));
  const calls = blocks.filter(({ block }) => block['type'] === 'tool_use').map((one) => toolCall(one, model));
  const unknown = blocks.find(({ block }) => !KNOWN.test(textIn(block, 'type') ?? ''));
  if (unknown !== undefined) {
    const type = JSON.stringify(unknown.block['type'] ?? null);
    throw new Untranslatable(`This model can’t be shown ${unknown.at} of type ${type}.`, unknown.at);
  }
  if (text === '' && thoughts === '' && calls.length === 0) return [];
  return [
    {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      ...reasoningBack(model, thoughts),
      ...(details.length > 0 && { reasoning_details: details }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
  ];
}

/**
 * Only Anthropic can read redacted thinking. What its own tools did in a conversation that changed its model has no place in a chat: the tools
 * that a search found are offered anyway, and what was read is told in the text behind it (https://github.com/stdapi-ai/stdapi.ai/issues/219).
 */
const KNOWN = /^(?:text|(?:redacted_)?thinking|tool_use|(?:server|mcp)_tool_use|\w+_tool_result)$/;

/** The text of all blocks of a type; the text field has the same name as the type. */
const joined = (blocks: readonly Placed[], kind: 'text' | 'thinking'): string =>
  blocks.map(({ block }) => (block['type'] === kind ? (textIn(block, kind) ?? '') : '')).join('');

const toolCall = ({ block }: Placed, model: string): JsonObject => ({
  id: callIdFor(model, textIn(block, 'id') ?? ''),
  type: 'function',
  function: { name: toolName(textIn(block, 'name') ?? ''), arguments: JSON.stringify(block['input'] ?? {}) },
});
