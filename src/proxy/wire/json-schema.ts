// Schemas within a JSON Schema, by the keywords that have them: https://json-schema.org/draft/2020-12/json-schema-core#section-10
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';

/** Keywords with one schema, with a list of them, and with schemas by their names. */
export interface SchemaKeywords {
  readonly one: readonly string[];
  readonly list: readonly string[];
  readonly byName: readonly string[];
}

/** A schema with others in the place of those within it. */
export const mapSchemas = (
  schema: JsonObject,
  { one, list, byName }: SchemaKeywords,
  inner: (value: JsonValue) => JsonValue,
): JsonObject =>
  mapFields(schema, (value, keyword) => {
    if (one.includes(keyword)) return inner(value);
    if (list.includes(keyword) && isJsonArray(value)) return value.map(inner);
    return byName.includes(keyword) && isJsonObject(value) ? mapFields(value, inner) : value;
  });

const mapFields = (object: JsonObject, map: (value: JsonValue, field: string) => JsonValue): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([field, value]) => [field, value === undefined ? undefined : map(value, field)]),
  );
