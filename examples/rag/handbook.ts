// The handbook in passages, the search over them, and the question as a model gets it.
import { readdir, readFile } from 'node:fs/promises';

export interface Passage {
  /** Such as `refunds.md`. */
  readonly source: string;
  readonly text: string;
}

const FOLDER = new URL('handbook/', import.meta.url);

/** One passage for each page. Longer pages are cut into passages of some hundred words, at their headings. */
export async function readHandbook(): Promise<Passage[]> {
  const files = (await readdir(FOLDER)).toSorted();
  return Promise.all(files.map(async (source) => ({ source, text: await readFile(new URL(source, FOLDER), 'utf8') })));
}

/** The passages nearest to a question, the nearest first. Embeddings have unit length, so their product is the cosine of their angle. */
export function nearest(
  question: readonly number[],
  passages: readonly Passage[],
  embeddings: readonly (readonly number[])[],
  count = 2,
): Passage[] {
  const scored = passages.map((passage, index) => ({ passage, score: product(question, embeddings[index] ?? []) }));
  const best = scored.toSorted((one, other) => other.score - one.score).slice(0, count);
  return best.map(({ passage }) => passage);
}

const product = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

export const INSTRUCTIONS = 'Answer from the passages alone, in one or two sentences. If they don’t say it, say so.';

export const prompt = (question: string, passages: readonly Passage[]): string =>
  [...passages.map(({ source, text }) => `<passage source="${source}">\n${text}</passage>`), question].join('\n\n');
