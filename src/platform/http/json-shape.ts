// What a JSON text comes to, before it is parsed: one that is deep breaks what reads it by recursion, here or at a provider, and one of many
// small values takes a hundred times its size and seconds to build.

import { isUtf8 } from 'node:buffer';
import { withoutByteOrderMark } from '../../kernel/index.js';
import { type ApiError, invalidRequest } from './api-error.js';

/** As deep as serde_json reads (https://docs.rs/serde_json/latest/serde_json/struct.Deserializer.html#method.disable_recursion_limit); protobuf's readers take 100. */
export const MOST_DEPTH = 128;
/** The longest documented input of token ids is 300,000 (https://platform.openai.com/docs/api-reference/embeddings/create). */
export const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Up to here a string is looked through byte by byte, which is faster than to call for a search. */
const SHORT_STRING = 32;

/**
 * The JSON text of a body; undefined where it is not UTF-8. A byte-order mark is ignored.
 * @throws ApiError 400 for one that is too deep, or has too many values
 */
export function jsonTextOf(body: Buffer): string | undefined {
  checkShape(body);
  // Bytes that are not UTF-8 would be replaced by longer ones, and the size of the body bounds the prompt.
  if (!isUtf8(body)) return undefined;
  return withoutByteOrderMark(body.toString('utf8'));
}

/** Its syntax is not looked at. */
function checkShape(json: Buffer): void {
  if (canBeAtFault(json)) scan(json);
}

/** Most requests have fewer brackets than the depth that is allowed, wherever they stand. */
function canBeAtFault(json: Buffer): boolean {
  if (json.length > MOST_VALUES) return true;
  let left = MOST_DEPTH;
  for (const bracket of [ARRAY, OBJECT])
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) if (--left < 0) return true;
  return false;
}

function scan(json: Buffer): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at + 1);
    else if (byte === COMMA) values++;
    else if (byte === ARRAY || byte === OBJECT) {
      values++;
      if (++depth > MOST_DEPTH) throw tooDeep();
    } else if (byte === ARRAY_END || byte === OBJECT_END) depth--;
    if (values > MOST_VALUES) throw tooManyValues();
  }
}

const tooDeep = (): ApiError => refused(`is nested more than ${MOST_DEPTH} levels deep`);
const tooManyValues = (): ApiError => refused(`has more than ${MOST_VALUES} values`);
const refused = (fault: string): ApiError =>
  invalidRequest(`The JSON of the request ${fault}. Send less in one request.`, undefined, 'json_too_complex');

/** Where the quote stands that ends a string whose text begins at `start`; the end of the text where none does. */
function endOfString(json: Buffer, start: number): number {
  const near = Math.min(json.length, start + SHORT_STRING);
  let at = start;
  for (; at < near; at++) {
    if (json[at] === QUOTE) return at;
    if (json[at] === BACKSLASH) at++;
  }
  for (let quote = json.indexOf(QUOTE, at); quote !== -1; quote = json.indexOf(QUOTE, quote + 1)) {
    let escapes = 0;
    while (quote - escapes > at && json[quote - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return quote;
  }
  return json.length;
}
