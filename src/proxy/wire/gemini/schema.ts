// JSON Schema as Gemini accepts it. Google documents the keywords it knows and silently ignores the others
// (https://ai.google.dev/gemini-api/docs/generate-content/structured-output); of the ignored ones, `const` and the older
// name of `$defs` have an equivalent.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { objectIn } from '../json.js';
import { mapSchemas } from '../json-schema.js';
import { Untranslatable } from '../wire.js';

const KEYWORDS = {
  schemas: ['items', 'additionalProperties', 'anyOf', 'oneOf', 'prefixItems'],
  byName: ['properties', '$defs'],
};
const MAX_DEPTH = 100;

/**
 * The same schema with `{"enum":[x]}` for `{"const":x}`, `$defs` for `definitions`, and nothing beside a reference.
 * @throws Untranslatable when it is nested too deep.
 */
export function schemaOf(schema: JsonValue, at: string, depth = 0): JsonValue {
  if (!isJsonObject(schema)) return schema;
  if (depth > MAX_DEPTH)
    throw new Untranslatable(`"${at}" is nested more than ${MAX_DEPTH} deep. Send a flatter schema.`, at);
  const { const: only, definitions, $ref: reference, ...rest } = schema;
  const named = isJsonObject(definitions) ? { $defs: { ...definitions, ...objectIn(rest, '$defs') } } : {};
  const own: JsonObject = {
    ...mapSchemas({ ...rest, ...named }, KEYWORDS, (value) => schemaOf(value, at, depth + 1)),
    ...(only !== undefined && { enum: [only] }),
  };
  return reference === undefined ? own : referring(own, reference);
}

/**
 * Google refuses a schema with a reference and anything else but keywords with a `$`, such as the description that
 * pydantic puts there: https://github.com/google-gemini/gemini-cli/issues/4758
 */
function referring(own: JsonObject, reference: JsonValue): JsonObject {
  const $ref = typeof reference === 'string' ? reference.replace(/^#\/definitions\//, '#/$defs/') : reference;
  return Object.keys(own).every((key) => key.startsWith('$')) ? { ...own, $ref } : { ...own, anyOf: [{ $ref }] };
}
