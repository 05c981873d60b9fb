// What a model must get back of its reasoning to go on with it, in `reasoning_details` of a chat, which OpenRouter introduced and its clients send
// back (https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks). Each entry arrives whole, once; its `index` is its
// place in the answer, so that it returns there.
import { isJsonObject, type JsonObject, parseExactly } from '../../kernel/index.js';
import { numberIn, objectsOf } from './json.js';

/** The parts of an assistant message with its reasoning at its original place. `read` says what an entry was; others are dropped. */
export function inPlace(
  message: JsonObject,
  parts: readonly JsonObject[],
  read: (detail: JsonObject) => JsonObject | undefined,
): readonly JsonObject[] {
  const whole: JsonObject[] = [];
  let next = 0;
  for (const detail of objectsOf(message['reasoning_details'])) {
    const reasoning = read(detail);
    if (reasoning === undefined) continue;
    const place = numberIn(detail, 'index') ?? 0;
    for (const other of parts.slice(next, next + Math.max(0, place - whole.length))) {
      whole.push(other);
      next++;
    }
    whole.push(reasoning);
  }
  return [...whole, ...parts.slice(next)];
}

/** OpenRouter's name for reasoning that OpenAI encrypted. */
export const OPENAI_FORMAT = 'openai-responses-v1';

export const isOpenAiDetail = ({ format }: JsonObject): boolean => format === OPENAI_FORMAT;

/** Entries as a text that clients of other APIs keep without reading it. */
export const sealed = (details: readonly JsonObject[]): string =>
  Buffer.from(JSON.stringify(details)).toString('base64');

/** The beginning of every such text, and of no maker's own signature. */
const SEALED = Buffer.from('[{"').toString('base64');
export const isSealed = (text: string | undefined): boolean => text?.startsWith(SEALED) === true;

/** The entries in such a text; none in what another maker encrypted or signed. */
export function unsealed(text: string | undefined): readonly JsonObject[] {
  if (text === undefined || !isSealed(text)) return [];
  try {
    const parsed = parseExactly(Buffer.from(text, 'base64').toString());
    return Array.isArray(parsed) ? parsed.filter(isJsonObject) : [];
  } catch {
    return [];
  }
}
