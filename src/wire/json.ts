// Reading JSON of unknown shape: what is not as expected reads as absent, never throws.
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/index.js';

export const textIn = (object: JsonObject, field: string): string | undefined => {
  const value = object[field];
  return typeof value === 'string' ? value : undefined;
};

export const numberIn = (object: JsonObject, field: string): number | undefined => {
  const value = object[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

export const objectIn = (object: JsonObject, field: string): JsonObject | undefined => {
  const value = object[field];
  return isJsonObject(value) ? value : undefined;
};

/** The objects of a list; none when it is no list. */
export const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** Without the fields that are undefined. */
export function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

export function parseObject(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
