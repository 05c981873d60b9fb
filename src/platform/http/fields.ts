// What fields of requests and answers of /api have in common.
import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { formatUsd, readInstant, toInstant, usd, ZERO } from '../../kernel/index.js';

/** An amount in an answer. */
export const usdField = (text: string) => z.string().describe(`${text} (USD, exact decimal)`);

/** An instant in an answer. */
export const instantField = (text: string) => z.string().describe(`${text} (ISO 8601)`);

/** Whether rows are wanted as JSON or as a file. */
export const jsonOrCsv = (text: string) => z.enum(['json', 'csv']).default('json').describe(text);

/** A string as `read` understands it; what it throws is what the client is told. */
const written = <T>(read: (text: string) => T) =>
  z.string().transform((text, context): T => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `${(error as Error).message}.` });
      return z.NEVER;
    }
  });

/** An instant in a request, as events have it. */
export const askedInstant = (text: string) =>
  written((value) => toInstant(readInstant(value))).describe(`${text} (ISO 8601; a day is its first moment, UTC)`);

/** An amount in a request that is not negative, as events have it. */
export const askedUsd = (text: string) => written(limit).describe(`${text} (USD, decimal)`);

function limit(text: string): string {
  const amount = usd(text);
  if (amount < ZERO) throw new RangeError('must not be negative');
  return formatUsd(amount);
}

/** The two ends of a span of time, where they are given, as events have their instants. */
export const Period = z.object({
  from: askedInstant('not earlier than this').optional(),
  to: askedInstant('earlier than this').optional(),
});

/** @throws ApiError 400 for a period that is empty */
export function checkPeriod({ from, to }: z.output<typeof Period>): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw invalidRequest('"from" must be earlier than "to".', 'from');
}
