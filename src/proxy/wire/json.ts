// Reads JSON of unknown shape: an unexpected value reads as absent and never throws.
import { doubleOf, isJsonObject, type JsonObject, type JsonValue, parseExactly } from '../../kernel/index.js';

export const textIn = (object: JsonObject, field: string): string | undefined => {
  const value = object[field];
  return typeof value === 'string' ? value : undefined;
};

/** For calculating or comparing. To forward a number, use `numericIn`. */
export const numberIn = (object: JsonObject, field: string): number | undefined => doubleOf(object[field]);

/** A number as received, with all its digits. */
export const numericIn = (object: JsonObject, field: string): JsonValue | undefined =>
  numberIn(object, field) === undefined ? undefined : object[field];

export const objectIn = (object: JsonObject, field: string): JsonObject | undefined => {
  const value = object[field];
  return isJsonObject(value) ? value : undefined;
};

/** The objects in a list; none when it is not a list. */
export const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** The object without its undefined fields. */
export function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** The object with those of its fields that are kept. */
export const only = (object: JsonObject, isKept: (field: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([field]) => isKept(field)));

export function parseObject(text: string): JsonObject | undefined {
  try {
    const parsed = parseExactly(text);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
