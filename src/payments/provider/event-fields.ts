// The types of fields in events about payments. Ids and currencies are written as Stripe writes them.
import { z } from 'zod';

export const id = (text: string) => z.string().min(1).max(255).describe(text);
export const instant = (text: string) => z.iso.datetime({ precision: 3 }).describe(text);
export const currency = (text: string) =>
  z
    .string()
    .regex(/^[a-z]{3}$/)
    .describe(`${text} (ISO 4217, in small letters as Stripe writes it)`);
/** Stripe’s minor units: an integer number of the currency’s smallest unit, such as cents or fen. */
export const minor = (text: string) => z.int().describe(`${text}, in minor units`);
export const usd = (text: string) =>
  z
    .string()
    .regex(/^-?\d+\.\d{2,12}$/)
    .describe(`${text} (USD, exact decimal)`);
