import { createHash } from 'node:crypto';

const WORD = /[\p{L}\p{N}]+/gu;
/** What the text as a whole adds to its words, so that other words in another order are another vector. */
const WHOLE_SHARE = 0.1;

/**
 * An embedding of unit length: a bag of words, so that texts with words in common are near each other, as a search needs it. The same for
 * the same text, and the start of a longer one of the same text but for its length, as with models that can shorten theirs.
 */
export function embeddingOf(text: string, dimensions: number): Float32Array {
  const sum = directionOf(text, dimensions).map((value) => value * WHOLE_SHARE);
  for (const word of new Set(text.toLowerCase().match(WORD))) {
    for (const [place, value] of directionOf(word, dimensions).entries()) sum[place] = (sum[place] ?? 0) + value;
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

/** Of two words, as good as at right angles. */
function directionOf(word: string, dimensions: number): Float32Array {
  const bytes = createHash('shake256', { outputLength: dimensions * 2 })
    .update(word)
    .digest();
  return Float32Array.from({ length: dimensions }, (_, place) => bytes.readInt16LE(place * 2) + 0.5);
}
