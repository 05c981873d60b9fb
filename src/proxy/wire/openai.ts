// Limits of OpenAI's chat completions that other APIs don't have, so that translated requests respect them. Requests
// from OpenAI clients pass unchanged.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { SIGNATURE } from './chat.js';
import { objectIn } from './json.js';
import { mapSchemas } from './json-schema.js';

/** Reasoning models: they refuse sampling parameters and `stop`. https://platform.openai.com/docs/guides/reasoning */
const REASONING = /^(?:gpt-[5-9]|o\d)(?!.*chat)/;
export const isReasoningModel = (model: string): boolean => REASONING.test(model);

/**
 * OpenAI's limit. Mistral's ids have nine letters and digits: https://docs.mistral.ai/capabilities/function_calling/
 */
const MAX_ID = 40;
const MISTRAL_ID = 9;
const MISTRAL = /^(?:mistral|ministral|magistral|codestral|devstral|pixtral|open-mi)/;
export const isMistral = (model: string): boolean => MISTRAL.test(model);

/**
 * The id of a call, and of its result, in a conversation with a model. Ids of another model's calls may be too long or
 * carry a signature, which only Gemini accepts.
 */
export function callIdFor(model: string, id: string): string {
  if (model.startsWith('gemini')) return id;
  const plain = id.split(SIGNATURE, 1)[0] ?? '';
  if (isMistral(model)) return /^[a-zA-Z\d]{9}$/.test(plain) ? plain : shortHash(plain).slice(0, MISTRAL_ID);
  return shortened(plain, MAX_ID);
}

/** Anthropic allows 128 characters. https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools */
const MAX_NAME = 64;

/** A tool's name in a form that every model accepts. */
export const toolName = (name: string): string => shortened(name, MAX_NAME);

/** Shortens a text by replacing its end with a hash. */
const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const hash = shortHash(text);
  return `${text.slice(0, most - hash.length - 1)}_${hash}`;
};

/** Twelve letters and digits: 62 bits of FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function shortHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return BigInt.asUintN(62, hash).toString(36).padStart(12, '0');
}

/**
 * A tool's schema as OpenAI takes it: an object has properties, and a list describes its items
 * (https://github.com/digitalocean-labs/mcp-digitalocean/issues/265).
 */
export const toolSchema = (schema: JsonObject): JsonObject => ({ properties: {}, ...withItems(schema) });

const BY_NAME = ['properties', '$defs', 'definitions'];
const KEYWORDS = {
  schemas: ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf', 'prefixItems'],
  byName: BY_NAME,
};

const withItems = (schema: JsonObject): JsonObject => ({
  ...mapSchemas(schema, KEYWORDS, (inner) => (isJsonObject(inner) ? withItems(inner) : inner)),
  ...(isOpenList(schema) && { items: {} }),
});

const isOpenList = ({ type, items }: JsonObject): boolean => [type].flat().includes('array') && items === undefined;

// https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
const ALLOWED = new Set(
  `$schema $ref $defs definitions type enum const title description properties required additionalProperties items anyOf
  pattern format multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems`.split(/\s+/),
);
const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];
const MAX_DEPTH = 10;

/** Whether OpenAI accepts `strict` for a schema: it refuses others, such as those with optional properties. */
export const canBeStrict = (schema: JsonObject): boolean =>
  schema['type'] === 'object' && schema['anyOf'] === undefined && isWithin(schema, 0);

function isWithin(schema: JsonValue | undefined, depth: number): boolean {
  if (!isJsonObject(schema) || depth > 2 * MAX_DEPTH) return false;
  const { format, properties } = schema;
  if (!Object.keys(schema).every((keyword) => ALLOWED.has(keyword))) return false;
  if (isOpenList(schema) || (format !== undefined && !FORMATS.some((known) => known === format))) return false;
  const isObject = properties !== undefined || [schema['type']].flat().includes('object');
  return (!isObject || isClosed(schema)) && innerSchemas(schema).every((inner) => isWithin(inner, depth + 1));
}

/** No additional properties, and none optional. */
function isClosed({ properties, required, additionalProperties }: JsonObject): boolean {
  const names = Object.keys(isJsonObject(properties) ? properties : {});
  const needed: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return additionalProperties === false && names.every((name) => needed.includes(name));
}

const innerSchemas = ({ anyOf, items, ...schema }: JsonObject): readonly (JsonValue | undefined)[] => [
  ...BY_NAME.flatMap((keyword) => Object.values(objectIn(schema, keyword) ?? {})),
  ...(isJsonArray(anyOf) ? anyOf : []),
  ...(items === undefined ? [] : [items]),
];
