import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config.js';
import { Clock, formatUsd } from '../kernel/index.js';
import { ApiError, serviceUnavailable } from './api-error.js';
import { BearerGuard } from './bearer.guard.js';
import { Billing, type PlacedHold } from './billing.js';
import { CallLog, type Ended } from './call-log.js';
import { Channels, type Route } from './channels.js';
import { readChatRequest, upstreamBody } from './chat-request.js';
import { Circuits } from './circuits.js';
import { ClientStream } from './client-stream.js';
import { InFlight } from './in-flight.js';
import { ModelDirectory } from './model-directory.js';
import { NotOpened, type Opened, openUpstream } from './open-upstream.js';
import { failureError, reasonFor, upstreamError } from './provider-error.js';
import { RateLimits } from './rate-limits.js';
import { type Outcome, relayJson, relayStream } from './relay.js';
import { dataFrame } from './sse.js';
import { Upstream, UpstreamFailure, UpstreamTimeout } from './upstream.js';

/** A call: authenticate → admit → hold → open upstream → relay → settle → last byte. */
@Controller('v1/chat/completions')
@UseGuards(BearerGuard)
export class ChatCompletionsController {
  constructor(
    private readonly limits: RateLimits,
    private readonly models: ModelDirectory,
    private readonly channels: Channels,
    private readonly billing: Billing,
    private readonly upstream: Upstream,
    private readonly circuits: Circuits,
    private readonly inFlight: InFlight,
    private readonly calls: CallLog,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  create(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inFlight.run((deadline) => this.#call(http, reply, deadline));
  }

  async #call(http: FastifyRequest, reply: FastifyReply, deadline: AbortController): Promise<void> {
    const { caller, id: requestId } = http;
    const call = this.calls.start(requestId, caller);
    try {
      reply.headers(await this.limits.admit(caller));
      const request = readChatRequest(http.body as Buffer | undefined);
      const model = this.models.requireChat(request.model);
      const hold = await this.billing.hold(caller, requestId, request, model);
      call.held(hold);
      const body = upstreamBody(request, model, hold.cap);
      const routes = this.channels.routes(model.id, caller.accountId, this.clock.now());
      const opened = await call.upstream(
        openUpstream({ upstream: this.upstream, circuits: this.circuits }, routes, {
          requestId,
          body,
          signal: deadline.signal,
        }),
      );
      if (opened instanceof NotOpened) throw await this.#refused(hold, opened);
      reply.headers(headersOf(hold, opened.route));
      const ended = request.stream
        ? await this.#stream(reply, hold, opened, request.includeUsage, deadline)
        : await this.#answer(reply, hold, opened);
      call.end(ended);
    } catch (error) {
      call.fail(error);
      if (!reply.raw.headersSent) throw error;
      reply.raw.end();
    }
  }

  async #refused(hold: PlacedHold, { error, reason, detail, attempts }: NotOpened): Promise<ApiError> {
    await this.billing.release(hold, reason, detail, attempts);
    return error;
  }

  /** A plain answer: read whole, charged, then sent. */
  async #answer(reply: FastifyReply, hold: PlacedHold, opened: Opened): Promise<Ended> {
    const outcome = await relayJson(opened.response);
    if (outcome.failure !== undefined) throw await this.#broken(hold, opened, outcome);
    const cost = await this.billing.settle(hold, answered(opened, outcome));
    if (cost !== undefined) reply.header('x-tokenhub-cost', formatUsd(cost));
    void reply
      .status(200)
      .header('content-type', opened.response.contentType || 'application/json')
      .send(outcome.rest);
    return { cost };
  }

  /** A stream: relayed as it comes; its end leaves when the charge is durable. */
  async #stream(
    reply: FastifyReply,
    hold: PlacedHold,
    opened: Opened,
    includeUsage: boolean,
    deadline: AbortController,
  ): Promise<Ended> {
    const { CLIENT_GONE_TIMEOUT_MS: limitMs } = this.config;
    let goneTimer: NodeJS.Timeout | undefined;
    const headers = { ...(reply.getHeaders() as OutgoingHttpHeaders), ...STREAM_HEADERS };
    const client = new ClientStream(reply.raw, headers, this.config.CLIENT_STALL_TIMEOUT_MS, () => {
      const late = () => new UpstreamTimeout(`no end within ${limitMs} ms after the client had left`);
      goneTimer = setTimeout(() => deadline.abort(late()), limitMs);
    });
    const outcome = await relayStream(opened.response, client, includeUsage);
    clearTimeout(goneTimer);
    if (outcome.failure !== undefined && !client.started && !client.gone)
      throw await this.#broken(hold, opened, outcome);
    reply.hijack();
    return this.#finish(client, hold, opened, outcome);
  }

  /** Settles a stream whose first byte has left (or whose client has), then ends it: whole with [DONE], broken with an error. */
  async #finish(client: ClientStream, hold: PlacedHold, opened: Opened, outcome: Outcome): Promise<Ended> {
    const failure = outcome.failure === undefined ? undefined : this.#failureOf(outcome.failure);
    try {
      if (failure !== undefined && outcome.usage === undefined) {
        await this.billing.release(hold, releaseReason(failure), failure.message, opened.attempts);
        client.end(dataFrame(failureError(failure).body));
        return { cost: undefined, broken: failure };
      }
      const cost = await this.billing.settle(hold, answered(opened, outcome));
      client.end(failure === undefined ? outcome.rest : dataFrame(brokenOff(failure).body));
      return { cost, broken: failure };
    } catch (error) {
      client.end(dataFrame(unsettled().body));
      throw error;
    }
  }

  /** Nothing has reached the client: nothing is charged, and it gets a plain error. */
  async #broken(hold: PlacedHold, { attempts }: Opened, { failure }: Outcome): Promise<ApiError> {
    const reason = this.#failureOf(failure);
    await this.billing.release(hold, releaseReason(reason), reason.message, attempts);
    return failureError(reason);
  }

  #failureOf(failure: unknown): UpstreamFailure {
    return typeof failure === 'string' ? new UpstreamFailure(failure) : this.upstream.failureOf(failure);
  }
}

/** As OpenAI sends them; the last one keeps nginx from holding chunks back. */
const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

const answered = ({ route, attempts }: Opened, { usage }: Outcome) => ({
  usage,
  provider: route.channel.name,
  upstreamModel: route.upstreamModel,
  attempts,
});

const headersOf = (hold: PlacedHold, { channel }: Route): Record<string, string> => ({
  ...channel.responseHeaders,
  'x-tokenhub-charge-id': hold.chargeId,
  ...(hold.cap !== undefined && { 'x-tokenhub-max-tokens': String(hold.cap) }),
});

const releaseReason = (failure: UpstreamFailure): 'upstream_timeout' | 'upstream_error' =>
  failure instanceof UpstreamTimeout ? 'upstream_timeout' : 'upstream_error';

/** The provider broke off after it had told its usage: that is charged. */
function brokenOff(failure: UpstreamFailure): ApiError {
  const { options } = upstreamError('', 'upstream_error');
  const reason = reasonFor(failure).replace(/\.$/, '');
  return new ApiError({ ...options, message: `The provider failed: ${reason}. The usage it reported was charged.` });
}

const unsettled = (): ApiError =>
  serviceUnavailable(
    'The ledger can’t be reached: this answer is not complete, and what was held for it is released later.',
  );
