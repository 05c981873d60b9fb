// JSON whose numbers keep all their digits. JavaScript reads each number as a double, so 1234567890123456789 would
// leave as …800. Such numbers are kept as raw JSON (https://tc39.es/proposal-json-parse-with-source/), which survives
// copying and which `JSON.stringify` writes as it came. All other numbers are ordinary ones of the same value, though
// not always of the same spelling (1.0 becomes 1). A number is kept when it has more than 15 digits or a large exponent
// and would be written differently.
import type { JsonValue } from './json.js';

declare global {
  interface JSON {
    rawJSON(text: string): { readonly rawJSON: string };
    isRawJSON(value: unknown): boolean;
  }
}

// A double always holds 15 digits and two-digit exponents. The pattern is written out because the engine then skips
// text that can't match: twenty times as fast as `{16}`. Both patterns may match inside strings; that only costs time.
const LONG = new RegExp('[0-9.]'.repeat(16));
const FAR = /\d[eE][+-]?\d\d\d+(?:[\s,}\]]|$)/;

/** `JSON.parse`, but numbers that a double can't hold are kept. @throws SyntaxError */
export const parseExactly = (text: string): JsonValue =>
  LONG.test(text) || FAR.test(text) ? new ExactParsing().parse(text) : (JSON.parse(text) as JsonValue);

type Holder = Record<string | number, JsonValue>;

/** Possible candidates, outside of strings. */
const CANDIDATE = /-?\d(?:[-+.\deE]{15,}|[.\d]*[eE][-+]?\d{3,}[-+.\deE]*)/g;

/** `1e999` is the shortest. */
const SHORTEST = 5;

// `JSON.parse` gives a reviver the text of numbers, but takes ten seconds for a request full of small ones. So the
// numbers to keep are cut out of the text and put back into the parsed value.
class ExactParsing {
  /** A placeholder for a number, followed by its index; nobody can guess it. */
  readonly #mark = `${crypto.randomUUID()}-`;
  readonly #kept: JsonValue[] = [];

  parse(text: string): JsonValue {
    const root = [JSON.parse(this.#marked(text)) as JsonValue];
    if (this.#kept.length > 0) this.#putBack(root);
    return root[0] as JsonValue;
  }

  #marked(text: string): string {
    let marked = '';
    let copied = 0;
    for (let at = 0; at < text.length;) {
      const quote = text.indexOf('"', at);
      const start = quote === -1 ? text.length : quote;
      // Most text between strings is too short for such a number.
      if (start - at >= SHORTEST) {
        marked += text.slice(copied, at) + this.#withoutNumbers(text.slice(at, start));
        copied = start;
      }
      at = quote === -1 ? text.length : endOfString(text, quote);
    }
    return marked + text.slice(copied);
  }

  /** Handles the text between strings. */
  #withoutNumbers(structure: string): string {
    return structure.replaceAll(CANDIDATE, (number) => {
      const double = Number(number);
      // If it is not a number, it is not JSON either: `JSON.parse` will say so.
      if (Number.isNaN(double) || String(double) === number) return number;
      const place = this.#kept.push(JSON.rawJSON(number)) - 1;
      return `"${this.#mark}${place}"`;
    });
  }

  #putBack(root: JsonValue[]): void {
    const holders: Holder[] = [root as unknown as Holder];
    const visit = (holder: Holder, key: string | number): void => {
      const value = holder[key];
      if (typeof value === 'object' && value !== null) holders.push(value as Holder);
      else if (typeof value === 'string' && value.startsWith(this.#mark))
        holder[key] = this.#kept[Number(value.slice(this.#mark.length))] as JsonValue;
    };
    for (let holder = holders.pop(); holder !== undefined; holder = holders.pop()) {
      if (Array.isArray(holder)) for (let index = 0; index < holder.length; index++) visit(holder, index);
      else for (const key of Object.keys(holder)) visit(holder, key);
    }
  }
}

/** The index after a string's closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text[quote - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
  return text.length;
}
