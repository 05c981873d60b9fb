// Usage that is told several times while an answer goes on. Vendors define those counts as cumulative, so a later report stands for an
// earlier one, and what it leaves out stays. But it never takes anything back: a message_delta that repeats the input as 0
// (https://github.com/envoyproxy/ai-gateway/pull/1631) is none of the input. What a side comes to decides that, not each of its counts: a
// first guess of 1,220 uncached tokens may well become 20 uncached and 1,200 cached ones, and both together are no 2,420.
import { isJsonObject, type JsonValue } from '../../kernel/index.js';

/** The fields that count one side of a call, the prompt or the completion. */
export interface Side {
  /** Those that are summed to the side's whole. */
  readonly whole: readonly string[];
  /** Those that say more about it. */
  readonly parts: readonly string[];
}

export interface CumulativeBlock {
  readonly sides: readonly Side[];
  /** The sum of all sides, where a block has it. */
  readonly total?: string;
}

/** A block that takes in a later report; undefined as long as there is none. */
export function cumulative(
  { sides, total = '' }: CumulativeBlock,
  earlier: JsonValue | undefined,
  later: JsonValue | undefined,
): JsonValue | undefined {
  if (later === undefined || later === null) return earlier;
  if (!isJsonObject(earlier) || !isJsonObject(later)) return isJsonObject(earlier) ? earlier : later;
  const told = Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null));
  const merged: Record<string, JsonValue | undefined> = { ...earlier, ...told };
  for (const side of sides) {
    if (!(wholeOf(merged, side) < wholeOf(earlier, side))) continue;
    for (const field of [...side.whole, ...side.parts]) {
      if (earlier[field] === undefined) delete merged[field];
      else merged[field] = earlier[field];
    }
  }
  // A total tells of the counts it came with, and of no others.
  const isItsOwn = sides.every(({ whole }) => whole.every((field) => merged[field] === told[field]));
  if (!isItsOwn || told[total] === undefined) delete merged[total];
  return merged;
}

/** What a side comes to; not a number when one of its counts is none, which then stands, so that the block is not billed. */
const wholeOf = (block: Readonly<Record<string, JsonValue | undefined>>, { whole }: Side): number =>
  whole.reduce((sum, field) => {
    const count = block[field] ?? 0;
    return sum + (typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : NaN);
  }, 0);
