// What /api tells anyone of the prices of models: what customers pay, never what providers charge.
import { ApiExtraModels } from '#openapi';
import {
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  TextField,
} from '../../platform/http/index.js';
import {
  LIFECYCLES,
  MODALITIES,
  MODEL_KINDS,
  PRICE_VERSION_STATES,
  type Rates,
  WEEKDAYS,
} from '../../pricing/index.js';

/** How each rate is told, and for how much, in the order of the answer. */
export const RATES = {
  input: ['input', 'million_tokens'],
  cachedInput: ['cached_input', 'million_tokens'],
  explicitCachedInput: ['explicit_cached_input', 'million_tokens'],
  cacheWrite: ['cache_write', 'million_tokens'],
  cacheWrite1h: ['cache_write_1h', 'million_tokens'],
  output: ['output', 'million_tokens'],
  reasoning: ['reasoning', 'million_tokens'],
  inputAudio: ['input_audio', 'million_tokens'],
  outputAudio: ['output_audio', 'million_tokens'],
  inputImage: ['input_image', 'million_tokens'],
  perRequest: ['request', 'request'],
  perImage: ['image', 'image'],
  perSecond: ['second', 'second'],
  perCharacter: ['character', 'character'],
} as const satisfies Record<keyof Rates, readonly [kind: string, per: string]>;
const RATE_KINDS = Object.values(RATES).map(([kind]) => kind);
const RATE_UNITS = [...new Set(Object.values(RATES).map(([, per]) => per))];
const STATES = PRICE_VERSION_STATES.filter((state) => state !== 'withdrawn');

export class PricesQuery {
  @TextField('only models whose id, other names, name or provider contain this', { max: 200, optional: true })
  readonly search?: string;

  @TextField('only models of this maker, such as `openai`', { max: 200, optional: true })
  readonly provider?: string;
}

export class RateShown {
  @ShownEnum(RATE_KINDS, 'what is paid for: tokens of a kind, or a piece')
  readonly kind!: string;

  @Shown('US dollars, as an exact decimal')
  readonly usd!: string;

  @ShownEnum(RATE_UNITS, 'for how much')
  readonly per!: string;
}

export class PriceWindow {
  @ShownEnum(WEEKDAYS, 'the UTC weekdays on which it opens', { isArray: true })
  readonly days!: readonly string[];

  @Shown('when it opens, UTC, such as `00:30`')
  readonly from!: string;

  @Shown('when it closes, UTC; on the next day where it is not after `from`')
  readonly to!: string;

  @ShownObject(RateShown, 'the rates while it is open', { isArray: true })
  readonly rates!: readonly RateShown[];
}

export class PriceBand {
  @ShownInteger('the smallest prompt it is for, in tokens')
  readonly min_prompt_tokens!: number;

  @ShownInteger('the largest prompt it is for; null without a limit', { nullable: true })
  readonly max_prompt_tokens!: number | null;

  @ShownObject(
    RateShown,
    'the rates outside of every window. Tokens of a kind without a rate cost what input, or output, does',
    {
      isArray: true,
    },
  )
  readonly rates!: readonly RateShown[];

  @ShownObject(PriceWindow, 'times of the week with other rates', { isArray: true })
  readonly windows!: readonly PriceWindow[];
}

export class PricedModel {
  @ShownAlways('model_price')
  readonly object!: 'model_price';

  @Shown('what to send as `model`')
  readonly model!: string;

  @Shown()
  readonly name!: string;

  @Shown('who makes it, such as `openai`')
  readonly provider!: string;

  @ShownEnum(MODEL_KINDS, 'what it is asked for')
  readonly kind!: string;

  @Shown('its other names, at the same price', { type: [String] })
  readonly aliases!: readonly string[];

  @Shown('whether this gateway can call it now')
  readonly available!: boolean;

  @ShownInteger('prompt and completion together, in tokens')
  readonly context_window!: number;

  @ShownInteger('the longest completion, in tokens; null where nothing is completed', { nullable: true })
  readonly max_output_tokens!: number | null;

  @ShownEnum(MODALITIES, 'what it takes', { isArray: true })
  readonly input_modalities!: readonly string[];

  @ShownEnum(MODALITIES, 'what it makes', { isArray: true })
  readonly output_modalities!: readonly string[];

  @ShownEnum(LIFECYCLES, 'where it stands with its maker')
  readonly lifecycle!: string;

  @ShownOrNull('the day on which its maker withdraws it (ISO 8601)')
  readonly shutdown_date!: string | null;

  @ShownOrNull('the model to go to')
  readonly successor!: string | null;

  @ShownOrNull('the day on which its maker released it (ISO 8601); null where that is not known')
  readonly released!: string | null;

  @ShownObject(PriceBand, 'the rates, by the size of the whole prompt', { isArray: true })
  readonly bands!: readonly PriceBand[];
}

export class PublicPriceList {
  @ShownAlways('prices')
  readonly object!: 'prices';

  @ShownInteger('the version of the price list, as charges name it')
  readonly version!: number;

  @ShownInstant('from when it is in force')
  readonly effective_from!: string;

  @ShownAlways('USD')
  readonly currency!: 'USD';

  @ShownOrNull('from when another version is scheduled (ISO 8601); null where none is')
  readonly next_from!: string | null;

  @Shown('the makers of all models in it', { type: [String] })
  readonly providers!: readonly string[];

  @ShownObject(PricedModel, 'by maker', { isArray: true })
  readonly data!: readonly PricedModel[];
}

export class PriceStepChange {
  @ShownEnum(RATE_KINDS)
  readonly kind!: string;

  @ShownEnum(RATE_UNITS)
  readonly per!: string;

  @Shown('the prompts it applies to, such as `<= 200000`; empty for all, or for the rest')
  readonly prompt!: string;

  @Shown('the time window it applies to; empty for the rest of the week')
  readonly when!: string;

  @ShownOrNull('US dollars before; null where there was no price')
  readonly from!: string | null;

  @ShownOrNull('US dollars from then on; null where there is no price any more')
  readonly to!: string | null;

  @ShownOrNull('such as `+12.50 %`; null where there is nothing to compare with')
  readonly percent!: string | null;
}

export class PriceStep {
  @ShownInteger()
  readonly version!: number;

  @ShownEnum(STATES)
  readonly state!: string;

  @ShownInstant('from when it is in force')
  readonly effective_from!: string;

  @ShownOrNull('until when, exclusive (ISO 8601); null without an end')
  readonly until!: string | null;

  @ShownObject(PriceBand, 'the rates of the model; empty where it has none', { isArray: true })
  readonly bands!: readonly PriceBand[];

  @ShownObject(PriceStepChange, 'what it changes of the version before it in time; of the first one, nothing', {
    isArray: true,
  })
  readonly changes!: readonly PriceStepChange[];
}

@ApiExtraModels(PricedModel)
export class ModelPriceHistory {
  @ShownAlways('model_price_history')
  readonly object!: 'model_price_history';

  @Shown()
  readonly model!: string;

  @ShownObjectOrNull(PricedModel, 'at the prices in force now; null where it has none')
  readonly now!: PricedModel | null;

  @ShownInteger('the version in force now; null before the first', { nullable: true })
  readonly version!: number | null;

  @ShownObject(PriceStep, 'every version that was not withdrawn, the latest first, those to come among them', {
    isArray: true,
  })
  readonly history!: readonly PriceStep[];
}
