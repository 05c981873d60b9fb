// Checks JSON schemas as Google does. Its message is as reported: https://github.com/google-gemini/gemini-cli/issues/4758
// (beside a reference) and https://github.com/google-gemini/gemini-cli/issues/13326 (undefined).
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import { badRequest } from '../errors.js';

/** Of references to other places nothing is known. */
const NAMED = /^#\/(?:\$defs|definitions)\//;

/** @throws WireError (400) that names the place of a reference with something beside it, or to nothing in `$defs`. */
export function checkReferences(schema: JsonValue | undefined): void {
  const names = isJsonObject(schema) && isJsonObject(schema.$defs) ? Object.keys(schema.$defs) : [];
  check(schema, '', new Set(names.map((name) => `#/$defs/${name}`)));
}

function check(schema: JsonValue | undefined, at: string, known: ReadonlySet<string>): void {
  if (!isJsonObject(schema)) return;
  checkReference(schema, at || 'top-level', known);
  for (const [name, inner] of innerOf(schema)) check(inner, at === '' ? name : `${at}.${name}`, known);
}

function checkReference(schema: JsonObject, at: string, known: ReadonlySet<string>): void {
  const reference = schema.$ref;
  if (reference === undefined) return;
  if (Object.keys(schema).some((key) => !key.startsWith('$')))
    throw badRequest(`schema at ${at} can only contain properties starting with '$' when $ref is present`, null);
  if (typeof reference === 'string' && NAMED.test(reference) && !known.has(reference))
    throw badRequest(`reference to undefined schema at ${at}`, null);
}

function innerOf(schema: JsonObject): readonly (readonly [string, JsonValue | undefined])[] {
  const { properties, $defs, anyOf, oneOf, prefixItems, items, additionalProperties } = schema;
  const named = Object.entries({ properties, $defs }).flatMap(([key, schemas]) =>
    isJsonObject(schemas) ? Object.entries(schemas).map(([name, one]) => [`${key}.${name}`, one] as const) : [],
  );
  const listed = Object.entries({ anyOf, oneOf, prefixItems }).flatMap(([key, schemas]) =>
    Array.isArray(schemas) ? schemas.map((one: JsonValue, index) => [`${key}.${index}`, one] as const) : [],
  );
  return [...named, ...listed, ['items', items], ['additionalProperties', additionalProperties]];
}
