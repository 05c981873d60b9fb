// Usage that is reported several times during an answer. Vendors define these counts as cumulative, so a later report
// replaces an earlier one, and fields it omits stay. But a later report never lowers anything: a message_delta that
// repeats the input as 0 (https://github.com/envoyproxy/ai-gateway/pull/1631) says nothing about the input. The total
// of each side decides that, not each single count: a first guess of 1,220 uncached tokens may well become 20 uncached
// and 1,200 cached ones, which must not add up to 2,420. What a format is known to estimate at first is the exception.
import { isJsonObject, type JsonValue } from '../../kernel/index.js';

/** The fields that count one side of a call, the prompt or the completion. */
interface Side {
  /** Fields that sum to the side's total. */
  readonly whole: readonly string[];
  /** Fields that give details of it. */
  readonly parts: readonly string[];
  /** A field of `whole` that early reports estimate: a later count other than 0 corrects it, even to less. */
  readonly estimated?: string;
}

export interface CumulativeBlock {
  readonly sides: readonly Side[];
  /** The sum of all sides, where a block has it. */
  readonly total?: string;
}

/** Merges a later report into a block; undefined while there is none. */
export function cumulative(
  { sides, total = '' }: CumulativeBlock,
  earlier: JsonValue | undefined,
  later: JsonValue | undefined,
): JsonValue | undefined {
  if (later === undefined || later === null) return earlier;
  if (!isJsonObject(earlier) || !isJsonObject(later)) return isJsonObject(earlier) ? earlier : later;
  const merged: Record<string, JsonValue | undefined> = { ...earlier, ...later };
  const keep = (field: string): void => {
    if (earlier[field] === undefined) delete merged[field];
    else merged[field] = earlier[field];
  };
  // What is null was not reported.
  for (const field of Object.keys(later)) if (later[field] === null) keep(field);
  for (const side of sides) {
    if (!(wholeOf(merged, side) < wholeOf(earlier, side))) continue;
    if (later[side.estimated ?? '']) {
      // The details of an estimate go with it.
      for (const field of side.parts) if (later[field] === undefined) delete merged[field];
      continue;
    }
    side.whole.forEach(keep);
    side.parts.forEach(keep);
  }
  // A total belongs to the counts it came with, and to no others.
  const isItsOwn = sides.every(({ whole }) => whole.every((field) => merged[field] === (later[field] ?? undefined)));
  if (!isItsOwn || (later[total] ?? undefined) === undefined) delete merged[total];
  return merged;
}

/**
 * The total of a side; not a number when one of its counts is not, which then stays, so that the block is not billed.
 */
const wholeOf = (block: Readonly<Record<string, JsonValue | undefined>>, { whole }: Side): number =>
  whole.reduce((sum, field) => {
    const count = block[field] ?? 0;
    return sum + (typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : NaN);
  }, 0);
