// What the fields of events are, as their schemas and docs/events.md say it.
import { z } from 'zod';

/** Of ours, or of Stripe's. */
export const id = (description: string) => z.string().min(1).max(255).describe(description);
export const text = (description: string) => z.string().min(1).max(2_000).describe(description);
export const count = (description: string) => z.int().min(0).describe(description);

export const instant = (description: string) => z.iso.datetime({ precision: 3 }).describe(description);
export const happenedAt = instant('when it happened; never earlier than the event before');
export const recordedAt = instant('when it was recorded; never earlier than the event before');

export const usd = (description: string) =>
  z
    .string()
    .regex(/^-?\d+\.\d{2,12}$/)
    .describe(`${description} (USD, exact decimal)`);
/** Stripe’s minor units: an integer number of the currency’s smallest unit, such as cents or fen. */
export const minor = (description: string) => z.int().describe(`${description}, in minor units`);
export const currency = (description: string) =>
  z
    .string()
    .regex(/^[a-z]{3}$/)
    .describe(`${description} (ISO 4217, in small letters as Stripe writes it)`);

/** The events of a stream, by the schemas of their data. */
export type EventOf<Schemas extends Readonly<Record<string, z.ZodType>>> = {
  [Type in keyof Schemas]: { readonly type: Type; readonly data: z.infer<Schemas[Type]> };
}[keyof Schemas];
