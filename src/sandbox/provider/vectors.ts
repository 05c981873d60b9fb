import { createHash } from 'node:crypto';

/**
 * An embedding of unit length: the same for the same text, and the start of a longer one of the same text but for its length, as with
 * models that can shorten theirs.
 */
export function embeddingOf(text: string, dimensions: number): Float32Array {
  const bytes = createHash('shake256', { outputLength: dimensions * 2 })
    .update(text)
    .digest();
  const values = Float32Array.from({ length: dimensions }, (_, place) => bytes.readInt16LE(place * 2) + 0.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
