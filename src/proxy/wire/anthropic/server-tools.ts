// Server tools that cost only tokens: tool search, and web fetch of pages and PDF files ("no additional cost":
// https://platform.claude.com/docs/en/about-claude/pricing#web-fetch-tool). Anthropic runs them in a loop: each round
// reads the whole conversation again, with what earlier rounds added, and may write up to `max_tokens`; the usage is
// the sum of all rounds. https://platform.claude.com/docs/en/agents-and-tools/tool-use/server-tools
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { textIn } from '../json.js';

const TOOL_SEARCH = /^tool_search_tool_(?:regex|bm25)(?:_\d{8})?$/;
const WEB_FETCH = /^web_fetch_(\d{8})$/;
/**
 * From this version on it runs code in a persistent container at Anthropic, unless only the model itself may call it.
 */
const RUNS_CODE_FROM = '20260209';

/** "The default limit is 10 iterations per request": https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons#pause_turn */
const MOST_ROUNDS = 10;
/**
 * A search returns three to five tools: https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool
 */
const MOST_FOUND = 5;

const typeOf = (tool: JsonObject): string => textIn(tool, 'type') ?? 'custom';

const isWebFetch = (tool: JsonObject): boolean => WEB_FETCH.test(typeOf(tool));

/** Why one of these tools can't be offered as it is; undefined when it can; null when it is not one of them. */
export function whyNotOffered(tool: JsonObject): string | undefined | null {
  if (TOOL_SEARCH.test(typeOf(tool))) return undefined;
  const [, version] = WEB_FETCH.exec(typeOf(tool)) ?? [];
  if (version === undefined) return null;
  if (version < RUNS_CODE_FROM || isDirect(tool['allowed_callers'])) return undefined;
  return 'this version runs code at the provider, in a container that is kept there: send "allowed_callers": ["direct"], or web_fetch_20250910';
}

/** For models that search no tools: they are offered all of them at once. The same request if it has no search. */
export function withoutToolSearch(body: JsonObject): JsonObject {
  const { tools } = body;
  if (!Array.isArray(tools)) return body;
  const others = tools.filter((tool: JsonValue) => !isJsonObject(tool) || !TOOL_SEARCH.test(typeOf(tool)));
  return others.length === tools.length ? body : { ...body, tools: others };
}

const isDirect = (callers: JsonValue | undefined): boolean =>
  Array.isArray(callers) && callers.length > 0 && callers.every((caller) => caller === 'direct');

/** How often Anthropic may read a prompt for one request, and what the later rounds add. */
export interface Rounds {
  readonly most: number;
  /**
   * Tokens that each round may add besides its output; `Infinity` for pages and files, because only text has a limit.
   */
  readonly foundTokens: number;
}

const ONE_ROUND: Rounds = { most: 1, foundTokens: 0 };

/** `tools` are the tools of the request and those its messages add. */
export function roundsOf(tools: readonly JsonObject[]): Rounds {
  if (tools.some(isWebFetch)) return { most: MOST_ROUNDS, foundTokens: Infinity };
  if (!tools.some((tool) => TOOL_SEARCH.test(typeOf(tool)))) return ONE_ROUND;
  const largest = tools.reduce((most, tool) => Math.max(most, sizeOf(tool)), 0);
  return { most: MOST_ROUNDS, foundTokens: MOST_FOUND * largest };
}

/** The rounds of a model that searches no tools, and may fetch pages all the same. */
export const withoutSearching = (rounds: Rounds): Rounds => (rounds.foundTokens === Infinity ? rounds : ONE_ROUND);

/** The tokens of tool references in a conversation: each stands for a whole definition, as often as it occurs. */
export function referredTokens(tools: readonly JsonObject[], blocks: readonly JsonObject[]): number {
  const sizes = new Map(tools.map((tool) => [textIn(tool, 'name') ?? '', sizeOf(tool)]));
  return blocks
    .filter(({ type }) => type === 'tool_reference')
    .reduce((sum, block) => sum + (sizes.get(textIn(block, 'tool_name') ?? '') ?? 0), 0);
}

const sizeOf = (tool: JsonObject): number => Buffer.byteLength(JSON.stringify(tool));
