// Reads `system` and `messages` with Anthropic's own checks: results follow their calls, thinking comes back unchanged,
// cache lifetimes are known. https://platform.claude.com/docs/en/build-with-claude/extended-thinking
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatMessage, ContentPart } from '../chat-request.js';
import { badRequest } from '../errors.js';
import { type Binding, checkThinking, dropsUnfit } from './preserved-thinking.js';
import { checkImage, checkText } from './refusals.js';
import { checkServerResults } from './server-tools.js';

const ROLES = ['user', 'assistant', 'system'];

/** @throws WireError (400) that names the field at fault. */
export function conversationOf(body: JsonObject, bindingAt: Binding): readonly ChatMessage[] {
  const { system, messages, cache_control: ofAll } = body;
  if (!Array.isArray(messages)) throw badRequest('messages: Field required', null);
  if (messages.length === 0) throw badRequest('messages: at least one message is required', null);
  const instructions = blocksOf(system ?? [], 'system').map((block, index) => {
    checkText(block.text, 'system');
    return marked({ role: 'system', content: [block] }, cacheLife(block, `system.${index}`));
  });
  let calls: readonly JsonValue[] = [];
  const ids = new Set<JsonValue>();
  const said = messages.flatMap((message: unknown, index) => {
    const at = `messages.${index}`;
    if (!isJsonObject(message) || !ROLES.includes(String(message.role))) {
      throw badRequest(`${at}.role: Input should be one of ${ROLES.join(', ')}`, null);
    }
    const blocks = blocksOf(message.content, `${at}.content`);
    if (blocks.length === 0)
      throw badRequest(
        `${at}: all messages must have non-empty content except for the optional final assistant message`,
        null,
      );
    checkResults(blocks, calls, at);
    checkIds(blocks, ids, at);
    if (index < messages.length - 1) checkServerResults(blocks, at);
    calls = blocks.filter(({ type }) => type === 'tool_use').map(({ id = '' }) => id);
    const boundTo = dropsUnfit(body) ? undefined : bindingAt(index);
    for (const [place, block] of blocks.entries())
      if (block.type === 'thinking') checkThinking(block, `${at}.content.${place}`, boundTo);
    return messagesOf(String(message.role), blocks, at);
  });
  if (calls.length > 0) throw unanswered(calls, `messages.${messages.length - 1}`);
  const everything = [...instructions, ...said];
  const life = cacheLife({ cache_control: ofAll }, 'body');
  const last = everything.at(-1);
  return life && last ? [...everything.slice(0, -1), marked(last, life)] : everything;
}

/** The cache lifetime of a block, if it has one. @throws WireError (400) */
export function cacheLife({ cache_control: control }: JsonObject, at: string): '5m' | '1h' | undefined {
  if (control === undefined || control === null) return undefined;
  const { type, ttl = '5m' }: JsonObject = isJsonObject(control) ? control : {};
  if (type === 'ephemeral' && (ttl === '5m' || ttl === '1h')) return ttl;
  throw badRequest(`${at}.cache_control: Input should be ephemeral, with a ttl of 5m or 1h`, null);
}

/**
 * One Anthropic message as text and calls, then the results it holds. A cache marker on any block applies to all of
 * them.
 */
function messagesOf(role: string, blocks: readonly ContentPart[], at: string): readonly ChatMessage[] {
  const lives = blocks.map((block, index) => {
    if (block.type === 'text') checkText(block.text, 'messages', role);
    if (block.type === 'image') checkImage(block, `${at}.content.${index}`);
    return cacheLife(block, `${at}.content.${index}`);
  });
  const calls = blocks.filter(({ type }) => type === 'tool_use').map(({ name, input }) => ({ name, input }));
  const content = blocks.filter(
    ({ type }) => !['tool_use', 'tool_result', 'thinking', 'redacted_thinking'].includes(type),
  );
  const results = blocks
    .filter(({ type }) => type === 'tool_result')
    .map((result) => ({ role: 'tool', content: blocksOf(result.content ?? [], `${at}.content`) }));
  const isSaid = content.length > 0 || calls.length > 0;
  const own = { role, content, ...(calls.length > 0 && { tool_calls: calls }) };
  const messages: readonly ChatMessage[] = [...(isSaid ? [own] : []), ...results];
  return messages.map((message, index) =>
    index === messages.length - 1
      ? marked(
          message,
          lives.findLast((life) => life !== undefined),
        )
      : message,
  );
}

const marked = (message: ChatMessage, life: '5m' | '1h' | undefined): ChatMessage =>
  life === undefined ? message : { ...message, cached_for: life };

function blocksOf(content: JsonValue | undefined, at: string): readonly ContentPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  const isList =
    Array.isArray(content) && content.every((block) => isJsonObject(block) && typeof block.type === 'string');
  if (isList) return content as readonly ContentPart[];
  throw badRequest(`${at}: Input should be a string or a list of content blocks`, null);
}

/** As in anthropics/claude-code#28515. */
function checkIds(blocks: readonly ContentPart[], ids: Set<JsonValue>, at: string): void {
  for (const [index, { type, id = '' }] of blocks.entries()) {
    if (type === 'tool_use' && ids.has(id))
      throw badRequest(`${at}.content.${index}: \`tool_use\` ids must be unique`, null);
    if (type === 'tool_use') ids.add(id);
  }
}

/** Every call of the previous message has a result, and every result a call. */
function checkResults(blocks: readonly ContentPart[], calls: readonly JsonValue[], at: string): void {
  const results = blocks.filter(({ type }) => type === 'tool_result').map(({ tool_use_id: id = '' }) => id);
  const said = blocks.findIndex(({ type }) => type !== 'tool_result');
  if (said !== -1 && blocks.slice(said).some(({ type }) => type === 'tool_result'))
    throw badRequest(`${at}: \`tool_result\` blocks must come before all other content`, null);
  const stray = results.find((id) => !calls.includes(id));
  if (stray !== undefined) {
    throw badRequest(
      `${at}: \`tool_result\` of ${String(stray)}, which has no \`tool_use\` in the previous message`,
      null,
    );
  }
  const open = calls.filter((id) => !results.includes(id));
  if (open.length > 0) throw unanswered(open, at);
}

const unanswered = (calls: readonly JsonValue[], at: string) =>
  badRequest(`${at}: \`tool_use\` ids without \`tool_result\` blocks immediately after: ${calls.join(', ')}`, null);
