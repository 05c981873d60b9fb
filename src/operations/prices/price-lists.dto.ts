// What /api takes and answers about the versions of the price list.
import { IsArray } from 'class-validator';
import { z } from 'zod';
import { ApiExtraModels } from '#openapi';
import { formatUsd } from '../../kernel/index.js';
import {
  BooleanField,
  Field,
  FromDigits,
  InstantField,
  IntegerField,
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
} from '../../platform/http/index.js';
import {
  inForceUntil,
  LIFECYCLES,
  type Model,
  MODEL_KINDS,
  type ModelKind,
  type ModelPrices,
  modelPricesSchema,
  percentOf,
  type PriceChange,
  type PricedOtherwise,
  PRICE_VERSION_STATES,
  priceListSchema,
  type PriceVersion,
  type PriceWarning,
  stateOf,
  WARNING_CODES,
} from '../../pricing/index.js';

const MOST_VERSIONS = 1_000_000;
/** As the schema of a price list has it, so that programs get its types. */
const DOCUMENT = z.toJSONSchema(priceListSchema.shape.models, { target: 'openapi-3.0' });
const BANDS = z.toJSONSchema(modelPricesSchema.shape.bands, { target: 'openapi-3.0' });

export const ExpectedVersion = () =>
  IntegerField('the newest version that you have seen, 0 for none: 409 where there is a newer one', {
    min: 0,
    max: MOST_VERSIONS,
  });

export const AcceptWarnings = () => BooleanField('publish it although there are warnings', { default: false });

class Draft {
  @Field('the prices of every model, as in the `models` of a version', DOCUMENT, [
    IsArray({ message: 'must be a list' }),
  ])
  readonly models!: readonly ModelPrices[];

  @InstantField('when it takes effect; now without it', { optional: true })
  readonly effective_from?: string;
}

export class CheckPriceList extends Draft {}

export class PublishPriceList extends Draft {
  @ExpectedVersion()
  readonly expected_version!: number;

  @ReasonField()
  readonly reason!: string;

  @AcceptWarnings()
  readonly accept_warnings: boolean = false;
}

export class WithdrawPriceList {
  @ReasonField()
  readonly reason!: string;
}

export class DiffQuery {
  @FromDigits()
  @IntegerField('the version to compare with; the one in force without it', {
    min: 1,
    max: MOST_VERSIONS,
    optional: true,
  })
  readonly from?: number;
}

class Withdrawal {
  @Shown('the user who withdrew it')
  readonly by!: string;

  @Shown()
  readonly reason!: string;

  @ShownInstant('when')
  readonly at!: string;
}

@ApiExtraModels(Withdrawal)
export class PriceListVersion {
  @ShownAlways('price_list')
  readonly object!: 'price_list';

  @ShownInteger()
  readonly version!: number;

  @ShownEnum(PRICE_VERSION_STATES)
  readonly state!: string;

  @ShownInstant('from when it is in force')
  readonly effective_from!: string;

  @ShownOrNull('until when, exclusive (ISO 8601); null without an end, or when it is withdrawn')
  readonly until!: string | null;

  @ShownInteger('how many models have a price')
  readonly model_count!: number;

  @ShownInstant('when it was published')
  readonly published_at!: string;

  @ShownOrNull('the user who published it; null where a first start did')
  readonly published_by!: string | null;

  @ShownOrNull()
  readonly reason!: string | null;

  @ShownObjectOrNull(Withdrawal, 'who withdrew it, and why')
  readonly withdrawn!: Withdrawal | null;
}

export class PriceListDocument extends PriceListVersion {
  @Shown('prices and provider costs of every model, in the format of a price list file', DOCUMENT)
  readonly models!: readonly ModelPrices[];
}

export class PriceableModel {
  @ShownAlways('priceable_model')
  readonly object!: 'priceable_model';

  @Shown()
  readonly id!: string;

  @Shown()
  readonly name!: string;

  @Shown()
  readonly maker!: string;

  @ShownEnum(MODEL_KINDS)
  readonly kind!: ModelKind;

  @ShownEnum(LIFECYCLES, 'where it stands with its maker')
  readonly lifecycle!: (typeof LIFECYCLES)[number];

  @Shown('whether it has a price in the version in force')
  readonly priced!: boolean;

  @Shown('its maker’s list price, to begin with', BANDS)
  readonly bands!: ModelPrices['bands'];
}

export const showModel = ({ id, name, maker, kind, lifecycle, prices }: Model, priced: boolean): PriceableModel => ({
  object: 'priceable_model',
  id,
  name,
  maker,
  kind,
  lifecycle: lifecycle.status,
  priced,
  bands: prices.bands,
});

export class RateChange {
  @Shown()
  readonly model!: string;

  @Shown('the prompts it applies to; empty for all, or for the rest')
  readonly prompt!: string;

  @Shown('the time window it applies to; empty for the rest of the week')
  readonly when!: string;

  @ShownEnum(['price', 'cost'], 'what the customer pays, or what the provider charges')
  readonly of!: string;

  @Shown()
  readonly kind!: string;

  @ShownOrNull('US dollars per million tokens, or per piece; null where the model had no price')
  readonly from!: string | null;

  @ShownOrNull('null where the model has no price any more')
  readonly to!: string | null;

  @ShownOrNull('such as `+12.50 %`; null where there is nothing to compare with')
  readonly percent!: string | null;
}

export class PriceListDiff {
  @ShownAlways('price_list_diff')
  readonly object!: 'price_list_diff';

  @ShownInteger('null where none is in force', { nullable: true })
  readonly from!: number | null;

  @ShownInteger()
  readonly to!: number;

  @ShownObject(RateChange, undefined, { isArray: true })
  readonly changes!: readonly RateChange[];
}

class Fault {
  @Shown('where, such as `models[3].bands[0].price.input`')
  readonly path!: string;

  @Shown()
  readonly message!: string;
}

export class Warning {
  @ShownEnum(WARNING_CODES)
  readonly code!: string;

  @ShownOrNull('null where it is about the whole list')
  readonly model!: string | null;

  @Shown()
  readonly message!: string;
}

export class PriceListCheck {
  @ShownAlways('price_list_check')
  readonly object!: 'price_list_check';

  @ShownObject(Fault, 'what makes it impossible to publish', { isArray: true })
  readonly faults!: readonly Fault[];

  @ShownObject(Warning, 'what is probably a mistake, and must be accepted', { isArray: true })
  readonly warnings!: readonly Warning[];

  @ShownObject(RateChange, 'what it changes of the version in force then; none where there are faults', {
    isArray: true,
  })
  readonly changes!: readonly RateChange[];
}

export class ChargesPricedOtherwise {
  @ShownAlways('charges_priced_otherwise')
  readonly object!: 'charges_priced_otherwise';

  @ShownInteger()
  readonly version!: number;

  @ShownInstant('charges from this instant')
  readonly from!: string;

  @ShownOrNull('to before this one (ISO 8601); null: to this day')
  readonly until!: string | null;

  @ShownInteger('how many were priced by another version, which has other prices for their model')
  readonly charges!: number;

  @ShownUsd('what was charged for them')
  readonly total!: string;
}

export function showVersion(versions: readonly PriceVersion[], version: PriceVersion, nowMs: number): PriceListVersion {
  const { withdrawn } = version;
  return {
    object: 'price_list',
    version: version.version,
    state: stateOf(versions, version, nowMs),
    effective_from: version.effectiveFrom,
    until: (withdrawn === undefined && inForceUntil(versions, version)) || null,
    model_count: version.models.length,
    published_at: version.at,
    published_by: version.by ?? null,
    reason: version.reason ?? null,
    withdrawn: withdrawn ? { by: withdrawn.by, reason: withdrawn.reason, at: withdrawn.at } : null,
  };
}

export const showWarning = (warning: PriceWarning): Warning => ({ ...warning, model: warning.model ?? null });
export const showChange = (change: PriceChange): RateChange => ({ ...change, percent: percentOf(change) });

export const showPricedOtherwise = (version: number, found: PricedOtherwise): ChargesPricedOtherwise => ({
  object: 'charges_priced_otherwise',
  version,
  from: found.from,
  until: found.until,
  charges: found.charges,
  total: formatUsd(found.total),
});
