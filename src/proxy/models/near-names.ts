// Names that somebody may have meant. Case, punctuation and a maker's name in front (`openai/gpt-4o`) don't count; what continues a name, as a
// date does, is near to it, and so is what takes few edits to be the same.

const MOST_NAMES = 3;
/** Longer ones are cut: no model has such a name, and comparing takes the product of both lengths. */
const LONGEST = 64;
const SHORTEST_BEGINNING = 3;

/** At most three of these names, the nearest first. */
export function nearNames(asked: string, names: Iterable<string>): readonly string[] {
  const plain = plainName(asked);
  return [...names]
    .map((name) => ({ name, far: distance(plain, plainName(name)) }))
    .filter(({ far }) => far < Infinity)
    .toSorted((a, b) => a.far - b.far || a.name.length - b.name.length)
    .slice(0, MOST_NAMES)
    .map(({ name }) => name);
}

const plainName = (name: string): string =>
  name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, LONGEST);

/** Infinity when they have nothing to do with each other. */
function distance(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const most = Math.max(1, Math.floor(short.length / 4));
  if (long.length - short.length <= most) {
    const far = edits(short, long);
    if (far <= most) return far;
  }
  return short.length >= SHORTEST_BEGINNING && long.startsWith(short) ? most + 1 : Infinity;
}

/** Letters put in, left out, replaced, or swapped with their neighbour (optimal string alignment). */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
