// Some fields make a provider bill something other than tokens, or at another model's price, so they must not be
// forwarded unread. Each field below is refused by its name, whichever provider answers, because channels and makers'
// dialects mix and a name means the same everywhere. Unknown fields pass, unless their name, or one within them, says
// that something is searched, run or brought in. From the makers' API references of autumn 2026, linked beside the
// fields.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { textIn } from './json.js';
import { Untranslatable } from './wire.js';

const SEARCHES = 'searches are billed by the call';
const RUNS = 'what it runs at the provider is billed apart from tokens';
const ROUTES = 'another model or provider may answer, at another price';
const BRINGS_IN = 'it brings in content kept at the provider, whose cost no hold can cover';
const NOT_RETURNED = 'it generates text besides the answer, which is billed but not returned';
const LATER = 'an answer that is fetched later reports no usage to charge';
const OTHER_CAP = 'the cap on completion tokens is "max_tokens"';

/** Why, and which values request it; without a test, all values that request anything do. */
type Refusal = readonly [why: string, asks?: (value: JsonValue) => boolean];

const REFUSED: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  // Alibaba: https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions; searches cost $10 a thousand
  ['enable_search', [SEARCHES]],
  ['search_options', [SEARCHES]],
  ['enable_code_interpreter', [RUNS]],
  // OpenAI: https://developers.openai.com/api/docs/pricing#built-in-tools
  ['web_search_options', [SEARCHES]],
  // xAI: https://docs.x.ai/docs/guides/live-search, https://docs.x.ai/docs/guides/deferred-chat-completions
  ['search_parameters', [SEARCHES]],
  ['deferred', [LATER]],
  ['background', [LATER, (value) => value === true]],
  // OpenRouter: https://openrouter.ai/docs/guides/features/plugins, …/routing/model-fallbacks, …/routing/provider-selection
  ['plugins', [RUNS]],
  ['models', [ROUTES]],
  ['route', [ROUTES]],
  ['provider', [ROUTES]],
  ['preset', [ROUTES]],
  // LiteLLM, which a channel may use: https://docs.litellm.ai/docs/proxy/reliability
  ['fallbacks', [ROUTES]],
  ['api_base', [ROUTES]],
  ['base_url', [ROUTES]],
  // Groq: https://console.groq.com/docs/compound
  ['compound_custom', [RUNS]],
  ['search_settings', [SEARCHES]],
  // Perplexity: https://docs.perplexity.ai/api-reference/chat-completions-post
  ['return_images', [SEARCHES]],
  ['return_related_questions', [NOT_RETURNED]],
  // Google: https://ai.google.dev/gemini-api/docs/openai#extra-body
  ['cached_content', [BRINGS_IN]],
  ['url_context', [RUNS]],
  ['code_execution', [RUNS]],
  // Azure: https://learn.microsoft.com/en-us/azure/ai-foundry/openai/references/on-your-data
  ['data_sources', [BRINGS_IN]],
  // OpenAI's and Anthropic's fields of other APIs, which compatible servers also accept in chats
  ['previous_response_id', [BRINGS_IN]],
  ['conversation', [BRINGS_IN]],
  ['conversation_id', [BRINGS_IN]],
  ['context_id', [BRINGS_IN]],
  ['thread_id', [BRINGS_IN]],
  ['container', [RUNS]],
  ['compaction', [NOT_RETURNED]],
  ['inference_geo', ['it changes the price']],
  // A number is how fast speech is spoken.
  ['speed', ['other speeds have prices of their own', (value) => value !== 'standard' && typeof value !== 'number']],
  ['priority', ['all requests have the same priority here']],
  // vLLM, SGLang and older APIs: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
  ['best_of', [NOT_RETURNED, (value) => value !== 1]],
  ['use_beam_search', [NOT_RETURNED]],
  ['num_return_sequences', [NOT_RETURNED, (value) => value !== 1]],
  ['candidate_count', [NOT_RETURNED, (value) => value !== 1]],
  ['max_new_tokens', [OTHER_CAP]],
  ['max_output_tokens', [OTHER_CAP]],
  ['max_length', [OTHER_CAP]],
  ['num_predict', [OTHER_CAP]],
]);

/** Words that make an unknown field suspicious. */
const SUSPICIOUS =
  /(?:^|_)(?:(?:web_?)?search\w*|web|online|internet|brows\w*|crawl\w*|scrap(?:e|er|ing)|fetch\w*|ground\w*|retriev\w*|rag|knowledge\w*|vector_?stores?|plugins?|connectors?|agents?|agentic|assistants?|mcp\w*|skills?|compound|code_?(?:interpreter|execution)\w*|interpreter|(?:server|builtin|built_in|hosted)_?tools?|fallbacks?|fallback_\w+|guardrails?)(?:_|$)/;

/**
 * OpenAI's own fields, and those that hold the client's own data: a schema, a template's words, its notes. They are not
 * searched.
 */
const HARMLESS: ReadonlySet<string> = new Set(
  [
    'model messages stream stream_options max_tokens max_completion_tokens n stop temperature top_p top_k seed user store metadata',
    'tools tool_choice parallel_tool_calls functions function_call response_format logit_bias logprobs top_logprobs modalities audio',
    'frequency_penalty presence_penalty prediction reasoning reasoning_effort thinking verbosity service_tier moderation cache_control',
    'input prompt query documents disable_search chat_template_kwargs guided_json guided_choice guided_regex guided_grammar',
    'structured_outputs json_schema grammar',
    // Claude Code's auto mode tells of the machine here, for checks that cost nothing: https://code.claude.com/docs/en/auto-mode-classifier-billing
    'safeguards',
  ].flatMap((names) => names.split(' ')),
);

/**
 * Fields by which a call is held for and charged. Go's encoding/json, which other gateways and Ollama read requests with, takes a name in any
 * case, and the last of several, also when its value is null: https://pkg.go.dev/encoding/json#Unmarshal,
 * https://blog.trailofbits.com/2025/06/17/unexpected-security-footguns-in-gos-parsers/
 */
const COUNTED: ReadonlySet<string> = new Set([
  ...HARMLESS,
  ...'instructions system size quality resolution duration seconds dimensions enable_thinking thinking_budget'.split(
    ' ',
  ),
]);
const OTHER_CASE = 'some providers take it for the field that is written in lower case';

/**
 * Values that request nothing, whatever the field. An empty object does request something: `web_search_options: {}`
 * searches.
 */
const asksForNothing = (value: JsonValue): boolean =>
  value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0);

/** @throws Untranslatable naming the first field that can't be used. */
export function refuseBilledApart(body: JsonObject): void {
  const otherCase = Object.keys(body).find((name) => !COUNTED.has(name) && COUNTED.has(inLowerCase(name)));
  if (otherCase !== undefined) refuse(otherCase, OTHER_CASE);
  const found = firstBilledApart(body);
  if (found !== undefined) refuse(...found);
}

function refuse(at: string, why: string): never {
  throw new Untranslatable(`"${at}" can’t be used here: ${why}. Leave it out.`, at);
}

/**
 * A value and its path. Paths are only built when one is reported: a client's JSON may be as deep as its body is long.
 */
interface Place {
  readonly value: JsonValue;
  readonly within?: Place;
  readonly name: string;
}

/** Without recursion, for the same reason. */
function firstBilledApart(body: JsonObject): readonly [at: string, why: string] | undefined {
  const open: Place[] = [{ value: body, name: '' }];
  for (let within = open.pop(); within !== undefined; within = open.pop()) {
    const isList = Array.isArray(within.value);
    for (const name of Object.keys(within.value as JsonObject)) {
      const { [name]: value = null } = within.value as JsonObject;
      if (HARMLESS.has(name) || asksForNothing(value)) continue;
      const why = isList ? undefined : whyNot(name, value);
      const place = { value, within, name };
      if (why !== undefined) return [pathOf(place), why];
      if (typeof value === 'object') open.push(place);
    }
  }
  return undefined;
}

/** Such as `extra_body.tools[0].type`. */
function pathOf(place: Place): string {
  let path = '';
  for (let { name, within } = place; within !== undefined; { name, within } = within)
    path = (Array.isArray(within.value) ? `[${name}]` : `.${name}`) + path;
  return path.slice(1);
}

/** Also of the two other signs that are one letter with `s` and `k` in another case. */
const inLowerCase = (name: string): string => inAscii(name).toLowerCase();
const inAscii = (name: string): string => name.replaceAll('\u017F', 's').replaceAll('\u212A', 'k');

/** The words of a field's name in either spelling: `web_search` for `webSearch`. */
export const wordsOf = (name: string): string =>
  IN_WORDS.test(name)
    ? name
    : inAscii(name)
        .replace(/([a-z\d])([A-Z])/g, '$1_$2')
        .replace(/[^A-Za-z\d]+/g, '_')
        .toLowerCase();

const IN_WORDS = /^[a-z\d]+(?:_[a-z\d]+)*$/;

function whyNot(name: string, value: JsonValue): string | undefined {
  const words = wordsOf(name);
  const refusal = REFUSED.get(words);
  if (refusal === undefined) return SUSPICIOUS.test(words) ? RUNS : undefined;
  const [why, asks] = refusal;
  return asks === undefined || asks(value) ? why : undefined;
}

/**
 * The client runs both:
 * https://developers.openai.com/api/reference/resources/chat/subresources/completions/methods/create
 */
const AT_THE_CLIENT: ReadonlySet<JsonValue | undefined> = new Set(['function', 'custom']);

const MOONSHOTS_OWN = /^\$[a-z]\w{2,}$/;

/**
 * Refuses every tool that the client does not run itself. Zhipu, Mistral, xAI, Groq, MiniMax and OpenRouter have
 * searches, retrieval, interpreters and MCP as types of tools; Moonshot has them as functions whose names begin with
 * `$` (https://platform.moonshot.ai/docs/guide/use-web-search); Google's have no type at all.
 * @throws Untranslatable
 */
export function refuseHostedTools(tools: JsonValue | undefined): void {
  if (tools === undefined || tools === null) return;
  if (!Array.isArray(tools)) throw new Untranslatable('"tools" must be a list of tools.', 'tools');
  for (const [index, tool] of (tools as readonly JsonValue[]).entries()) {
    const at = `tools[${index}]`;
    const { type, function: called, custom, ...others }: JsonObject = isJsonObject(tool) ? tool : {};
    if (!AT_THE_CLIENT.has(type ?? (isJsonObject(called) ? 'function' : undefined)))
      refuse(
        at,
        `a tool of type ${JSON.stringify(type ?? null).slice(0, 60)} runs at the provider, which bills it apart from tokens`,
      );
    const named = isJsonObject(called) ? called : isJsonObject(custom) ? custom : {};
    if (MOONSHOTS_OWN.test(textIn(named, 'name') ?? '')) refuse(at, RUNS);
    const found = firstBilledApart(others);
    if (found !== undefined) refuse(`${at}.${found[0]}`, found[1]);
  }
}

/**
 * Tiers at the list price: OpenAI's, Groq's (`on_demand`) and Anthropic's names for the standard tier. With `auto` the
 * project's setting or capacity bought in advance decides, and neither changes the customer's price.
 * https://developers.openai.com/api/docs/guides/priority-processing,
 * https://platform.claude.com/docs/en/api/service-tiers
 */
const USUAL_TIERS: readonly JsonValue[] = ['auto', 'default', 'standard', 'standard_only', 'on_demand'];

export const isUsualTier = (tier: JsonValue): boolean => USUAL_TIERS.includes(tier);

/** @throws Untranslatable */
export function refuseOtherTiers(tier: JsonValue | undefined): void {
  if (isUsualTier(tier ?? 'auto')) return;
  throw new Untranslatable(
    `"service_tier" must be one of ${USUAL_TIERS.join(', ')}: other tiers have prices of their own.`,
    'service_tier',
  );
}

/**
 * The makers' defaults, half an hour at OpenAI and five minutes at Moonshot, are what the price list has; longer lives cost more:
 * https://developers.openai.com/api/docs/guides/prompt-caching, https://forum.moonshot.ai/t/context-caching-upgrade-5-min-1-hour-ttl-options/613
 */
const USUAL_CACHE_LIVES: readonly JsonValue[] = ['5m', '30m'];

/** @throws Untranslatable */
export function refuseOtherCacheLives(options: JsonValue | undefined, at: string): void {
  if (isJsonObject(options) && !USUAL_CACHE_LIVES.includes(options['ttl'] ?? '30m'))
    refuse(`${at}.ttl`, `only ${USUAL_CACHE_LIVES.join(' and ')}, the defaults, have a known price`);
}
