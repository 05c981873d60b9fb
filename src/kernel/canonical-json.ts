// Canonical JSON (RFC 8785): one text for one value, whoever writes it.
import { configure } from 'safe-stable-stringify';
import { hasLoneSurrogate } from './well-formed-json.js';

/** Sorts keys by their UTF-16 code units, and throws where JSON has no number; `JSON.stringify`'s numbers and strings are RFC 8785's. */
const stringify = configure({ strict: true });

/** The RFC 8785 canonical JSON of a value. @throws TypeError when it has none: a lone surrogate, or a number that is not finite */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    const ordered = inOrder(value);
    text = ordered === NO_COPY ? stringify(value) : JSON.stringify(ordered);
  } catch (cause) {
    throw new TypeError(`A value without canonical JSON is not allowed: ${(cause as Error).message}`, { cause });
  }
  if (text === undefined) throw new TypeError('A value without JSON is not allowed');
  if (hasLoneSurrogate(text)) throw new TypeError('A lone surrogate is not allowed');
  return text;
}

const NO_COPY = Symbol('no copy in order');
const NUMBER = /^\d+$/;

/**
 * A copy whose objects have their members in order: JSON.stringify writes it with a fraction of the garbage. There is none of objects that are
 * not plain, or that can't be copied member by member in this order: numbers always come first, and `__proto__` is no member.
 */
function inOrder(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is no JSON number`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    return items.includes(NO_COPY) ? NO_COPY : items;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return NO_COPY;
  const ordered: Record<string, unknown> = {};
  for (const key of sorted(Object.keys(value))) {
    const member = inOrder((value as Record<string, unknown>)[key]);
    if (member === NO_COPY || key === '__proto__' || (key < ':' && NUMBER.test(key))) return NO_COPY;
    ordered[key] = member;
  }
  return ordered;
}

/** The engine sorts more keys than this faster; for fewer it makes more garbage than all the rest. */
const FEW = 50;

/** By UTF-16 code units; few keys in place. */
function sorted(keys: string[]): string[] {
  if (keys.length > FEW) return keys.toSorted();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] as string;
    let at = end;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}
