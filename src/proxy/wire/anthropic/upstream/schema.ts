// Reduces a JSON schema to what Anthropic's structured outputs and strict tools accept: objects are closed, and
// unsupported constraints move into the description, as in Anthropic's own SDKs.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { only, textIn } from '../../json.js';
import { mapSchemas } from '../../json-schema.js';

const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'];
const KEPT = ['type', 'title', 'description', 'enum', 'const', 'required', '$ref', 'default', 'items'];
const LISTS = ['anyOf', 'allOf'];
const BY_NAME = ['properties', '$defs', 'definitions'];
const KEYWORDS = { schemas: ['items', ...LISTS], byName: BY_NAME };
const MAX_DEPTH = 64;

/** @throws Untranslatable when it is nested too deep. `at` is the field that holds it. */
export function supportedSchema(schema: JsonObject, at: string, depth = 0): JsonObject {
  if (depth > MAX_DEPTH)
    throw new Untranslatable(`The schema in "${at}" is nested more than ${MAX_DEPTH} levels deep.`, at);
  // These are expressed in another way or have no effect.
  const { $schema: _dialect, additionalProperties: _others, oneOf: either, ...rest } = schema;
  const told: JsonObject = { ...(isJsonArray(either) && { anyOf: either }), ...rest };
  const isKept = (key: string): boolean => isSupported(key, told[key]);
  const kept = mapSchemas(only(told, isKept), KEYWORDS, (inner) =>
    isJsonObject(inner) ? supportedSchema(inner, at, depth + 1) : inner,
  );
  const moved = Object.entries(only(told, (key) => !isKept(key)));
  return {
    ...kept,
    ...((kept['properties'] !== undefined || kept['type'] === 'object') && { additionalProperties: false }),
    ...(moved.length > 0 && { description: describe(textIn(schema, 'description'), moved) }),
  };
}

function isSupported(key: string, value: JsonValue | undefined): boolean {
  if (BY_NAME.includes(key)) return isJsonObject(value);
  if (LISTS.includes(key)) return isJsonArray(value);
  if (key === 'format') return FORMATS.some((known) => known === value);
  return KEPT.includes(key) || (key === 'minItems' && (value === 0 || value === 1));
}

function describe(description: string | undefined, moved: readonly [string, JsonValue | undefined][]): string {
  const constraints = moved.map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${description === undefined ? '' : `${description}\n\n`}{${constraints.join(', ')}}`;
}
