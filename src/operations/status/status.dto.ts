// What /api tells of how this gateway and its providers do: anyone hears of makers, operators also of channels.
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
} from '../../platform/http/index.js';
import { CIRCUIT_STATES, PROVIDER_STATES } from '../../proxy/index.js';

const STATES = ['operational', 'degraded', 'down'] as const;
export type State = (typeof STATES)[number];
const COMPONENTS = ['calls', 'ledger', 'read_models'] as const;

class ComponentStatus {
  @ShownEnum(
    COMPONENTS,
    '`calls`: whether calls are taken; `ledger`: whether charges can be recorded; `read_models`: what balances in pages, charges and usage are read from',
  )
  readonly name!: string;

  @ShownEnum(STATES)
  readonly status!: State;

  @ShownInstant('since when, as far as this gateway has seen')
  readonly since!: string;
}

class CallCounts {
  @ShownInteger('calls in the window, 1,024 at most')
  readonly calls!: number;

  @ShownInteger('how many of them the provider failed')
  readonly failed!: number;

  @ShownOrNull('their share in percent, such as `0.4`; null without a call')
  readonly failed_percent!: string | null;

  @ShownInteger('half of the answers began within so many milliseconds; null without one', { nullable: true })
  readonly latency_ms_p50!: number | null;

  @ShownInteger('19 of 20 did', { nullable: true })
  readonly latency_ms_p95!: number | null;
}

class ProviderStatus extends CallCounts {
  @Shown('who makes the models, such as `openai`')
  readonly provider!: string;

  @ShownEnum(PROVIDER_STATES, '`idle`: nobody has called it in the window')
  readonly status!: string;

  @ShownInstant('since when, as far as this gateway has seen')
  readonly since!: string;
}

export class PublicStatusShown {
  @ShownAlways('status')
  readonly object!: 'status';

  @ShownEnum(STATES, 'the worst of the components; a provider that fails makes it degraded')
  readonly status!: State;

  @ShownInstant('when this was found')
  readonly as_of!: string;

  @ShownInstant('since when this gateway runs; what it tells is what it has seen since')
  readonly started_at!: string;

  @ShownInteger('what the figures of providers cover, in minutes')
  readonly window_minutes!: number;

  @ShownInteger('how many seconds read models are behind the ledger; null when that can’t be told', { nullable: true })
  readonly lag_seconds!: number | null;

  @Shown('whether a sandbox answers instead of providers')
  readonly sandbox!: boolean;

  @ShownObject(ComponentStatus, undefined, { isArray: true })
  readonly components!: readonly ComponentStatus[];

  @ShownObject(ProviderStatus, 'each maker of a model that can be called', { isArray: true })
  readonly providers!: readonly ProviderStatus[];
}

class ChannelModel {
  @Shown()
  readonly model!: string;

  @Shown('its name at the provider')
  readonly upstream_model!: string;

  @ShownEnum(CIRCUIT_STATES, '`open`: left alone after five failures in a row')
  readonly circuit!: string;

  @ShownOrNull('until when the provider asked to be left alone for it (ISO 8601)')
  readonly rests_until!: string | null;
}

class ChannelError {
  @ShownInstant('when')
  readonly at!: string;

  @ShownInteger('the HTTP status of the provider; null when no answer came', { nullable: true })
  readonly status!: number | null;

  @Shown('in our words; a provider’s own may quote a prompt')
  readonly reason!: string;
}

@ApiExtraModels(ChannelError)
export class ProviderChannel extends CallCounts {
  @ShownAlways('channel')
  readonly object!: 'channel';

  @Shown()
  readonly name!: string;

  @Shown('where it is, without its path and key')
  readonly host!: string;

  @ShownEnum(['openai', 'anthropic', 'gemini'], 'the wire format it speaks')
  readonly format!: string;

  @ShownInteger('lower is tried first')
  readonly order!: number;

  @Shown('its share among channels of the same order')
  readonly weight!: number;

  @Shown('whether it is a sandbox')
  readonly sandbox!: boolean;

  @ShownEnum(PROVIDER_STATES, 'by its attempts in the window; `idle` without one')
  readonly status!: string;

  @ShownEnum(CIRCUIT_STATES, 'of the channel as a whole')
  readonly circuit!: string;

  @ShownOrNull('until when it asked to be left alone (ISO 8601)')
  readonly rests_until!: string | null;

  @ShownOrNull('when it was last tried (ISO 8601)')
  readonly last_attempt_at!: string | null;

  @ShownObjectOrNull(ChannelError, 'the latest error, also one that was no failure of the channel')
  readonly last_error!: ChannelError | null;

  @ShownObject(ChannelModel, 'what it serves', { isArray: true })
  readonly models!: readonly ChannelModel[];
}

export class OperatorProviders {
  @ShownAlways('providers')
  readonly object!: 'providers';

  @ShownInstant('since when this gateway runs; the figures are of what it has seen since')
  readonly started_at!: string;

  @ShownInteger('what the figures cover, in minutes')
  readonly window_minutes!: number;

  @ShownObject(ProviderChannel, 'in the order of their trying', { isArray: true })
  readonly data!: readonly ProviderChannel[];
}
