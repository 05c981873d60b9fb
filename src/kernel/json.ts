export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

// A number that `parseExactly` kept as it was written is a raw JSON object: to all of our code neither a number nor an object.
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

export const isJsonArray = (value: unknown): value is readonly JsonValue[] => Array.isArray(value);

/** Whether a value is a number that a double can't hold, kept by `parseExactly`; `JSON.stringify` writes it as it came. */
export const isExactNumber = (value: unknown): value is { readonly rawJSON: string } =>
  // The property is asked for first: it is much faster.
  (value as { readonly rawJSON?: unknown } | null | undefined)?.rawJSON !== undefined && JSON.isRawJSON(value);

/** The double that is next to a number, kept or not; undefined for what is no number, or beyond all doubles. */
export function doubleOf(value: unknown): number | undefined {
  const number = isExactNumber(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The value with doubles in the place of numbers that were kept: for what is computed with, or stored. */
export const withDoubles = (value: JsonValue): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;
