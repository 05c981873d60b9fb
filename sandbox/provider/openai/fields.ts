// Reads the fields of a request as OpenAI does, with its messages and codes for errors.
import { type JsonObject, isJsonObject } from '../../../src/kernel/index.js';
import { type Call, jsonOf } from '../api.js';
import { type WireError, badRequest } from '../errors.js';

export const invalidType = (param: string, expected: string): WireError =>
  badRequest(`Invalid type for '${param}': expected ${expected}.`, param, 'invalid_type');

export const missing = (param: string): WireError =>
  badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');

const invalidValue = (param: string, supported: readonly string[]): WireError =>
  badRequest(`Invalid value for '${param}': the sandbox supports ${supported.join(', ')}.`, param, 'invalid_value');

/** @throws WireError (400) */
export function objectIn(call: Call): JsonObject {
  const json = jsonOf(call);
  if (isJsonObject(json)) return json;
  throw invalidType('the body', 'an object');
}

/** @throws WireError (400), as all of these do, that names the parameter. */
export function modelOf({ model }: JsonObject): string {
  if (typeof model === 'string' && model !== '') return model;
  throw badRequest('you must provide a model parameter', 'model');
}

export function booleanOf(body: JsonObject, param: string, otherwise = false): boolean {
  const value = body[param] ?? otherwise;
  if (typeof value !== 'boolean') throw invalidType(param, 'a boolean');
  return value;
}

/** A required text. */
export function textIn(body: JsonObject, param: string): string {
  const value = body[param];
  if (value === undefined) throw missing(param);
  if (typeof value !== 'string') throw invalidType(param, 'a string');
  if (value !== '') return value;
  throw badRequest(`Invalid '${param}': it must not be empty.`, param, 'invalid_value');
}

/** One of several words; the first is the default. */
export function choiceOf<Word extends string>(
  body: JsonObject,
  param: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = body[param] ?? words[0];
  const word = words.find((known) => known === value);
  if (word === undefined) throw invalidValue(param, words);
  return word;
}

export function integerOf(body: JsonObject, param: string, highest = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = body[param] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalidType(param, 'an integer');
  if (value >= 1 && value <= highest) return value;
  const [side, sign, bound] = value < 1 ? ['below minimum', '>=', 1] : ['above maximum', '<=', highest];
  throw badRequest(
    `Invalid '${param}': integer ${side} value. Expected a value ${sign} ${bound}, but got ${value} instead.`,
    param,
    value < 1 ? 'integer_below_min_value' : 'integer_above_max_value',
  );
}
