// A request for a legacy completion as a chat completion of one message.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { defined } from '../json.js';
import { refuseField, Untranslatable } from '../wire.js';

/** Fields that are the same in both and pass unchanged. */
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

/** OpenAI's documented default for a request without a cap. */
const DEFAULT_MAX_TOKENS = 16;

/** Fields that a chat has no equivalent of, the values that request nothing, and the reason. */
const REFUSED: Readonly<Record<string, readonly [asksNothing: readonly JsonValue[], why: string]>> = {
  suffix: [[''], 'chats can’t insert text before another'],
  echo: [[false], 'chats don’t repeat the prompt: put it before the answer yourself'],
  best_of: [[1], 'chats do not pick the best answer: request several with "n"'],
  logprobs: [[], 'chats return token probabilities in another form: use /v1/chat/completions'],
};

/** @throws Untranslatable */
export function chatRequest(body: JsonObject): JsonObject {
  for (const [field, [asksNothing, why]] of Object.entries(REFUSED)) {
    const value = body[field] ?? null;
    if (value !== null && !asksNothing.includes(value)) refuseField(field, why);
  }
  return defined({
    ...Object.fromEntries(SAME.map((field) => [field, body[field] ?? undefined])),
    messages: [{ role: 'user', content: promptOf(body['prompt']) }],
    max_tokens: body['max_tokens'] ?? DEFAULT_MAX_TOKENS,
  });
}

/** A list with one text is that text. Several prompts would need several answers, and tokens belong to one model. */
function promptOf(prompt: JsonValue | undefined): string {
  const prompts = Array.isArray(prompt) ? (prompt as readonly JsonValue[]) : [prompt];
  const [first] = prompts;
  if (prompts.length === 1 && typeof first === 'string') return first;
  const severalTexts = prompts.length > 1 && prompts.every((one) => typeof one === 'string');
  const why = severalTexts ? 'send a request for each prompt' : 'send a text, not tokens';
  throw new Untranslatable(`"prompt" must be one text: ${why}.`, 'prompt');
}
