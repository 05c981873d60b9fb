// Tools that run at Anthropic: their types, and Anthropic's checks of them. The sandbox never calls one.
// https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool, …/web-fetch-tool, …/web-search-tool
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ContentPart } from '../chat-request.js';
import { badRequest } from '../errors.js';

/**
 * By the prefix of their types; the value is the only name each may have. Includes the client tools that Anthropic
 * defines.
 */
const NAMES: Readonly<Record<string, string | undefined>> = {
  tool_search_tool_regex: 'tool_search_tool_regex',
  tool_search_tool_bm25: 'tool_search_tool_bm25',
  web_fetch: 'web_fetch',
  web_search: 'web_search',
  code_execution: 'code_execution',
  bash: 'bash',
  memory: 'memory',
  text_editor: undefined,
  computer: undefined,
  computer_toolset: undefined,
  browser_toolset: undefined,
};
const TYPE = /^([a-z0-9_]+?)(?:_\d{8})?$/;

/** @throws WireError (400) */
export function checkServerTool(tool: JsonObject, at: string): void {
  const type = String(tool.type);
  const [, kind = ''] = TYPE.exec(type) ?? [];
  if (!Object.hasOwn(NAMES, kind))
    throw badRequest(`${at}: Input tag '${type}' found using 'type' does not match any of the expected tags`, null);
  const name = NAMES[kind];
  if (name !== undefined && tool.name !== name) throw badRequest(`${at}.${type}.name: Input should be '${name}'`, null);
  if (tool.allowed_domains && tool.blocked_domains)
    throw badRequest(`${at}: Only one of \`allowed_domains\` or \`blocked_domains\` can be specified`, null);
}

/** @throws WireError (400) */
export function checkDeferred(tools: readonly JsonObject[], messages: JsonValue | undefined): void {
  if (tools.length > 0 && tools.every((tool) => tool.defer_loading === true))
    throw badRequest('At least one tool must have defer_loading=false. All tools cannot be deferred.', null);
  const names = new Set(tools.map(({ name }) => name));
  const unknown = referencesIn(messages).find((name) => !names.has(name));
  if (unknown !== undefined) throw badRequest(`Tool reference '${String(unknown)}' not found in available tools`, null);
}

/** The names of all tools that are referred to anywhere. */
function referencesIn(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  if (value.type === 'tool_reference') return [value.tool_name ?? null];
  return [value.content, value.tool_references].flatMap(referencesIn);
}

/**
 * A server tool call within the conversation must have its result after it, in the same message.
 * @throws WireError (400)
 */
export function checkServerResults(blocks: readonly ContentPart[], at: string): void {
  const results = new Set(blocks.map(({ tool_use_id: id }) => id));
  const open = blocks.find(({ type, id }) => type === 'server_tool_use' && !results.has(id));
  if (open === undefined) return;
  const name = String(open.name);
  throw badRequest(
    `${at}: \`${name}\` tool use with id \`${String(open.id)}\` was found without a corresponding \`${name}_tool_result\` block`,
    null,
  );
}
