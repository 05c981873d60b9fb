// Reading the counts of a usage block. It is left at its first unreadable field: a block that can't be read whole can't be billed.
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/index.js';
import { MAX_TOKENS, type Usage, UsageFault } from '../pricing/index.js';

class Unreadable extends Error {}

/** To be thrown when the counts of a block contradict each other. */
export const unreadable = (why: string): Error => new Unreadable(why);

/** Reads a block by a function that may call those below. */
export function readBlock(raw: JsonValue, read: (block: JsonObject) => Usage | UsageFault): Usage | UsageFault {
  if (!isJsonObject(raw)) return new UsageFault('The usage block is not an object.');
  try {
    return read(raw);
  } catch (error) {
    if (error instanceof Unreadable) return new UsageFault(error.message);
    throw error;
  }
}

/** A count of tokens; undefined when it is absent or null. */
export function countOf(block: JsonObject, field: string): number | undefined {
  const value = block[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 2 * MAX_TOKENS) return value;
  const shown = JSON.stringify(value).slice(0, 40);
  throw new Unreadable(`${field} is ${shown}, not a plausible whole number of tokens.`);
}

export function requiredCount(block: JsonObject, field: string): number {
  const count = countOf(block, field);
  if (count === undefined) throw new Unreadable(`${field} is missing.`);
  return count;
}

/** A block within the block; an empty one when it is absent or null. */
export function detailsOf(block: JsonObject, field: string): JsonObject {
  const details = block[field] ?? {};
  if (!isJsonObject(details)) throw new Unreadable(`${field} is not an object.`);
  return details;
}
