import { InvalidArgumentError } from 'commander';
import type { AsOf } from '../ledger/index.js';
import { type Amount, readInstant, toInstant, usd } from '../kernel/index.js';

/** For commander: turns a domain parser's error into a message for the user. */
const argument =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };

export const amountArgument: (text: string) => Amount = argument(usd);

/** Epoch milliseconds of an ISO 8601 instant or day. */
export const instantArgument: (text: string) => number = argument(readInstant);

/** A position of the log: a whole number. */
export const positionArgument: (text: string) => number = argument((text) => {
  if (!/^\d{1,15}$/.test(text)) throw new RangeError(`"${text}" is not a position of the log, a whole number`);
  return Number.parseInt(text, 10);
});

/** An ISO 8601 instant or day as text, in the form that events use. */
export const instantTextArgument: (text: string) => string = argument((text) => toInstant(readInstant(text)));

/** An instant in the future, for an expiry. */
export const futureArgument: (text: string) => number = argument((text) => {
  const instant = readInstant(text);
  if (instant <= Date.now()) throw new RangeError(`"${text}" is over already`);
  return instant;
});

/** An instant in the past. */
export const pastArgument: (text: string) => number = argument((text) => {
  const instant = readInstant(text);
  if (instant > Date.now()) throw new RangeError(`"${text}" is in the future`);
  return instant;
});

/** A position of the log, or an ISO 8601 instant or day that is not in the future. */
export const asOfArgument = (text: string): AsOf =>
  /^\d+$/.test(text) ? { position: positionArgument(text) } : { instant: pastArgument(text) };

/** A month, such as 2026-03. */
export const monthArgument = argument((text) => {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)) throw new RangeError(`"${text}" is not a month such as 2026-03`);
  return text;
});

export const yearArgument = argument((text) => {
  if (!/^\d{4}$/.test(text)) throw new RangeError(`"${text}" is not a year such as 2026`);
  return text;
});

/** ISO 4217. */
export const currencyArgument = argument((text) => {
  if (!/^[A-Za-z]{3}$/.test(text)) throw new RangeError(`"${text}" is not a currency such as USD`);
  return text.toUpperCase();
});

export const countArgument = argument((text) => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RangeError(`"${text}" is not a whole number of at least 1`);
  return Number.parseInt(text, 10);
});

/** A version of the price list; 0 for none. */
export const versionOrNoneArgument = (text: string): number => (text === '0' ? 0 : countArgument(text));

export const revisionArgument = argument((text) => {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`"${text}" is not a revision: they count 0, 1, 2 …`);
  return Number.parseInt(text, 10);
});

const LONGEST_TEXT = 2_000;

/** Text that must not be empty. */
export const textArgument = argument((text) => {
  const said = text.trim();
  if (said === '') throw new RangeError('it must not be empty');
  if (said.length > LONGEST_TEXT) throw new RangeError(`it must have at most ${LONGEST_TEXT} characters`);
  return said;
});

/** Collects the values of a repeatable option. */
export const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];
