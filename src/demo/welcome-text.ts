// The text shown at the terminal once a gateway listens.
import type { Model } from '../pricing/index.js';

/** What can be called here. */
export interface Offer {
  readonly url: string;
  /** A chat model that a channel serves; undefined when there is none. */
  readonly example: Model | undefined;
  /** Whether other kinds of models can be called. */
  readonly others: boolean;
  /** Whether only the sandbox answers. */
  readonly sandbox: boolean;
}

const NOTHING_SERVED = `
No model can be called yet: no channel serves one that has a price. Name models or makers in CHANNELS_FILE, or set a
provider’s key, such as OPENAI_API_KEY (docs/start.md). The log names models that are served and lack a price.
`;

/** How to make the first call. The key of the demo account is undefined except at the start that created it. */
export function welcomeText(offer: Offer, key: string | undefined): string {
  const { url, example, others, sandbox } = offer;
  const isNothing = example === undefined && !others;
  const head = `token-hub listens on ${url}/v1, and has its pages at ${url}${isNothing ? `\n${NOTHING_SERVED}` : ''}`;
  if (key === undefined) return head;
  return `
${head}
${isNothing || sandbox ? '' : 'Calls go to your providers, who bill you for them.\n'}
A demo account with $5.00 of ${sandbox ? 'sandbox credit' : 'credit'} is ready. Its API key is shown this once:

  ${key}
${isNothing ? '' : wayOf(offer, key)}`;
}

const wayOf = (
  { url, example }: Offer,
  key: string,
): string => `${example === undefined ? listing(url, key) : firstCall(url, key, example)}
See what it cost:

  curl ${url}/v1/account/balance -H "Authorization: Bearer ${key}"
`;

const listing = (url: string, key: string): string => `
See what can be called:

  curl ${url}/v1/models -H "Authorization: Bearer ${key}"
`;

const firstCall = (url: string, key: string, { id }: Model): string => `
Try it:

  curl ${url}/v1/chat/completions \\
    -H "Authorization: Bearer ${key}" \\
    -H "Content-Type: application/json" \\
    -d '{"model":"${id}","messages":[{"role":"user","content":"Give me one fact about octopuses."}]}'

Or from Python, with two lines changed:

  from openai import OpenAI
  client = OpenAI(base_url="${url}/v1", api_key="${key}")
`;
