// A span of time, as lists and files of /api take it.
import { z } from 'zod';
import { fromInstant, toInstant } from '../kernel/index.js';

const instant = (text: string) =>
  z
    .string()
    .refine((value) => /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) && !Number.isNaN(Date.parse(value)), {
      message: 'must be a day or an instant of ISO 8601, such as 2026-03-01 or 2026-03-01T12:00:00Z',
    })
    .transform((value) => toInstant(fromInstant(value)))
    .describe(`${text} (ISO 8601; a day is its first moment, UTC)`);

/** Its two ends, where they are given, as events have their instants. */
export const Period = z.object({
  from: instant('not earlier than this').optional(),
  to: instant('earlier than this').optional(),
});
