// What /api takes and answers about keys: the settings of the ledger under the names that the API uses.
import { z } from 'zod';
import { askedInstant, askedUsd } from '../../platform/http/index.js';
import { toInstant } from '../../kernel/index.js';
import { type Key, type KeyChange, keySettings, type KeySettings } from '../../ledger/index.js';

/** Each setting by its name in the API. */
const NAMES = {
  name: 'name',
  requests_per_minute: 'requestsPerMinute',
  tokens_per_minute: 'tokensPerMinute',
  parallel_requests: 'parallelRequests',
  budget_daily: 'budgetDaily',
  budget_weekly: 'budgetWeekly',
  budget_monthly: 'budgetMonthly',
  budget_total: 'budgetTotal',
  allowed_models: 'allowedModels',
  allowed_ips: 'allowedIps',
  expires_at: 'expiresAt',
} as const satisfies Readonly<Record<string, keyof KeySettings>>;

const limits = {
  requests_per_minute: keySettings.requestsPerMinute,
  tokens_per_minute: keySettings.tokensPerMinute,
  parallel_requests: keySettings.parallelRequests,
  budget_daily: askedUsd('most it may spend per UTC day').optional(),
  budget_weekly: askedUsd('most it may spend per week, from Monday, UTC').optional(),
  budget_monthly: askedUsd('most it may spend per UTC calendar month').optional(),
  budget_total: askedUsd('most it may spend in its life').optional(),
  allowed_models: keySettings.allowedModels,
  allowed_ips: keySettings.allowedIps,
  expires_at: askedInstant('when it stops working').optional(),
};

const name = keySettings.name.trim().min(1, 'must not be empty');

export const CreateKeyBody = z.strictObject({ name, ...limits });

const removable = Object.fromEntries(
  Object.entries(limits).map(([field, schema]) => [
    field,
    schema
      .unwrap()
      .nullable()
      .optional()
      .describe(`${schema.unwrap().description ?? ''}; null takes it away`),
  ]),
);

export const UpdateKeyBody = z.strictObject({
  name: name.optional(),
  ...removable,
});

export const KeyAnswer = z.object({
  id: z.string(),
  object: z.literal('key'),
  name: z.string(),
  last4: z.string().describe('the last four characters of the key'),
  status: z.enum(['active', 'revoked', 'expired']),
  created_at: z.string(),
  revoked_at: z.string().nullable(),
  replaces: z.string().nullable().describe('the key it was issued in the place of, whose spending counts for it'),
  replaced_by: z.string().nullable().describe('the key that was issued in its place'),
  requests_per_minute: z.int().nullable(),
  tokens_per_minute: z.int().nullable(),
  parallel_requests: z.int().nullable(),
  budget_daily: z.string().nullable(),
  budget_weekly: z.string().nullable(),
  budget_monthly: z.string().nullable(),
  budget_total: z.string().nullable(),
  allowed_models: z.array(z.string()).nullable(),
  allowed_ips: z.array(z.string()).nullable(),
  expires_at: z.string().nullable(),
});

export const IssuedKeyAnswer = KeyAnswer.extend({ key: z.string().describe('the whole key, shown this once') });
export const KeysAnswer = z.object({
  object: z.literal('list'),
  data: z.array(KeyAnswer),
  has_more: z.literal(false),
  next_cursor: z.null(),
});

const fields = Object.entries(NAMES) as readonly (readonly [keyof typeof NAMES, keyof KeySettings])[];

/** What is given of a key’s settings, by their names in the ledger. */
export const settingsIn = (body: Readonly<Record<string, unknown>>): KeyChange =>
  Object.fromEntries(
    fields.flatMap(([field, setting]) => (body[field] === undefined ? [] : [[setting, body[field]] as const])),
  );

export function showKey(key: Readonly<Key>, now: number): z.output<typeof KeyAnswer> {
  const settings = Object.fromEntries(fields.map(([field, setting]) => [field, key.settings[setting] ?? null]));
  return {
    ...(settings as Omit<
      z.output<typeof KeyAnswer>,
      'id' | 'object' | 'last4' | 'status' | 'created_at' | 'revoked_at' | 'replaces' | 'replaced_by'
    >),
    id: key.id,
    object: 'key',
    last4: key.last4,
    status: statusOf(key, now),
    created_at: toInstant(key.issuedAt),
    revoked_at: key.revokedAt === undefined ? null : toInstant(key.revokedAt),
    replaces: key.replaces ?? null,
    replaced_by: key.replacedBy ?? null,
  };
}

function statusOf({ revokedAt, expiresAt }: Readonly<Key>, now: number): 'active' | 'revoked' | 'expired' {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && expiresAt <= now ? 'expired' : 'active';
}
