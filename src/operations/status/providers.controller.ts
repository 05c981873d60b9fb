import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Clock, toInstant } from '../../kernel/index.js';
import { Access, Answers } from '../../platform/http/index.js';
import { type Channel, Channels, Circuits, ProviderCalls, SANDBOX_HEADER } from '../../proxy/index.js';
import { showFigures, WINDOW_MINUTES } from './figures.js';
import { OperatorProviders, type ProviderChannel } from './status.dto.js';

/** The channels to providers as this gateway sees them, for operators. */
@ApiTags('Operations')
@Controller('api/operator/providers')
@Access('operator')
export class ProvidersController {
  constructor(
    private readonly channels: Channels,
    private readonly circuits: Circuits,
    private readonly calls: ProviderCalls,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Every channel: what it serves, its circuits, errors and latency, as this gateway has seen them',
  })
  @Answers(200, 'The channels', OperatorProviders)
  list(): OperatorProviders {
    const now = this.clock.now();
    return {
      object: 'providers',
      started_at: toInstant(this.calls.startedAt),
      window_minutes: WINDOW_MINUTES,
      data: this.channels.all.toSorted((a, b) => a.order - b.order).map((channel) => this.#show(channel, now)),
    };
  }

  #show(channel: Channel, now: number): ProviderChannel {
    const { name, baseUrl, format, order, weight, responseHeaders } = channel;
    const summary = this.calls.ofChannel(name).since(now - WINDOW_MINUTES * 60_000);
    const error = this.calls.lastErrorOf(name);
    const whole = this.circuits.of({ channel, upstreamModel: '' }).channel;
    return {
      object: 'channel',
      name,
      host: new URL(baseUrl).host,
      format,
      order,
      weight,
      sandbox: SANDBOX_HEADER in responseHeaders,
      status: whole.state === 'open' ? 'down' : summary.state,
      circuit: whole.state,
      rests_until: instant(whole.restsUntil),
      ...showFigures(summary),
      last_attempt_at: instant(summary.lastAt),
      last_error: error === undefined ? null : { at: toInstant(error.at), status: error.status, reason: error.reason },
      models: this.channels.routesOf(channel, now).map(({ model, ...route }) => {
        const { state, restsUntil } = this.circuits.of(route).model;
        return {
          model: model.id,
          upstream_model: route.upstreamModel,
          circuit: state,
          rests_until: instant(restsUntil),
        };
      }),
    };
  }
}

const instant = (at: number | undefined): string | null => (at === undefined ? null : toInstant(at));
