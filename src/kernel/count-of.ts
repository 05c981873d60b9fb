/** A number of things in words: `1 request`, `2 requests`. */
export const countOf = (count: number | bigint, one: string, many = `${one}s`): string =>
  `${count} ${String(count) === '1' ? one : many}`;
