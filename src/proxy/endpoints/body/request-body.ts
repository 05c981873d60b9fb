// Reads the body of a request: only what billing and routing need. Everything else passes to the provider as it came.
import { doubleOf, isJsonObject, type JsonObject, type JsonValue, parseExactly } from '../../../kernel/index.js';
import { invalidRequest, jsonTextOf } from '../../../platform/http/index.js';

/** @throws ApiError 400; `example` names the fields that belong in the body. */
export function parseBody(raw: Buffer | undefined, example: string): JsonObject {
  const text = raw === undefined ? undefined : jsonTextOf(raw);
  let body: unknown;
  try {
    body = parseExactly(text ?? '');
  } catch {
    throw invalidRequest(
      `The request body is not valid JSON. Send a JSON object with ${example}.`,
      undefined,
      'invalid_json',
    );
  }
  if (!isJsonObject(body)) throw invalidRequest(`The request body must be a JSON object with ${example}.`);
  return withExtraBody(body);
}

/**
 * The fields in `extra_body` take the place of those beside it, as OpenAI's SDK for Python sends them and LiteLLM's proxy reads them; other SDKs send
 * them as they are. Google's own stay where its compatible endpoint has them.
 * https://github.com/openai/openai-python (`_merge_mappings`), https://github.com/BerriAI/litellm/discussions/15012,
 * https://ai.google.dev/gemini-api/docs/openai#thinking
 */
function withExtraBody({ extra_body: extra, ...body }: JsonObject): JsonObject {
  if (!isJsonObject(extra)) return extra === undefined ? body : { ...body, extra_body: extra };
  const { google, ...fields } = extra;
  return { ...withExtraBody({ ...body, ...fields }), ...(google !== undefined && { extra_body: { google } }) };
}

/** @throws ApiError 400 */
export function modelOf(body: JsonObject, example: string): string {
  const model = body['model'];
  if (typeof model === 'string' && model !== '') return model;
  throw invalidRequest(`You must provide a model, such as "${example}".`, 'model');
}

export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
export const isString = (value: unknown): value is string => typeof value === 'string';

/** A field that may be absent or null, as OpenAI allows. @throws ApiError 400 */
export function optional<T>(
  body: JsonObject,
  field: string,
  is: (value: unknown) => value is T,
  what: string,
): T | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!is(value)) throw invalidRequest(`"${field}" must be ${what}.`, field);
  return value;
}

/** A whole number from 1 to `most` that may be absent. @throws ApiError 400 */
export function count(body: JsonObject, field: string, most: number): number | undefined {
  const isCount = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
  return optional(body, field, isCount, `a whole number from 1 to ${most}`);
}

/** A number such as 1e20, which is written out in full for the provider. */
const EXPONENT = /\d[eE]\+?\d/;

/** The size of the body as the client sent it, or as the provider gets it, whichever is larger, in bytes. */
export function sizeOf(raw: Buffer | undefined, body: JsonObject): number {
  const received = raw?.length ?? 0;
  if (raw === undefined || !EXPONENT.test(raw.toString('latin1'))) return received;
  return Math.max(received, Buffer.byteLength(JSON.stringify(body)));
}

/** The thinking budget of a chat in tokens, in the field of Anthropic, OpenRouter, Qwen or Google. */
export function thinkingTokensOf(body: JsonObject): number {
  const { thinking, reasoning, thinking_budget: qwens, extra_body: extra } = body;
  const googles = fieldOf(fieldOf(fieldOf(extra, 'google'), 'thinking_config'), 'thinking_budget');
  const budgets = [fieldOf(thinking, 'budget_tokens'), fieldOf(reasoning, 'max_tokens'), qwens, googles];
  return Math.max(0, ...budgets.map((budget) => Math.ceil(doubleOf(budget) ?? 0)));
}

const fieldOf = (value: JsonValue | undefined, field: string): JsonValue | undefined =>
  isJsonObject(value) ? value[field] : undefined;
