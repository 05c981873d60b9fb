/**
 * The value of the JSON of a statement. Of a member that stands in it twice, a program reads one and a person perhaps the other, so such a file
 * is none.
 * @throws SyntaxError
 */
export function parseStatement(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (colonsIn(text) !== membersOf(value)) throw new SyntaxError('a member stands in it twice');
  return value;
}

/** Outside of texts, JSON has a colon for each member that is written. */
const colonsIn = (text: string): number => text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value);
  return inside.reduce<number>((sum, one) => sum + membersOf(one), Array.isArray(value) ? 0 : inside.length);
}
