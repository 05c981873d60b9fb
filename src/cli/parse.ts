import { InvalidArgumentError } from 'commander';
import { type Amount, readInstant, toInstant, usd } from '../kernel/index.js';

/** For commander: turns a domain parser's error into the message people see. */
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

/** The same as text, as events have it. */
export const instantTextArgument: (text: string) => string = argument((text) => toInstant(readInstant(text)));

export const countArgument = argument((text) => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RangeError(`"${text}" is not a whole number of at least 1`);
  return Number.parseInt(text, 10);
});

/** Gathers an option that may be given several times. */
export const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];
