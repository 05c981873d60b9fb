/** The path of a request as it is routed: without its query, slashes that stand double, and one at its end. */
export const pathOf = (url: string): string =>
  (url.split('?', 1)[0] ?? '').replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
