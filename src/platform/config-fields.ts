// Kinds of variables of the configuration.
import { z } from 'zod';

export const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

export const milliseconds = (fallback: number, text: string) =>
  wholeNumber(1, 3_600_000).default(fallback).describe(`${text}, in milliseconds`);

/** How many bytes of one kind all requests may have in memory together. */
export const bytesUnderWay = (text: string) =>
  wholeNumber(65_536, 68_719_476_736).optional().describe(`${text}; unset, a twelfth of the memory, at most 1 GiB`);

/** A secret that others gave us, as they gave it: a line break of a file or a letter of a word processor breaks every call that carries it. */
export const givenSecret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be one line of ASCII characters without spaces, as it was given to you');

export const secret = (text: string) => givenSecret.optional().describe(text).meta({ secret: true });

export const dollars = (fallback: string, text: string) =>
  z
    .string()
    .regex(/^\d{1,7}(\.\d{1,2})?$/, 'must be US dollars such as 100.00')
    .default(fallback)
    .describe(`${text}, in US dollars`);

export const largestBodyFits = z.refine<{
  readonly BODY_LIMIT_BYTES: number;
  readonly BODIES_UNDER_WAY_BYTES?: number | undefined;
}>(({ BODY_LIMIT_BYTES: largest, BODIES_UNDER_WAY_BYTES: together }) => together === undefined || together >= largest, {
  path: ['BODIES_UNDER_WAY_BYTES'],
  error: 'must be at least BODY_LIMIT_BYTES, as the largest bodies would never be let in: raise it, or lower that',
});
