// What is known of the providers, by the hosts of their channels.
import { BlockList, isIP } from 'node:net';

/** The part of a channel that these facts depend on. */
interface At {
  /** An absolute URL. */
  readonly baseUrl: string;
}

/** What a provider does when a stream is left. `cancels`: it is left at once. `continues`: it is read on to its usage, for a while. */
export type OnDisconnect = 'cancels' | 'continues';

/**
 * Providers that stop when a stream is left, and bill no more than they have made by then. The provider's own word decides:
 * - Alibaba: "If a request is interrupted, you are billed only for the output tokens generated before the server receives the stop request."
 *   (https://www.alibabacloud.com/help/en/model-studio/stream)
 * - Google does not: "AbortSignal is a client-only operation. Using it to cancel an operation will not cancel the request in the service.
 *   You will still be charged usage" (https://googleapis.github.io/js-genai/release_docs/interfaces/types.GenerateContentConfig.html).
 *
 * Where a provider says nothing, OpenRouter's list does, of those where "this immediately stops model processing and billing"
 * (https://openrouter.ai/docs/api-reference/streaming#stream-cancellation): OpenAI, Azure, Anthropic, DeepSeek, xAI, Together and others; not
 * Groq, Mistral, Perplexity or Bedrock. OpenRouter itself bills by the provider it chose, so nothing is known of it.
 */
const CANCEL = [
  'openai.com',
  'openai.azure.com',
  'anthropic.com',
  'deepseek.com',
  'aliyuncs.com',
  'x.ai',
  'together.xyz',
  'fireworks.ai',
  'deepinfra.com',
  'cohere.com',
  'hyperbolic.xyz',
  'friendli.ai',
  'chutes.ai',
];

/** The operator's own servers (vLLM, SGLang, llama.cpp, Ollama) stop when a connection is closed, and send no bill. */
const OWN = new BlockList();
OWN.addSubnet('10.0.0.0', 8);
OWN.addSubnet('127.0.0.0', 8);
OWN.addSubnet('172.16.0.0', 12);
OWN.addSubnet('192.168.0.0', 16);
OWN.addSubnet('::1', 128, 'ipv6');
OWN.addSubnet('fc00::', 7, 'ipv6');
const OWN_NAME = /^[^.]+$|\.(?:local|internal|localhost)$/;

/** What a channel does when a stream is left: what its configuration says, or else its host. An unknown host may go on, and bill for it. */
export function onDisconnect({
  onDisconnect: configured,
  baseUrl,
}: At & { readonly onDisconnect?: OnDisconnect | undefined }): OnDisconnect {
  if (configured !== undefined) return configured;
  return isOwn(hostOf(baseUrl)) || isAt(baseUrl, CANCEL) ? 'cancels' : 'continues';
}

/** What a failure or a rate limit is about: a whole channel, or one model there. */
export type Scope = 'channel' | 'model';

/**
 * Providers whose rate limits cover all models: Moonshot ("Currently, we share rate limits across all models",
 * https://platform.moonshot.ai/docs/introduction). At the other makers a limit is for one model, of an organization, project or account:
 * - OpenAI: by organization and project, "vary by the model being used", some models share one (https://developers.openai.com/api/docs/guides/rate-limits)
 * - Anthropic: "Rate limits are applied separately for each model", some classes share one (https://platform.claude.com/docs/en/api/rate-limits)
 * - Google: by project, "vary depending on the specific model being used" (https://ai.google.dev/gemini-api/docs/rate-limits)
 * - DeepSeek: concurrent calls, of an account, for each model (https://api-docs.deepseek.com/quick_start/rate_limit)
 * - Alibaba: "calculated independently for each model at the root account level" (https://www.alibabacloud.com/help/en/model-studio/rate-limiting-best-practices)
 * - Z.ai: concurrent calls, for each model (https://z.ai/manage-apikey/rate-limits)
 *
 * Models that share a limit are found out one by one: each gets a 429 of its own.
 */
const ACROSS_MODELS = ['moonshot.ai', 'moonshot.cn', 'kimi.ai', 'kimi.com'];

/** What the rate limits of a channel cover. */
export const rateLimitScope = ({ baseUrl }: At): Scope => (isAt(baseUrl, ACROSS_MODELS) ? 'channel' : 'model');

/**
 * Providers that refuse OpenAI's fields for its cache of prompts, as they refuse every field that they don't know. They cache by themselves, or
 * not at all. Others take the key, as Kimi, Mistral, xAI and by now Cerebras do, or ignore it.
 * - Groq: "property 'prompt_cache_key' is unsupported" (https://github.com/eigent-ai/eigent/issues/1827)
 * - NVIDIA: "Unsupported parameter(s): `prompt_cache_key`" (https://github.com/anomalyco/opencode/issues/49240), and `prompt_cache_options`
 *   (https://github.com/tingly-dev/tingly-box/issues/1548)
 * - Google: "Unknown name "prompt_cache_key": Cannot find field" (https://github.com/sipeed/picoclaw/pull/790)
 * - Volcano Engine: `unknown field "prompt_cache_key"` (https://github.com/openclaw/openclaw/pull/49727)
 * - Baseten: a strict schema (https://github.com/anomalyco/models.dev/pull/6814)
 * - Azure, for the models of other makers than OpenAI: "Unrecognized request argument supplied: prompt_cache_key"
 *   (https://github.com/vectorize-io/hindsight/issues/3518, https://github.com/MoonshotAI/kimi-code/issues/2611)
 */
const WITHOUT_CACHE_FIELDS = ['groq.com', 'nvidia.com', 'googleapis.com', 'volces.com', 'baseten.co'];
const CACHE_FIELDS = ['prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention'];

/**
 * Providers that refuse the switch of DeepSeek, Zhipu and Kimi for their models: Cerebras (https://github.com/code-yeongyu/oh-my-openagent/issues/321),
 * Azure (https://github.com/earendil-works/pi/issues/9645), NVIDIA, whose schemas are closed (https://github.com/can1357/oh-my-pi/issues/2299), and
 * Groq, which knows `reasoning_effort` alone (https://console.groq.com/docs/reasoning).
 */
const WITHOUT_SWITCH = ['groq.com', 'cerebras.ai', 'nvidia.com'];
const SWITCH = ['thinking'];

/** Azure refuses both for the models of other makers than OpenAI. */
const AZURE = ['azure.com'];

/** The fields of a chat that a provider refuses for a model of this maker, though they change no answer or only how much is thought. */
export function refusedFields({ baseUrl }: At, maker: string): readonly string[] {
  if (maker !== 'openai' && isAt(baseUrl, AZURE)) return [...CACHE_FIELDS, ...SWITCH];
  return [
    ...(isAt(baseUrl, WITHOUT_CACHE_FIELDS) ? CACHE_FIELDS : []),
    ...(isAt(baseUrl, WITHOUT_SWITCH) ? SWITCH : []),
  ];
}

/**
 * Providers that take thoughts back as `reasoning`, as they tell them, and refuse `reasoning_content`: Groq
 * (https://github.com/janhq/jan/issues/8136; packages/groq of vercel/ai), Cerebras (https://github.com/QwenLM/qwen-code/issues/11045).
 */
const THOUGHTS_AS_REASONING = ['groq.com', 'cerebras.ai'];

export const takesReasoningAlone = ({ baseUrl }: At): boolean => isAt(baseUrl, THOUGHTS_AS_REASONING);

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/** Whether an address is at one of these domains. */
function isAt(url: string, domains: readonly string[]): boolean {
  const host = hostOf(url);
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

function isOwn(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? OWN_NAME.test(host) : OWN.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
