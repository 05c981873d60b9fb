export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

// A number that `parseExactly` kept is a raw JSON object; our code treats it as neither a number nor an object.
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

export const isJsonArray = (value: unknown): value is readonly JsonValue[] => Array.isArray(value);

/**
 * Whether `parseExactly` kept this value as a number that a double can't hold; `JSON.stringify` writes it as it came.
 */
export const isExactNumber = (value: unknown): value is { readonly rawJSON: string } =>
  // Checking the property first is much faster.
  (value as { readonly rawJSON?: unknown } | null | undefined)?.rawJSON !== undefined && JSON.isRawJSON(value);

/** The double nearest to a number, kept or not; undefined when it is not a number, or beyond all doubles. */
export function doubleOf(value: unknown): number | undefined {
  const number = isExactNumber(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The JSON text of a value; undefined of one that is nested some thousands deep, as writing it would overflow the stack. */
export function jsonText(value: JsonValue): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The value with kept numbers replaced by doubles, for computing or storing; undefined of one that has no text. */
export function withDoubles(value: JsonValue): JsonValue | undefined {
  const text = jsonText(value);
  return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
}

/** Deeper than any event; deeper values are simply copied. */
const MAX_DEPTH = 100;

/** Whether a value is exactly what its JSON text is read as: plain objects and arrays without gaps, nothing that JSON leaves out or changes. */
export function isOwnCopy(value: unknown, depth = 0): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const values = Object.values(value);
  if (
    Array.isArray(value)
      ? prototype !== Array.prototype || values.length !== value.length
      : prototype !== Object.prototype
  )
    return false;
  for (const each of values) if (!isOwnCopy(each, depth + 1)) return false;
  return true;
}

/** A reviver for `JSON.parse` that keeps numbers as they are written, as text, so that no digit is lost. */
export const numbersAsText = ((_key: string, value: unknown, { source }: { readonly source?: string }) =>
  typeof value === 'number' ? source : value) as (this: unknown, key: string, value: unknown) => unknown;
