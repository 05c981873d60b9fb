import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { refuseBilledApart, refuseHostedTools, refuseOtherTiers } from './billed-apart.js';
import { Untranslatable } from './wire.js';

/** What is refused, and why; "passes" when nothing is. */
function refusalOf(check: () => void): string {
  try {
    check();
    return 'passes';
  } catch (error) {
    if (error instanceof Untranslatable) return `${error.param}: ${error.message}`;
    throw error;
  }
}
const fields = (body: JsonObject) => refusalOf(() => refuseBilledApart(body));
const tool = (definition: JsonObject) => refusalOf(() => refuseHostedTools([definition]));

describe('a field that a provider written in Go would take for another one', () => {
  it.each([['Model'], ['MAX_TOKENS'], ['N'], ['Tools'], ['\u017Fervice_tier'], ['Quality'], ['enable_\u017Fearch']])(
    'is refused: %s',
    (name) => expect(fields({ model: 'gpt-4o-mini', [name]: 'gpt-5-pro' })).toContain(`"${name}" can’t be used here`),
  );
  it.each([null, false, ''])('whatever its value: %j', (value) =>
    expect(fields({ max_tokens: 10, Max_Tokens: value })).toContain('"Max_Tokens" can’t be used here'),
  );
  it.each([[{ maxRetries: 2 }], [{ metadata: { Model: 'x' } }], [{ stop: null }], [{ options: { Model: 'x' } }]])(
    'is not %j',
    (body) => expect(fields(body)).toBe('passes'),
  );
});

describe('a field for which a provider bills apart is refused by its name:', () => {
  it.each<[maker: string, body: JsonObject, at: string]>([
    ['Alibaba', { enable_search: true }, 'enable_search'],
    ['Alibaba', { search_options: { forced_search: true } }, 'search_options'],
    ['Alibaba', { enable_code_interpreter: true }, 'enable_code_interpreter'],
    ['Alibaba, nested as its own SDK has it', { parameters: { enable_search: true } }, 'parameters.enable_search'],
    ['OpenAI', { web_search_options: {} }, 'web_search_options'],
    ['xAI', { search_parameters: { mode: 'on' } }, 'search_parameters'],
    ['xAI', { deferred: true }, 'deferred'],
    ['OpenRouter', { plugins: [{ id: 'web' }] }, 'plugins'],
    ['OpenRouter', { models: ['openai/gpt-5.5-pro'] }, 'models'],
    ['OpenRouter', { route: 'fallback' }, 'route'],
    ['OpenRouter', { provider: { sort: 'throughput' } }, 'provider'],
    ['OpenRouter', { preset: 'dearest' }, 'preset'],
    ['Vercel', { providerOptions: { gateway: { models: ['x'] } } }, 'providerOptions.gateway.models'],
    ['LiteLLM', { fallbacks: ['gpt-5.5-pro'] }, 'fallbacks'],
    ['LiteLLM', { guardrails: ['bedrock'] }, 'guardrails'],
    ['Groq', { compound_custom: { tools: { enabled_tools: ['web_search'] } } }, 'compound_custom'],
    ['Groq', { search_settings: { include_images: true } }, 'search_settings'],
    ['Perplexity', { search_domain_filter: ['a.b'] }, 'search_domain_filter'],
    ['Perplexity', { searchMode: 'academic' }, 'searchMode'],
    ['Mistral', { connectors: [{ id: 'c' }] }, 'connectors'],
    ['Mistral', { agent_id: 'ag_1' }, 'agent_id'],
    ['Cohere', { connectors: [{ id: 'web-search' }] }, 'connectors'],
    ['MiniMax', { plugins: ['plugin_web_search'] }, 'plugins'],
    ['Google', { extra_body: { google: { cached_content: 'c' } } }, 'extra_body.google.cached_content'],
    ['Google', { extra_body: { google: { googleSearch: {} } } }, 'extra_body.google.googleSearch'],
    ['Google', { grounding: { sources: ['WEB'] } }, 'grounding'],
    ['Azure', { data_sources: [{ type: 'azure_search' }] }, 'data_sources'],
    ['Anthropic', { mcp_servers: [{ url: 'https://a.b' }] }, 'mcp_servers'],
    ['Anthropic', { container: { skills: [{}] } }, 'container'],
    ['Anthropic', { speed: 'fast' }, 'speed'],
    ['vLLM', { priority: 1 }, 'priority'],
    ['vLLM', { best_of: 20 }, 'best_of'],
    ['a cap that is not held for', { max_new_tokens: 100_000 }, 'max_new_tokens'],
    ['a conversation that is kept', { previous_response_id: 'r' }, 'previous_response_id'],
    ['someone new', { x_enable_web_browsing: true }, 'x_enable_web_browsing'],
    ['someone new', { options: [{ retrieval: { knowledge_id: 'k' } }] }, 'options[0].retrieval'],
  ])('%s: %j', (_maker, body, at) => {
    expect(fields(body)).toMatch(
      new RegExp(`^${at.replace(/[[\].]/g, '\\$&')}: "[^"]+" can’t be used here: .+ Leave it out\\.$`),
    );
  });

  it.each<JsonObject>([
    { enable_search: false, search_options: null, plugins: [], search_mode: '' },
    { enable_thinking: true, thinking_budget: 100, vl_high_resolution_images: true, repetition_penalty: 1 },
    { chat_template_kwargs: { enable_search: true }, guided_json: { properties: { web_search: {} } } },
    { response_format: { json_schema: { schema: { properties: { search: {} } } } }, metadata: { agent: 'a' } },
    { tools: [{ type: 'function', function: { name: 'web_search' } }], tool_choice: 'auto' },
    { prediction: { type: 'content', content: 'a' }, store: true, user: 'u', cache_control: { type: 'ephemeral' } },
    { usage: { include: true }, session_id: 's', do_sample: true, transforms: ['middle-out'], speed: 'standard' },
    { safeguards: [{ type: 'dangerous_tool_use', classifier_context: { mcp_servers: ['a'], rules: { web: ['b'] } } }] },
    // How fast OpenAI's speech is: https://platform.openai.com/docs/api-reference/audio/createSpeech
    { speed: 1.25 },
    { best_of: 1, safe_prompt: true, prompt_mode: 'reasoning', disable_search: true, top_k: 3, min_p: 0.1 },
  ])('but not what asks for nothing of the kind: %j', (body) => expect(fields(body)).toBe('passes'));

  it('however deep it stands', () => {
    const depth = 20_000;
    const text = `${'{"a":'.repeat(depth)}{"enable_search":true}${'}'.repeat(depth)}`;
    expect(fields(JSON.parse(text) as JsonObject)).toMatch(/enable_search: /);
  });

  it('whatever stands beside it', () => {
    const property = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (others) => {
      expect(fields({ ...(others as JsonObject), enable_search: true })).not.toBe('passes');
    });
    fc.assert(property);
  });
});

describe('a tool that runs at the provider is refused:', () => {
  it.each<[maker: string, definition: JsonObject]>([
    ['Zhipu', { type: 'web_search', web_search: { enable: true } }],
    ['Zhipu', { type: 'retrieval', retrieval: { knowledge_id: 'k' } }],
    ['Zhipu', { type: 'mcp', mcp: { server_label: 'm' } }],
    ['Zhipu', { type: 'code_interpreter' }],
    ['Moonshot', { type: 'builtin_function', function: { name: '$web_search' } }],
    ['Moonshot', { type: 'function', function: { name: '$web_search' } }],
    ['xAI', { type: 'live_search', sources: [{ type: 'web' }] }],
    ['xAI', { type: 'x_search' }],
    ['Groq', { type: 'browser_search' }],
    ['OpenRouter', { type: 'openrouter:web_search' }],
    ['OpenAI', { type: 'web_search' }],
    ['OpenAI', { type: 'image_generation' }],
    ['Mistral', { type: 'document_library', library_ids: ['l'] }],
    ['MiniMax', { type: 'web_search' }],
    ['Google', { googleSearch: {} }],
    ['Google, beside a function', { type: 'function', function: { name: 'a' }, google_search: {} }],
    ['Google, beside a function', { function: { name: 'a' }, url_context: {} }],
    ['Anthropic', { type: 'web_search_20260209', name: 'web_search' }],
    ['someone new', { type: 'oracle' }],
  ])('%s: %j', (_maker, definition) => expect(tool(definition)).toMatch(/^tools\[0\].*(billed|bills it) apart/));

  it.each<JsonObject>([
    { type: 'function', function: { name: { toString: 1 } } },
    { type: 'function', function: { name: 'web_search', parameters: { properties: { search: {} } } }, strict: true },
    { type: 'custom', custom: { name: 'sql', format: { type: 'grammar' } } },
    { function: { name: 'a' } },
    { type: 'function', function: { name: 'a' }, cache_control: { type: 'ephemeral' }, defer_loading: true },
  ])('but not one that the client runs: %j', (definition) => expect(tool(definition)).toBe('passes'));

  it('and a list that is none', () => {
    expect(refusalOf(() => refuseHostedTools({ type: 'web_search' }))).toMatch(/^tools: /);
    expect(refusalOf(() => refuseHostedTools(['web_search']))).toMatch(/^tools\[0\]: /);
    expect(refusalOf(() => refuseHostedTools(null))).toBe('passes');
  });
});

describe('a tier of service', () => {
  it.each([undefined, null, 'auto', 'default', 'standard', 'standard_only', 'on_demand'])('passes as %j', (tier) =>
    expect(refusalOf(() => refuseOtherTiers(tier))).toBe('passes'),
  );
  it.each(['flex', 'priority', 'fast', 'scale', 'batch', 'performance', 3, true])('is refused as %j', (tier) =>
    expect(refusalOf(() => refuseOtherTiers(tier))).toMatch(/^service_tier: .*prices of their own/),
  );
});
