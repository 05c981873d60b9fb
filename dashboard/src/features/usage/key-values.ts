// The settings of a key as a form has them, and as /api takes them.
import type { Schema } from '../../api/client.ts';

/** The settings of a key that are amounts of money, and those that count. */
export const BUDGETS = ['budget_daily', 'budget_weekly', 'budget_monthly', 'budget_total'] as const;
export const RATES = ['requests_per_minute', 'tokens_per_minute', 'parallel_requests'] as const;

export interface KeyValues {
  readonly name: string;
  /** A day, such as 2027-01-01. */
  readonly expires_at: string;
  readonly budget_daily: string;
  readonly budget_weekly: string;
  readonly budget_monthly: string;
  readonly budget_total: string;
  readonly allowed_models: readonly string[];
  readonly allowed_ips: readonly string[];
  /** A number, or nothing as text. */
  readonly requests_per_minute: number | string;
  readonly tokens_per_minute: number | string;
  readonly parallel_requests: number | string;
}

const FIELDS = [
  'expires_at',
  'budget_daily',
  'budget_weekly',
  'budget_monthly',
  'budget_total',
  'allowed_models',
  'allowed_ips',
  'requests_per_minute',
  'tokens_per_minute',
  'parallel_requests',
] as const satisfies readonly (keyof KeyValues)[];

export const NEW_KEY: KeyValues = {
  name: '',
  expires_at: '',
  budget_daily: '',
  budget_weekly: '',
  budget_monthly: '',
  budget_total: '',
  allowed_models: [],
  allowed_ips: [],
  requests_per_minute: '',
  tokens_per_minute: '',
  parallel_requests: '',
};

export const valuesOf = (key: Schema<'ApiKey'>): KeyValues => ({
  name: key.name,
  expires_at: key.expires_at?.slice(0, 10) ?? '',
  budget_daily: key.budget_daily ?? '',
  budget_weekly: key.budget_weekly ?? '',
  budget_monthly: key.budget_monthly ?? '',
  budget_total: key.budget_total ?? '',
  allowed_models: key.allowed_models ?? [],
  allowed_ips: key.allowed_ips ?? [],
  requests_per_minute: key.requests_per_minute ?? '',
  tokens_per_minute: key.tokens_per_minute ?? '',
  parallel_requests: key.parallel_requests ?? '',
});

type Setting = KeyValues[(typeof FIELDS)[number]];

const isEmpty = (value: Setting): boolean => (typeof value === 'number' ? false : value.length === 0);
const trimmed = (value: Setting): Setting => (typeof value === 'string' ? value.trim() : value);
const isSame = (a: Setting, b: Setting): boolean => JSON.stringify(trimmed(a)) === JSON.stringify(trimmed(b));

export function newKeyOf(values: KeyValues): Schema<'CreateKey'> {
  const given = FIELDS.filter((field) => !isEmpty(trimmed(values[field])));
  const settings = Object.fromEntries(given.map((field) => [field, trimmed(values[field])]));
  return { ...settings, name: values.name.trim() };
}

/** Only what was changed is sent: what somebody else changes meanwhile stays. Null takes a limit away. */
export function changeOf(before: KeyValues, values: KeyValues): Schema<'ChangeKey'> {
  const changed = FIELDS.filter((field) => !isSame(before[field], values[field]));
  const settings = Object.fromEntries(
    changed.map((field) => [field, isEmpty(trimmed(values[field])) ? null : trimmed(values[field])]),
  );
  return { ...settings, ...(before.name !== values.name && { name: values.name.trim() }) };
}
