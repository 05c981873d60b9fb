// Schemas within a JSON Schema, by the keywords that have them: https://json-schema.org/draft/2020-12/json-schema-core#section-10
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';

/** Keywords with a schema or a list of them, and those with schemas by their names. */
export interface SchemaKeywords {
  readonly schemas: readonly string[];
  readonly byName: readonly string[];
}

/** A schema with others in the place of those within it. */
export const mapSchemas = (
  schema: JsonObject,
  { schemas, byName }: SchemaKeywords,
  inner: (value: JsonValue) => JsonValue,
): JsonObject =>
  mapFields(schema, (value, keyword) => {
    if (schemas.includes(keyword)) return isJsonArray(value) ? value.map(inner) : inner(value);
    return byName.includes(keyword) && isJsonObject(value) ? mapFields(value, inner) : value;
  });

const mapFields = (object: JsonObject, map: (value: JsonValue, field: string) => JsonValue): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([field, value]) => [field, value === undefined ? undefined : map(value, field)]),
  );
