// A plausible value for a JSON schema: handles the keywords that tools and structured outputs use (types, enum, const,
// bounds, required, $ref into the schema, anyOf, oneOf, allOf, common formats). `pattern`, `not` and conditions are
// ignored.
import { type JsonObject, type JsonValue, isJsonObject } from '../../src/kernel/index.js';

// Beyond the first depth there are no optional properties, array items or nullable values; the second stops infinite
// schemas.
const DEEPEST = 6;
const BOTTOM = 16;
const FORMATS: ReadonlyMap<JsonValue, string> = new Map(
  Object.entries({
    date: '2026-01-31',
    time: '12:00:00Z',
    'date-time': '2026-01-31T12:00:00Z',
    duration: 'PT1H',
    email: 'ada@example.com',
    hostname: 'example.com',
    ipv4: '192.0.2.1',
    ipv6: '2001:db8::1',
    uri: 'https://example.com/',
    uuid: '00000000-0000-4000-8000-000000000000',
  }),
);
const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries({
    city: 'Paris',
    location: 'Paris, France',
    country: 'France',
    currency: 'USD',
    language: 'en',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    query: 'octopuses',
    date: '2026-01-31',
    timezone: 'Europe/Paris',
    url: 'https://example.com/',
  }),
);

/** Always the same value for the same schema. */
export const sampleOf = (schema: JsonValue): JsonValue => sample(schema, { root: schema, depth: 0, name: 'value' });

interface Place {
  readonly root: JsonValue;
  readonly depth: number;
  /** The property that the value is for. */
  readonly name: string;
}

function sample(schema: JsonValue | undefined, place: Place): JsonValue {
  if (place.depth > BOTTOM) return null;
  if (!isJsonObject(schema)) return stringFor({}, place.name);
  if (typeof schema.$ref === 'string')
    return sample(resolve(place.root, schema.$ref), { ...place, depth: place.depth + 1 });
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0] as JsonValue;
  if (schema.default !== undefined) return schema.default;
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options)) return sample(chooseOption(options, place.depth), place);
  if (Array.isArray(schema.allOf)) return sample(merge(schema, schema.allOf, place.root), place);
  return sampleOfType(typeOf(schema, place.depth), schema, place);
}

function sampleOfType(type: string, schema: JsonObject, place: Place): JsonValue {
  switch (type) {
    case 'object':
      return objectFor(schema, place);
    case 'array':
      return arrayFor(schema, place);
    case 'integer':
    case 'number':
      return numberFor(schema, type === 'integer');
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return stringFor(schema, place.name);
  }
}

function typeOf(schema: JsonObject, depth: number): string {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const names = types.filter((type): type is string => typeof type === 'string');
  // A recursive schema ends at the deepest level if it can.
  if (depth > DEEPEST && names.includes('null')) return 'null';
  const first = names.find((type) => type !== 'null') ?? names[0];
  if (first !== undefined) return first;
  if (schema.properties !== undefined) return 'object';
  return schema.items === undefined ? 'string' : 'array';
}

const isNull = (option: JsonValue): boolean => isJsonObject(option) && option.type === 'null';

function chooseOption(options: readonly JsonValue[], depth: number): JsonValue | undefined {
  const preferred = depth > DEEPEST ? options.find(isNull) : options.find((option) => !isNull(option));
  return preferred ?? options[0];
}

function merge(schema: JsonObject, parts: readonly JsonValue[], root: JsonValue): JsonObject {
  const { allOf: _, ...merged }: Record<string, JsonValue | undefined> = schema;
  for (const part of parts) {
    const resolved = isJsonObject(part) && typeof part.$ref === 'string' ? resolve(root, part.$ref) : part;
    if (!isJsonObject(resolved)) continue;
    const properties = { ...asObject(merged.properties), ...asObject(resolved.properties) };
    const required = [...asArray(merged.required), ...asArray(resolved.required)];
    Object.assign(merged, resolved, { properties, required });
  }
  return merged;
}

const asObject = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const asArray = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

function resolve(root: JsonValue, reference: string): JsonValue | undefined {
  let found: JsonValue | undefined = root;
  for (const step of reference.split('/').slice(1)) {
    if (!isJsonObject(found)) return undefined;
    found = found[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return found;
}

function objectFor(schema: JsonObject, place: Place): JsonObject {
  const required = new Set(asArray(schema.required));
  const depth = place.depth + 1;
  const entries = Object.entries(asObject(schema.properties)).filter(
    ([name]) => depth <= DEEPEST || required.has(name),
  );
  return Object.fromEntries(entries.map(([name, property]) => [name, sample(property, { ...place, depth, name })]));
}

function arrayFor(schema: JsonObject, place: Place): JsonValue {
  const depth = place.depth + 1;
  const fewest = numeric(schema.minItems) ?? 0;
  const preferred = depth > DEEPEST ? fewest : Math.max(1, fewest);
  const length = Math.min(preferred, numeric(schema.maxItems) ?? preferred, 100);
  return Array.from({ length }, () => sample(schema.items, { ...place, depth }));
}

const numeric = (value: JsonValue | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

function numberFor(schema: JsonObject, whole: boolean): number {
  const above = numeric(schema.exclusiveMinimum);
  const below = numeric(schema.exclusiveMaximum);
  const step = numeric(schema.multipleOf) ?? (whole ? 1 : undefined);
  const lowest = Math.max(numeric(schema.minimum) ?? -Infinity, above ?? -Infinity);
  const highest = Math.min(numeric(schema.maximum) ?? Infinity, below ?? Infinity);
  if (step !== undefined) {
    let value = Math.ceil(Math.max(lowest, Math.min(1, highest)) / step) * step;
    if (value > highest) value = Math.floor(highest / step) * step;
    if (value === above) return value + step;
    return value === below ? value - step : value;
  }
  if (lowest < 1 && highest > 1) return 1;
  if (lowest === -Infinity) return highest - 1;
  return highest === Infinity ? lowest + 1 : (lowest + highest) / 2;
}

function stringFor(schema: JsonObject, name: string): string {
  const formatted = FORMATS.get(schema.format ?? null);
  if (formatted !== undefined) return formatted;
  const fewest = Math.min(numeric(schema.minLength) ?? 0, 10_000);
  const text = BY_NAME.get(name.toLowerCase()) ?? `sandbox ${name}`;
  return text.padEnd(fewest, '.').slice(0, numeric(schema.maxLength) ?? Infinity);
}
