// Message contents that are texts. Empty texts are dropped: they say nothing, and Gemini has refused some.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';

/** A content as parts, for a role that can only send text. @throws Untranslatable */
export function textParts(content: JsonValue | undefined, at: string): JsonObject[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ text: content }];
  if (!isJsonArray(content)) throw new Untranslatable(`"${at}" must be a string or an array of parts.`, at);
  return content.flatMap((part, index) => textPart(part, `${at}[${index}]`));
}

/** One part, or none when it is empty. @throws Untranslatable */
export function textPart(part: JsonValue, at: string): JsonObject[] {
  const { type, text, refusal }: JsonObject = isJsonObject(part) ? part : {};
  if (type === 'thinking') return []; // Mistral's, from a conversation that changed its model
  const words = type === 'text' ? text : type === 'refusal' ? refusal : undefined;
  if (typeof words !== 'string')
    throw new Untranslatable(`"${at}" must be a text: this role can send nothing else.`, at);
  return words === '' ? [] : [{ text: words }];
}
