// A request for a legacy completion as a chat completion of one message.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { defined } from '../json.js';
import { Untranslatable } from '../wire.js';

/** Fields that are the same in both, and pass as they are. */
const SAME = [
  'model',
  'n',
  'stop',
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'seed',
  'user',
  'stream',
  'stream_options',
] as const;

/** What OpenAI documents for a request that names no cap. */
const DEFAULT_MAX_TOKENS = 16;

/** What a chat can't do, the values that ask for nothing, and why. */
const REFUSED: Readonly<Record<string, readonly [asksNothing: readonly JsonValue[], why: string]>> = {
  suffix: [[''], 'chats can’t insert text before another'],
  echo: [[false], 'chats don’t repeat the prompt: put it before the answer yourself'],
  best_of: [[1], 'chats choose no best answer: ask for several by "n"'],
  logprobs: [[], 'chats tell the probabilities of tokens in another form: use /v1/chat/completions'],
};

/** @throws Untranslatable */
export function chatRequest(body: JsonObject): JsonObject {
  for (const [field, [asksNothing, why]] of Object.entries(REFUSED)) {
    const value = body[field] ?? null;
    if (value !== null && !asksNothing.includes(value))
      throw new Untranslatable(`"${field}" can’t be used here: ${why}.`, field);
  }
  return defined({
    ...Object.fromEntries(SAME.map((field) => [field, body[field] ?? undefined])),
    messages: [{ role: 'user', content: promptOf(body['prompt']) }],
    max_tokens: body['max_tokens'] ?? DEFAULT_MAX_TOKENS,
  });
}

/** A list with one text is the text; several prompts would be several answers, and tokens are those of one model. */
function promptOf(prompt: JsonValue | undefined): string {
  const prompts = Array.isArray(prompt) ? (prompt as readonly JsonValue[]) : [prompt];
  const [first] = prompts;
  if (prompts.length === 1 && typeof first === 'string') return first;
  const severalTexts = prompts.length > 1 && prompts.every((one) => typeof one === 'string');
  const why = severalTexts ? 'send a request for each prompt' : 'send a text, not tokens';
  throw new Untranslatable(`"prompt" must be one text: ${why}.`, 'prompt');
}
