// Reduces a JSON schema to what Anthropic's structured outputs and strict tools accept: objects are closed, and
// unsupported constraints move into the description, as in Anthropic's own SDKs.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { textIn } from '../../json.js';

const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'];
const KEPT = ['type', 'title', 'description', 'enum', 'const', 'required', '$ref', 'default'];
const OF_SCHEMAS = ['properties', '$defs', 'definitions'];
const LISTS = ['anyOf', 'allOf'];
/** Keywords that are expressed in another way or have no effect. */
const REPLACED = ['$schema', 'additionalProperties', 'oneOf'];
const MAX_DEPTH = 64;

/** @throws Untranslatable when it is nested too deep. `at` is the field that holds it. */
export function supportedSchema(schema: JsonObject, at: string): JsonObject {
  return objectSchema(schema, { at, depth: 0 });
}

interface Place {
  readonly at: string;
  readonly depth: number;
}

function objectSchema(schema: JsonObject, { at, depth }: Place): JsonObject {
  if (depth > MAX_DEPTH)
    throw new Untranslatable(`The schema in "${at}" is nested more than ${MAX_DEPTH} levels deep.`, at);
  const within = { at, depth: depth + 1 };
  const kept: Record<string, JsonValue> = {};
  const moved: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined || REPLACED.includes(key)) continue;
    if (OF_SCHEMAS.includes(key) && isJsonObject(value)) kept[key] = eachOf(value, within);
    else if (LISTS.includes(key) && Array.isArray(value)) kept[key] = listOf(value, within);
    else if (key === 'items') kept[key] = anySchema(value, within);
    else if (isSupported(key, value)) kept[key] = value;
    else moved.push(`${key}: ${JSON.stringify(value)}`);
  }
  const either = schema['oneOf'];
  if (Array.isArray(either) && kept['anyOf'] === undefined) kept['anyOf'] = listOf(either, within);
  if (kept['properties'] !== undefined || kept['type'] === 'object') kept['additionalProperties'] = false;
  if (moved.length > 0) kept['description'] = describe(textIn(schema, 'description'), moved);
  return kept;
}

const isSupported = (key: string, value: JsonValue): boolean =>
  KEPT.includes(key) ||
  (key === 'format' && typeof value === 'string' && FORMATS.includes(value)) ||
  (key === 'minItems' && (value === 0 || value === 1));

const eachOf = (schemas: JsonObject, place: Place): JsonObject =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, anySchema(schema ?? null, place)]));

const listOf = (schemas: readonly JsonValue[], place: Place): JsonValue =>
  schemas.map((schema) => anySchema(schema, place));

/** `true` and `false` are schemas too. */
const anySchema = (schema: JsonValue, place: Place): JsonValue =>
  isJsonObject(schema) ? objectSchema(schema, place) : schema;

const describe = (description: string | undefined, moved: readonly string[]): string =>
  `${description === undefined ? '' : `${description}\n\n`}{${moved.join(', ')}}`;
