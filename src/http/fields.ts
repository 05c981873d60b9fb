// What fields of requests and answers of /api have in common.
import { z } from 'zod';
import { fromInstant, toInstant } from '../kernel/index.js';

/** An amount in an answer. */
export const usdField = (text: string) => z.string().describe(`${text} (USD, exact decimal)`);

/** An instant in an answer. */
export const instantField = (text: string) => z.string().describe(`${text} (ISO 8601)`);

/** Whether rows are wanted as JSON or as a file. */
export const jsonOrCsv = (text: string) => z.enum(['json', 'csv']).default('json').describe(text);

const askedInstant = (text: string) =>
  z
    .string()
    .refine((value) => /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) && !Number.isNaN(Date.parse(value)), {
      message: 'must be a day or an instant of ISO 8601, such as 2026-03-01 or 2026-03-01T12:00:00Z',
    })
    .transform((value) => toInstant(fromInstant(value)))
    .describe(`${text} (ISO 8601; a day is its first moment, UTC)`);

/** The two ends of a span of time, where they are given, as events have their instants. */
export const Period = z.object({
  from: askedInstant('not earlier than this').optional(),
  to: askedInstant('earlier than this').optional(),
});
