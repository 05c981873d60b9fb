// A model needs parts of its reasoning back to continue it (`reasoning_details` of a chat). They travel in the
// `encrypted_content` of a reasoning item, which clients keep without reading it.
import type { JsonObject } from '../../../kernel/index.js';
import { objectsOf, textIn } from '../json.js';
import { sealed, unsealed } from '../reasoning-details.js';

export const encryptedContent = (details: readonly JsonObject[]): JsonObject =>
  details.length === 0 ? {} : { encrypted_content: sealed(details) };

/** Empty for content that another maker encrypted. */
export const detailsIn = (item: JsonObject): readonly JsonObject[] => unsealed(textIn(item, 'encrypted_content'));

export const detailsOf = (message: JsonObject): readonly JsonObject[] => objectsOf(message['reasoning_details']);
