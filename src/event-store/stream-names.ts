/** Reads what stands behind a prefix in the name of a stream, such as the id of an account; undefined for a stream of another kind. */
export const idAfter =
  (prefix: string) =>
  (stream: string): string | undefined =>
    stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined;
