// Whether a provider stops, and bills no more than it has made by then, when a stream is left. What decides is the provider's own word:
// - Alibaba: "If a request is interrupted, you are billed only for the output tokens generated before the server receives the stop request."
//   (https://www.alibabacloud.com/help/en/model-studio/stream)
// - Google does not: "AbortSignal is a client-only operation. Using it to cancel an operation will not cancel the request in the service.
//   You will still be charged usage" (https://googleapis.github.io/js-genai/release_docs/interfaces/types.GenerateContentConfig.html).
// Where a provider says nothing, OpenRouter's list of those where "this immediately stops model processing and billing"
// (https://openrouter.ai/docs/api-reference/streaming#stream-cancellation): OpenAI, Azure, Anthropic, DeepSeek, xAI, Together and others; not Groq,
// Mistral, Perplexity, Bedrock. OpenRouter itself bills by the provider it chose, so it can't be known there.
import { BlockList, isIP } from 'node:net';
import type { Channel } from './channels.js';

/** `cancels`: it is left at once. `continues`: it is read on to its usage, for a while. */
export type OnDisconnect = 'cancels' | 'continues';

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

/** Servers of one's own (vLLM, SGLang, llama.cpp, Ollama) stop when a connection is closed, and send no bill. */
const OWN = new BlockList();
OWN.addSubnet('10.0.0.0', 8);
OWN.addSubnet('127.0.0.0', 8);
OWN.addSubnet('172.16.0.0', 12);
OWN.addSubnet('192.168.0.0', 16);
OWN.addSubnet('::1', 128, 'ipv6');
OWN.addSubnet('fc00::', 7, 'ipv6');
const OWN_NAME = /^[^.]+$|\.(?:local|internal|localhost)$/;

/** What happens at a channel: as its operator says, else by its host; one that is not known may go on and bill for it. */
export function onDisconnect({ onDisconnect: said, baseUrl }: Pick<Channel, 'onDisconnect' | 'baseUrl'>): OnDisconnect {
  if (said !== undefined) return said;
  return isOwn(hostOf(baseUrl)) || isAt(baseUrl, CANCEL) ? 'cancels' : 'continues';
}

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/** Whether an address is at one of these domains. */
export function isAt(url: string, domains: readonly string[]): boolean {
  const host = hostOf(url);
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

function isOwn(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? OWN_NAME.test(host) : OWN.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
