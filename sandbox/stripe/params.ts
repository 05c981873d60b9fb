// Checks the parameters of a request. Unknown ones are refused, so that nothing is silently ignored that the real
// Stripe would act upon.
import { z } from 'zod';
import { badParams, type StripeFailure } from './errors.js';
import type { Form } from './form.js';

export const integer = z
  .string('Invalid integer')
  .regex(/^-?\d{1,15}$/, 'Invalid integer')
  .transform(Number);
/** In minor units: from one to eight digits, as in https://docs.stripe.com/currencies. */
export const minorUnits = integer.refine((amount) => amount >= 1 && amount <= 99_999_999, 'Amount out of range');
export const flag = z.enum(['true', 'false'], 'Invalid boolean').transform((text) => text === 'true');
/** The presentment currencies of the sandbox. */
export const currency = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['usd', 'cny'], 'Invalid currency; the sandbox supports usd and cny'));
export type Currency = z.infer<typeof currency>;
export const text = z.string().max(5_000);

const pairs = z.record(z.string().max(40), z.string().max(500));
/** At most 50 pairs. An empty string clears them. */
export const metadata = z
  .union([z.literal('').transform(() => ({})), pairs], 'Invalid metadata')
  .refine((all) => Object.keys(all).length <= 50, 'Metadata can have up to 50 keys');

/** Metadata after an update: an empty value removes its key. */
export const merged = (old: Record<string, string>, sent: Record<string, string> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...old, ...sent }).filter(([, value]) => value !== ''));

const range = z.strictObject({ gt: integer, gte: integer, lt: integer, lte: integer }).partial();
export const createdFilter = z.union([integer, range]);
export type CreatedFilter = z.infer<typeof createdFilter>;

/** The parameters of every list. */
export const listParams = {
  limit: integer.refine((limit) => limit >= 1 && limit <= 100, 'Limit must be from 1 to 100').optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** @throws StripeFailure 400 that names the first invalid parameter. */
export function read<S extends z.ZodType>(schema: S, form: Form): z.output<S> {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  throw asFailure(parsed.error.issues[0], form);
}

function asFailure(issue: z.core.$ZodIssue | undefined, form: Form): StripeFailure {
  if (issue === undefined) return badParams(undefined, 'Invalid parameters');
  if (issue.code === 'unrecognized_keys') {
    const name = named([...issue.path, ...issue.keys.slice(0, 1)]);
    return badParams(
      'parameter_unknown',
      `Received unknown parameter: ${name} (or not supported by the sandbox)`,
      name,
    );
  }
  const name = named(issue.path);
  const sent = valueAt(form, issue.path);
  if (sent === undefined) return badParams('parameter_missing', `Missing required param: ${name}.`, name);
  return badParams(codeOf(issue.message), `${issue.message}: ${name}`, name);
}

const codeOf = (message: string): string | undefined =>
  message === 'Invalid integer' ? 'parameter_invalid_integer' : undefined;

const named = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (index === 0 ? String(key) : `[${String(key)}]`)).join('');

function valueAt(form: Form, path: readonly PropertyKey[]): unknown {
  let value: unknown = form;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
