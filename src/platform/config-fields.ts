// Kinds of variables of the configuration.
import { z } from 'zod';

export const milliseconds = (fallback: number, text: string) =>
  z.coerce.number().int().positive().max(3_600_000).default(fallback).describe(`${text}, in milliseconds`);

export const secret = (text: string) => z.string().min(1).optional().describe(text).meta({ secret: true });

export const dollars = (fallback: string, text: string) =>
  z
    .string()
    .regex(/^\d{1,7}(\.\d{1,2})?$/, 'must be US dollars such as 100.00')
    .default(fallback)
    .describe(`${text}, in US dollars`);
