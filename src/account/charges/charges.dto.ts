// What /api takes and answers about charges.
import {
  type CsvRow,
  EnumField,
  InstantField,
  JsonOrCsvField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { ApiExtraModels } from '#openapi';
import { usd } from '../../kernel/index.js';
import { CHARGE_STATUSES, type ChargeRow } from '../../ledger/index.js';
import type { Call, CallFilter } from './account-calls.js';
import { chargeObject } from './charge-object.js';

export class ChargesQuery extends ListQuery {
  @EnumField('charges of this status only', CHARGE_STATUSES, { optional: true })
  readonly status?: ChargeRow['status'];

  @InstantField('let through not earlier than this', { optional: true })
  readonly from?: string;

  @InstantField('earlier than this', { optional: true })
  readonly to?: string;

  @TextField('of this model only', { min: 1, max: 200, optional: true })
  readonly model?: string;

  @TextField('with this key only', { min: 1, max: 200, optional: true })
  readonly key_id?: string;

  @TextField('of the call with this `x-request-id` only', { min: 1, max: 200, optional: true })
  readonly request_id?: string;

  @JsonOrCsvField('`csv`: all of them as a file, newest first, without pages')
  readonly format: 'json' | 'csv' = 'json';
}

export const filterOf = ({ from, to, status, model, key_id, request_id }: ChargesQuery): CallFilter => ({
  from,
  to,
  status,
  model,
  keyId: key_id,
  requestId: request_id,
});

class Estimate {
  @Shown()
  readonly reason!: string;

  @ShownInteger()
  readonly prompt_tokens!: number;

  @ShownInteger()
  readonly completion_tokens!: number;
}

class Attempt {
  @Shown()
  readonly channel!: string;

  @ShownInteger(undefined, { nullable: true })
  readonly status!: number | null;
}

class Rerating {
  @ShownInstant('when')
  readonly at!: string;

  @ShownUsd('what the call had cost before')
  readonly previous_cost!: string;

  @ShownInteger('the version of the price list it was priced by before')
  readonly previous_price_version!: number;
}

const OPTIONAL = { required: false };

/** What was counted, the parts beside their wholes. */
class ChargedTokens {
  @ShownInteger('all tokens of the prompt')
  readonly prompt!: number;

  @ShownInteger('read from the cache; of the prompt')
  readonly cached!: number;

  @ShownInteger('written to the cache for 5 minutes; of the prompt')
  readonly cache_write!: number;

  @ShownInteger('written to the cache for an hour; of the prompt')
  readonly cache_write_1h!: number;

  @ShownInteger('of the prompt')
  readonly prompt_audio!: number;

  @ShownInteger('of the prompt')
  readonly prompt_image!: number;

  @ShownInteger('all tokens of the completion')
  readonly completion!: number;

  @ShownInteger('of the completion')
  readonly reasoning!: number;

  @ShownInteger('of the completion')
  readonly completion_audio!: number;

  @ShownInteger('images made, where they are sold by the piece')
  readonly images!: number;

  @ShownInteger('of audio, where it is sold by the second')
  readonly seconds!: number;

  @ShownInteger('spoken, where speech is sold by the character')
  readonly characters!: number;
}

/** A charge as programs see it, in /v1. */
class ChargeOfCall {
  @Shown()
  readonly id!: string;

  @ShownAlways('charge')
  readonly object!: 'charge';

  @ShownInteger('when its call was let through, in seconds since 1970')
  readonly created!: number;

  @Shown('the `x-request-id` of the call')
  readonly request_id!: string;

  @Shown()
  readonly key_id!: string;

  @Shown()
  readonly model!: string;

  @ShownEnum(CHARGE_STATUSES)
  readonly status!: string;

  @ShownAlways('usd')
  readonly currency!: 'usd';

  @ShownUsd('what it cost', { nullable: true })
  readonly cost!: string | null;

  @ShownUsd('what was set aside for it')
  readonly held!: string;

  @ShownUsd('by how much it cost more', OPTIONAL)
  readonly overage?: string;

  @Shown('it was charged after its release', { ...OPTIONAL, type: 'boolean', enum: [true] })
  readonly late?: boolean;

  @ShownObject(Estimate, 'what was charged in place of what the provider did not report, and why', OPTIONAL)
  readonly estimated?: Estimate;

  @ShownInteger()
  readonly price_version!: number;

  @Shown(
    'the usage block as the provider sent it, charged or not: an object, or the start of its text; null without one',
    { oneOf: [{ type: 'object', nullable: true, additionalProperties: true }, { type: 'string' }] },
  )
  readonly usage!: unknown;

  @Shown('how it was read, where its counts contradict each other', { ...OPTIONAL, type: [String] })
  readonly usage_reading?: readonly string[];

  @ShownOrNull()
  readonly provider!: string | null;

  @ShownObject(Attempt, undefined, { isArray: true })
  readonly attempts!: readonly Attempt[];

  @ShownOrNull('why nothing was charged')
  readonly release_reason!: string | null;

  @Shown('when its price was corrected, and what it had cost before', {
    ...OPTIONAL,
    type: () => Rerating,
    isArray: true,
  })
  readonly reratings?: readonly Rerating[];

  @Shown('a person charged it after its release', { ...OPTIONAL, type: 'boolean', enum: [true] })
  readonly charged_by_hand?: boolean;
}

@ApiExtraModels(ChargedTokens)
export class Charge extends ChargeOfCall {
  @ShownInstant('when its call was let through')
  readonly created_at!: string;

  @ShownOrNull('what its key is called')
  readonly key_name!: string | null;

  @ShownObjectOrNull(ChargedTokens, 'what was charged; null where nothing was')
  readonly tokens!: ChargedTokens | null;

  @Shown('whether its answer was streamed; null when that is not known any more: it is deleted after 7 days', {
    type: 'boolean',
    nullable: true,
  })
  readonly stream!: boolean | null;

  @ShownInteger('how long it took, in milliseconds; null when that is not known any more', { nullable: true })
  readonly latency_ms!: number | null;

  @ShownInteger('how long until a streamed answer began, in milliseconds; null as above', { nullable: true })
  readonly first_byte_ms!: number | null;
}

function tokensOf({ status, promptTokens, cachedTokens = 0, completionTokens = 0, otherCounts = {} }: ChargeRow) {
  if (status !== 'charged' || promptTokens === undefined) return null;
  return {
    prompt: promptTokens,
    cached: cachedTokens,
    cache_write: otherCounts['cacheWriteTokens'] ?? 0,
    cache_write_1h: otherCounts['cacheWrite1hTokens'] ?? 0,
    prompt_audio: otherCounts['promptAudioTokens'] ?? 0,
    prompt_image: otherCounts['promptImageTokens'] ?? 0,
    completion: completionTokens,
    reasoning: otherCounts['reasoningTokens'] ?? 0,
    completion_audio: otherCounts['completionAudioTokens'] ?? 0,
    images: otherCounts['images'] ?? 0,
    seconds: otherCounts['seconds'] ?? 0,
    characters: otherCounts['characters'] ?? 0,
  };
}

export const showCall = ({ charge, keyName, times }: Call): Charge => ({
  ...chargeObject(charge),
  created_at: charge.openedAt,
  key_name: keyName ?? null,
  tokens: tokensOf(charge),
  stream: times?.stream ?? null,
  latency_ms: times?.totalMs ?? null,
  first_byte_ms: times?.firstByteMs ?? null,
});

const FACTS = [
  'id',
  'created_at',
  'request_id',
  'key_id',
  'key_name',
  'model',
  'status',
  'price_version',
  'provider',
  'stream',
  'latency_ms',
  'first_byte_ms',
  'release_reason',
] as const satisfies readonly (keyof Charge)[];

const COUNTS = [
  'prompt',
  'cached',
  'cache_write',
  'cache_write_1h',
  'prompt_audio',
  'prompt_image',
  'completion',
  'reasoning',
  'completion_audio',
  'images',
  'seconds',
  'characters',
] as const satisfies readonly (keyof ChargedTokens)[];

export const CALL_COLUMNS = [...FACTS, ...COUNTS, 'cost', 'held', 'overage', 'currency'] as const;

export function callRow(call: Call): CsvRow {
  const shown = showCall(call);
  const { cost, held, overage, tokens, stream } = shown;
  return {
    ...(Object.fromEntries(FACTS.map((name) => [name, shown[name]])) as CsvRow),
    stream: stream === null ? null : String(stream),
    ...Object.fromEntries(COUNTS.map((name) => [name, tokens?.[name] ?? null])),
    cost: cost === null ? null : usd(cost),
    held: usd(held),
    overage: overage === undefined ? null : usd(overage),
    currency: 'usd',
  };
}
