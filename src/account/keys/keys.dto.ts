// What /api takes and answers about keys: the settings of the ledger under the names that the API uses.
import {
  EnumField,
  InstantField,
  IntegerField,
  ListQuery,
  type Presence,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
  TextField,
  TextListField,
  Trimmed,
  UsdField,
} from '../../platform/http/index.js';
import { toInstant } from '../../kernel/index.js';
import {
  type Key,
  KEY_LIMITS,
  KEY_STATUSES,
  type KeyChange,
  type KeySettings,
  type KeyStatus,
  keyStatus,
} from '../../ledger/index.js';

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

type Limit = Exclude<keyof typeof NAMES, 'name'>;

/** The limits of a key, which may be left out; in a change, null takes one away. */
const limitField: Readonly<Record<Limit, (presence: Presence, more: string) => PropertyDecorator>> = {
  requests_per_minute: (presence, more) =>
    IntegerField(`requests per minute; the default without it${more}`, {
      min: 1,
      max: KEY_LIMITS.requestsPerMinute,
      ...presence,
    }),
  tokens_per_minute: (presence, more) =>
    IntegerField(`tokens per minute, of prompts and completions; the default without it${more}`, {
      min: 1,
      max: KEY_LIMITS.tokensPerMinute,
      ...presence,
    }),
  parallel_requests: (presence, more) =>
    IntegerField(`calls that may be under way at the same time; the default without it${more}`, {
      min: 1,
      max: KEY_LIMITS.parallelRequests,
      ...presence,
    }),
  budget_daily: (presence, more) => UsdField(`most it may spend per UTC day${more}`, presence),
  budget_weekly: (presence, more) => UsdField(`most it may spend per week, from Monday, UTC${more}`, presence),
  budget_monthly: (presence, more) => UsdField(`most it may spend per UTC calendar month${more}`, presence),
  budget_total: (presence, more) => UsdField(`most it may spend in its life${more}`, presence),
  allowed_models: (presence, more) =>
    TextListField(`the only models it may call${more}`, {
      max: KEY_LIMITS.allowedModels.entries,
      each: KEY_LIMITS.allowedModels.units,
      ...presence,
    }),
  allowed_ips: (presence, more) =>
    TextListField(`the only addresses or CIDR ranges it may be used from${more}`, {
      max: KEY_LIMITS.allowedIps.entries,
      each: KEY_LIMITS.allowedIps.units,
      ...presence,
    }),
  expires_at: (presence, more) => InstantField(`when it stops working${more}`, presence),
};

const Limited = (limit: Limit): PropertyDecorator => limitField[limit]({ optional: true }, '');
const Changed = (limit: Limit): PropertyDecorator =>
  limitField[limit]({ optional: true, nullable: true }, '; null takes it away');

const WELL_FORMED = {
  max: KEY_LIMITS.name,
  pattern: /^[^\p{Surrogate}]+$/u,
  message: 'must not be empty, and have whole Unicode characters',
} as const;

export class CreateKey {
  @Trimmed()
  @TextField('what the owner calls it', WELL_FORMED)
  readonly name!: string;

  @Limited('requests_per_minute')
  readonly requests_per_minute?: number;

  @Limited('tokens_per_minute')
  readonly tokens_per_minute?: number;

  @Limited('parallel_requests')
  readonly parallel_requests?: number;

  @Limited('budget_daily')
  readonly budget_daily?: string;

  @Limited('budget_weekly')
  readonly budget_weekly?: string;

  @Limited('budget_monthly')
  readonly budget_monthly?: string;

  @Limited('budget_total')
  readonly budget_total?: string;

  @Limited('allowed_models')
  readonly allowed_models?: readonly string[];

  @Limited('allowed_ips')
  readonly allowed_ips?: readonly string[];

  @Limited('expires_at')
  readonly expires_at?: string;
}

export class ChangeKey {
  @Trimmed()
  @TextField('what the owner calls it', { ...WELL_FORMED, optional: true })
  readonly name?: string;

  @Changed('requests_per_minute')
  readonly requests_per_minute?: number | null;

  @Changed('tokens_per_minute')
  readonly tokens_per_minute?: number | null;

  @Changed('parallel_requests')
  readonly parallel_requests?: number | null;

  @Changed('budget_daily')
  readonly budget_daily?: string | null;

  @Changed('budget_weekly')
  readonly budget_weekly?: string | null;

  @Changed('budget_monthly')
  readonly budget_monthly?: string | null;

  @Changed('budget_total')
  readonly budget_total?: string | null;

  @Changed('allowed_models')
  readonly allowed_models?: readonly string[] | null;

  @Changed('allowed_ips')
  readonly allowed_ips?: readonly string[] | null;

  @Changed('expires_at')
  readonly expires_at?: string | null;
}

const INTEGER_OR_NULL = { nullable: true };
const LIST_OR_NULL = { type: [String], nullable: true };

export class ApiKey {
  @Shown()
  readonly id!: string;

  @ShownAlways('key')
  readonly object!: 'key';

  @Shown()
  readonly name!: string;

  @Shown('the last four characters of the key')
  readonly last4!: string;

  @ShownEnum(KEY_STATUSES)
  readonly status!: KeyStatus;

  @Shown()
  readonly created_at!: string;

  @ShownOrNull()
  readonly revoked_at!: string | null;

  @ShownOrNull('the key it was issued in the place of, whose spending counts for it')
  readonly replaces!: string | null;

  @ShownOrNull('the key that was issued in its place')
  readonly replaced_by!: string | null;

  @ShownInteger(undefined, INTEGER_OR_NULL)
  readonly requests_per_minute!: number | null;

  @ShownInteger(undefined, INTEGER_OR_NULL)
  readonly tokens_per_minute!: number | null;

  @ShownInteger(undefined, INTEGER_OR_NULL)
  readonly parallel_requests!: number | null;

  @ShownOrNull()
  readonly budget_daily!: string | null;

  @ShownOrNull()
  readonly budget_weekly!: string | null;

  @ShownOrNull()
  readonly budget_monthly!: string | null;

  @ShownOrNull()
  readonly budget_total!: string | null;

  @Shown(undefined, LIST_OR_NULL)
  readonly allowed_models!: readonly string[] | null;

  @Shown(undefined, LIST_OR_NULL)
  readonly allowed_ips!: readonly string[] | null;

  @ShownOrNull()
  readonly expires_at!: string | null;
}

export class IssuedKey extends ApiKey {
  @Shown('the whole key, shown this once')
  readonly key!: string;
}

/** What a key has spent, without what keys did that it replaced. */
class KeySpend {
  @ShownUsd('since midnight, UTC')
  readonly today!: string;

  @ShownUsd('since the first of the month, UTC')
  readonly this_month!: string;

  @ShownUsd('in all')
  readonly total!: string;
}

export class ListedKey extends ApiKey {
  @ShownObject(KeySpend)
  readonly spent!: KeySpend;

  @ShownInteger('calls that were charged')
  readonly calls!: number;

  @ShownOrNull('when the latest call that was charged was made')
  readonly last_used_at!: string | null;
}

export class KeysQuery extends ListQuery {
  @EnumField('keys of this status only', KEY_STATUSES, { optional: true })
  readonly status?: KeyStatus;
}

const fields = Object.entries(NAMES) as readonly (readonly [keyof typeof NAMES, keyof KeySettings])[];

/** What is given of a key’s settings, by their names in the ledger. */
export const settingsIn = (body: CreateKey | ChangeKey): KeyChange =>
  Object.fromEntries(
    fields.flatMap(([field, setting]) => (body[field] === undefined ? [] : [[setting, body[field]] as const])),
  );

export function showKey(key: Readonly<Key>, now: number): ApiKey {
  const settings = Object.fromEntries(fields.map(([field, setting]) => [field, key.settings[setting] ?? null]));
  return {
    ...(settings as Pick<ApiKey, keyof typeof NAMES>),
    id: key.id,
    object: 'key',
    last4: key.last4,
    status: keyStatus(key, now),
    created_at: toInstant(key.issuedAt),
    revoked_at: key.revokedAt === undefined ? null : toInstant(key.revokedAt),
    replaces: key.replaces ?? null,
    replaced_by: key.replacedBy ?? null,
  };
}
