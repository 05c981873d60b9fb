/** A lone surrogate as `JSON.stringify` writes it, which escapes no other; behind it, the backslashes of other escapes (ECMA-262, QuoteJSONString). */
const LONE_SURROGATE = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** What `JSON.stringify` wrote, with U+FFFD for each lone surrogate: a text that was cut within an emoji is no Unicode, and strict parsers refuse its JSON. */
export const wellFormedJson = (text: string): string =>
  // A search for a plain text is much cheaper than the pattern, and hardly ever finds anything.
  text.includes('\\ud') ? text.replace(LONE_SURROGATE, '$1\ufffd') : text;

/** Whether a text of `JSON.stringify` has a lone surrogate. */
export const hasLoneSurrogate = (text: string): boolean => text.includes('\\ud') && text.search(LONE_SURROGATE) !== -1;
