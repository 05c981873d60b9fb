import { createHash } from 'node:crypto';

const WORD = /[\p{L}\p{N}]+/gu;
/** The share that the text as a whole adds to its words, so that another word order gives another vector. */
const WHOLE_SHARE = 0.1;

/**
 * An embedding of unit length, made from a bag of words, so that texts with common words are near each other, as a
 * search needs. The same text always gives the same vector, and fewer dimensions give the start of the longer vector,
 * scaled to unit length, as with models that can shorten theirs.
 */
export function embeddingOf(text: string, dimensions: number): Float32Array {
  const sum = directionOf(text, dimensions).map((value) => value * WHOLE_SHARE);
  for (const word of new Set(text.toLowerCase().match(WORD))) {
    for (const [place, value] of directionOf(word, dimensions).entries()) sum[place] = (sum[place] ?? 0) + value;
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

/** The directions of two different words are nearly orthogonal. */
function directionOf(word: string, dimensions: number): Float32Array {
  const bytes = createHash('shake256', { outputLength: dimensions * 2 })
    .update(word)
    .digest();
  return Float32Array.from({ length: dimensions }, (_, place) => bytes.readInt16LE(place * 2) + 0.5);
}
