// Reads the counts of a usage block. If its main counts can't be read, it can't be billed; a detail that can't be read
// is ignored.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import type { Reading } from '../readings.js';
import { MAX_TOKENS, type Usage, UsageFault } from '../usage.js';

class Unreadable extends Error {}

/** Reads a block by a function that may call those below. */
export function readBlock(
  raw: JsonValue,
  read: (block: JsonObject, parts: Parts) => Usage | UsageFault,
): Usage | UsageFault {
  if (!isJsonObject(raw)) return new UsageFault('The usage block is not an object.');
  try {
    return read(raw, new Parts());
  } catch (error) {
    if (error instanceof Unreadable) return new UsageFault(error.message);
    throw error;
  }
}

const isCount = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 2 * MAX_TOKENS;

/** A count of tokens; undefined when it is absent or null. */
export function countOf(block: JsonObject, field: string): number | undefined {
  const value = block[field] ?? undefined;
  if (value === undefined || isCount(value)) return value;
  const shown = typeof value === 'object' ? 'an object' : JSON.stringify(value).slice(0, 40);
  throw new Unreadable(`${field} is ${shown}, not a plausible whole number of tokens.`);
}

export function requiredCount(block: JsonObject, field: string): number {
  const count = countOf(block, field);
  if (count === undefined) throw new Unreadable(`${field} is missing in the usage block.`);
  return count;
}

const NOTHING: JsonObject = {};

/** Reads details within or beside the main counts, and remembers when one of them made no sense. */
export class Parts {
  #doubted = false;

  /** The reading of the counts: no more than certain if a detail was ignored. */
  get doubt(): Reading[] | undefined {
    return this.#doubted ? ['certain'] : undefined;
  }

  doubted(): void {
    this.#doubted = true;
  }

  /** A count of tokens; undefined when it is absent, null or unreadable. */
  count(block: JsonObject, field: string): number | undefined {
    const value = block[field] ?? undefined;
    if (value === undefined || isCount(value)) return value;
    this.#doubted = true;
    return undefined;
  }

  /** The largest of several counts of the same tokens: one place may report 0 where another has the number. 0 without any. */
  largest(block: JsonObject, fields: readonly string[]): number {
    let largest = 0;
    for (const field of fields) largest = Math.max(largest, this.count(block, field) ?? 0);
    return largest;
  }

  /** A block within the block; an empty one when it is missing, or the `[]` that PHP makes of an empty object. */
  within(block: JsonObject, field: string): JsonObject {
    const details = block[field] ?? NOTHING;
    if (isJsonObject(details)) return details;
    if (!isJsonArray(details) || details.length > 0) this.#doubted = true;
    return NOTHING;
  }

  /**
   * The cache writes by their two lifetimes. All of them count as five-minute writes, once the only kind, unless the
   * lifetimes say otherwise. If these have another sum, only the smaller is certain, the shorter lifetime first.
   */
  written(all: number, for5m: number | undefined, for1h: number): WrittenToCache {
    const lives = (for5m ?? Math.max(0, all - for1h)) + for1h;
    if (all !== 0 && lives !== 0 && all !== lives) this.#doubted = true;
    const tokens = all === 0 || lives === 0 ? Math.max(all, lives) : Math.min(all, lives);
    const cacheWriteTokens = lives === 0 ? tokens : Math.min(tokens, lives - for1h);
    return { cacheWriteTokens, cacheWrite1hTokens: tokens - cacheWriteTokens };
  }
}

interface WrittenToCache {
  readonly cacheWriteTokens: number;
  readonly cacheWrite1hTokens: number;
}
