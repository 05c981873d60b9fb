// Canonical JSON (RFC 8785): one text for one value, whoever writes it.
import { configure } from 'safe-stable-stringify';

/** Sorts keys by their UTF-16 code units, and throws where JSON has no number; `JSON.stringify`'s numbers and strings are RFC 8785's. */
const stringify = configure({ strict: true });

/** A lone surrogate as JSON text has it: JSON.stringify escapes no other (ECMA-262, QuoteJSONString). */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** The RFC 8785 canonical JSON of a value. @throws TypeError when it has none: a lone surrogate, or a number that is not finite */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = stringify(value);
  } catch (cause) {
    throw new TypeError(`A value without canonical JSON is not allowed: ${(cause as Error).message}`, { cause });
  }
  if (text === undefined) throw new TypeError('A value without JSON is not allowed');
  // A search for a plain text is much cheaper than the pattern, and hardly ever finds anything.
  if (text.includes('\\ud') && LONE_SURROGATE.test(text)) throw new TypeError('A lone surrogate is not allowed');
  return text;
}
