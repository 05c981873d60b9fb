// JSON Schema as Gemini accepts it. Google documents the keywords it knows and silently ignores the others
// (https://ai.google.dev/gemini-api/docs/generate-content/structured-output); of the ignored ones, only `const` has an
// equivalent.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';

const SCHEMAS = ['items', 'additionalProperties'];
const LISTS_OF_SCHEMAS = ['anyOf', 'oneOf', 'prefixItems'];
const SCHEMAS_BY_NAME = ['properties', '$defs'];
const MAX_DEPTH = 100;

/** The same schema with `{"enum":[x]}` for `{"const":x}`. @throws Untranslatable when it is nested too deep. */
export function schemaOf(schema: JsonValue, at: string, depth = 0): JsonValue {
  if (!isJsonObject(schema)) return schema;
  if (depth > MAX_DEPTH)
    throw new Untranslatable(`"${at}" is nested more than ${MAX_DEPTH} deep. Send a flatter schema.`, at);
  const { const: only, ...rest } = schema;
  const inner = (value: JsonValue): JsonValue => schemaOf(value, at, depth + 1);
  const entries = Object.entries(rest).map(([key, value]) => [key, withInner(key, value, inner)] as const);
  return { ...Object.fromEntries(entries), ...(only !== undefined && { enum: [only] }) };
}

function withInner(key: string, value: JsonValue | undefined, inner: (value: JsonValue) => JsonValue) {
  if (SCHEMAS.includes(key) && isJsonObject(value)) return inner(value);
  if (LISTS_OF_SCHEMAS.includes(key) && isJsonArray(value)) return value.map(inner);
  if (SCHEMAS_BY_NAME.includes(key) && isJsonObject(value)) return mapValues(value, inner);
  return value;
}

const mapValues = (object: JsonObject, map: (value: JsonValue) => JsonValue): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, value === undefined ? undefined : map(value)]),
  );
