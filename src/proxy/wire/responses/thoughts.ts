// A model needs parts of its reasoning back to continue it (`reasoning_details` of a chat). They travel in the
// `encrypted_content` of a reasoning item, which clients keep without reading it.
import { isJsonObject, type JsonObject, parseExactly } from '../../../kernel/index.js';
import { objectsOf, textIn } from '../json.js';

export const encryptedContent = (details: readonly JsonObject[]): JsonObject =>
  details.length === 0 ? {} : { encrypted_content: Buffer.from(JSON.stringify(details)).toString('base64') };

/** Empty for content that another maker encrypted. */
export function detailsIn(item: JsonObject): readonly JsonObject[] {
  try {
    const parsed = parseExactly(Buffer.from(textIn(item, 'encrypted_content') ?? '', 'base64').toString());
    return Array.isArray(parsed) ? parsed.filter(isJsonObject) : [];
  } catch {
    return [];
  }
}

export const detailsOf = (message: JsonObject): readonly JsonObject[] => objectsOf(message['reasoning_details']);
