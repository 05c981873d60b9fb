// Endpoints that send a JSON object to a path of an OpenAI-compatible provider and pass its whole answer on as it is.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import type { Model, ModelKind, Usage, UsageFault } from '../../../pricing/index.js';
import type { Demand } from '../../billing/demand.js';
import type { Exchange, ModelCall } from '../../call/endpoint.js';
import type { ChannelFormat, Route } from '../../providers/channels.js';
import { jsonText, type ProviderRequest } from '../../providers/upstream.js';
import type { Answer } from '../../relay/answer.js';
import type { Meter } from '../../relay/meter.js';
import { refuseBilledApart, Untranslatable } from '../../wire/index.js';

/** A request that an endpoint has read, and what it tells of it. */
export interface PlainRequest {
  readonly kind: ModelKind;
  readonly path: string;
  readonly model: string;
  readonly accept?: string;
  /** The body to send, with the provider's name of the model. */
  body(upstreamModel: string, model: Model): Body | Promise<Body>;
  demand(model: Model): Demand;
  read(bytes: Buffer, model: Model): Answer;
  readUsage(raw: JsonValue, model: Model): Usage | UsageFault;
  /** The exchange with a provider of another format, where there is one. @throws Untranslatable */
  readonly others?: Readonly<Partial<Record<ChannelFormat, (upstreamModel: string) => PlainExchange>>>;
}

export type PlainExchange = Omit<Exchange, 'meter'>;

type Body = Pick<ProviderRequest, 'contentType' | 'body'>;

/** @throws Untranslatable */
export function jsonBody(body: JsonObject): (upstreamModel: string) => Body {
  refuseBilledApart(body);
  return (upstreamModel) => ({
    contentType: 'application/json',
    body: jsonText({ ...body, model: upstreamModel }),
  });
}

/** A call whose answer comes whole. */
export class PlainCall implements ModelCall {
  readonly stream = false;

  constructor(private readonly plain: PlainRequest) {}

  get kind(): ModelKind {
    return this.plain.kind;
  }

  get model(): string {
    return this.plain.model;
  }

  demand(model: Model): Demand {
    return this.plain.demand(model);
  }

  exchange(model: Model, { channel, upstreamModel }: Route): Exchange {
    const { path, accept = 'application/json' } = this.plain;
    const other = this.plain.others?.[channel.format];
    if (other !== undefined) return { ...other(upstreamModel), meter: neverStreams };
    if (channel.format !== 'openai')
      throw new Untranslatable(`The provider of "${model.id}" has no equivalent of this endpoint here.`, 'model');
    return {
      send: async () => ({ path, accept, ...(await this.plain.body(upstreamModel, model)) }),
      read: (bytes) => this.plain.read(bytes, model),
      meter: neverStreams,
      readUsage: (raw) => this.plain.readUsage(raw, model),
    };
  }
}

const neverStreams = (): Meter => {
  throw new Error('this endpoint has no streams');
};
