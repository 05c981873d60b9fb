import type { OutgoingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config.js';
import { type Amount, Clock, formatUsd, type JsonValue, unixSeconds } from '../../kernel/index.js';
import type { CutOff } from '../../ledger/index.js';
import { type AnswerContext, Untranslatable } from '../wire/index.js';
import { ApiError, internalError } from '../../platform/http/index.js';
import { Billing, type PlacedHold } from '../billing/billing.js';
import type { Call, Endpoint, Exchange, Meter } from './call.js';
import { CallLog, type CallRecord, type Ended } from './call-log.js';
import { answererOf, Channels, type Route } from '../providers/channels.js';
import { Circuits } from '../providers/circuits.js';
import { ClientStream, watchDeparture } from '../relay/client-stream.js';
import { onDisconnect } from '../providers/disconnects.js';
import { InFlight } from './in-flight.js';
import { ModelDirectory } from '../providers/model-directory.js';
import { firstEvent } from '../providers/first-event.js';
import { type Begin, NotOpened, type Offer, type Opened, openUpstream } from '../providers/open-upstream.js';
import { brokenOff, cutShort, failureError } from '../providers/provider-error.js';
import { RateLimits } from './rate-limits.js';
import { type Outcome, relayStream, wholeAnswer } from '../relay/relay.js';
import { commentFrame } from '../relay/sse.js';
import { estimatedTokens } from './token-limit.js';
import { ClientLeft, Upstream, UpstreamFailure, UpstreamTimeout } from '../providers/upstream.js';

const COST = 'x-tokenhub-cost';
/** Of a request. */
const COST_COMMENT = 'x-tokenhub-cost-comment';

/** The billed path of every endpoint: authenticate → admit → hold → open upstream → relay → settle → last byte. */
@Injectable()
export class Calls {
  constructor(
    private readonly limits: RateLimits,
    private readonly models: ModelDirectory,
    private readonly channels: Channels,
    private readonly billing: Billing,
    private readonly upstream: Upstream,
    private readonly circuits: Circuits,
    private readonly inFlight: InFlight,
    private readonly log: CallLog,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Answers a request, or throws what the client is told instead. */
  run(endpoint: Endpoint, http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.inFlight.run((deadline) =>
      this.log.during(http, reply, (record) => this.#answer(endpoint, { http, reply, deadline, record })),
    );
  }

  async #answer(endpoint: Endpoint, exchange: HttpExchange): Promise<Ended> {
    const { http, reply, deadline, record } = exchange;
    const { caller, giveUpAt, id: requestId } = http;
    reply.headers(await this.limits.admit(caller));
    const call = await endpoint.read(http.body as Buffer | undefined, http.headers);
    const model = this.models.require(call.model, call.kind);
    const offers = offersOf(this.channels.routes(call.model, caller.accountId, this.clock.now()), (route) =>
      call.exchange(model, route),
    );
    const demand = call.demand(model);
    const tokens = await this.limits.admitTokens(caller, estimatedTokens(demand));
    reply.headers(tokens.headers);
    const hold = await this.billing.hold({ caller, requestId, giveUpAt, tokens }, demand, model);
    record.held(hold);
    const { cap } = hold;
    const open = async <B>(begin: Begin<Exchange, B>): Promise<Opened<Exchange, B>> => {
      const way = { upstream: this.upstream, circuits: this.circuits };
      const opened = await record.upstream(
        openUpstream(way, offers, { requestId, cap, signal: deadline.signal }, begin),
      );
      if (opened instanceof NotOpened) throw await this.#refused(hold, opened);
      reply.headers(headersOf(hold, opened));
      return opened;
    };
    return call.stream ? this.#stream(exchange, hold, open) : this.#whole(exchange, hold, open);
  }

  async #refused(hold: PlacedHold, { error, reason, detail, attempts }: NotOpened): Promise<ApiError> {
    await this.billing.release(hold, reason, detail, { attempts });
    return error;
  }

  /** A plain answer: read whole, charged, then sent. */
  async #whole({ reply }: HttpExchange, hold: PlacedHold, open: Open): Promise<Ended> {
    const opened = await open((offer, response) =>
      wholeAnswer(response, (bytes) => offer.exchange.read(bytes, this.#contextOf(hold, offer))),
    );
    const outcome = opened.begun;
    if (outcome.failure !== undefined) throw await this.#broken(hold, opened, outcome);
    const cost = await this.billing.settle(hold, answered(opened, outcome));
    if (cost !== undefined) reply.header(COST, formatUsd(cost));
    void reply
      .status(200)
      .header('content-type', outcome.contentType ?? (opened.response.contentType || 'application/json'))
      .send(outcome.rest);
    return { cost };
  }

  /** A stream: relayed as it comes; its end leaves when the charge is durable. */
  async #stream({ http, reply, deadline }: HttpExchange, hold: PlacedHold, open: Open): Promise<Ended> {
    const { CLIENT_GONE_TIMEOUT_MS: limitMs } = this.config;
    const waited = () => deadline.abort(new ClientLeft(`no start within ${limitMs} ms after the client had left`));
    const stopWatching = watchDeparture(reply.raw, limitMs, waited);
    const opened = await open(({ exchange, route }, response) =>
      firstEvent(response, exchange.meter(this.#contextOf(hold, { route }))),
    ).finally(stopWatching);
    let goneTimer: NodeJS.Timeout | undefined;
    const headers = { ...(reply.getHeaders() as OutgoingHttpHeaders), ...STREAM_HEADERS };
    const meter = opened.exchange.meter(this.#contextOf(hold, opened));
    const client = new ClientStream(reply.raw, headers, this.config.CLIENT_STALL_TIMEOUT_MS, () => {
      // Of an answer that is finished only the usage is still to come.
      if (!meter.delivery.finished && onDisconnect(opened.route.channel) === 'cancels')
        return deadline.abort(new ClientLeft('the client left'));
      const late = () => new ClientLeft(`no end within ${limitMs} ms after the client had left`);
      goneTimer = setTimeout(() => deadline.abort(late()), limitMs);
    });
    const outcome = await relayStream(opened.begun, client, meter);
    clearTimeout(goneTimer);
    if (outcome.failure !== undefined && !client.started && !client.gone)
      throw await this.#broken(hold, opened, outcome);
    reply.hijack();
    const why = outcome.failure === undefined ? undefined : cutOffBy(deadline.signal);
    return this.#finish({ client, meter, why, tellsCost: tellsCost(http) }, hold, opened, outcome);
  }

  /** Settles a stream whose first byte has left (or whose client has), then ends it: whole, or broken with an error. */
  async #finish(
    { client, meter, why, tellsCost: isTold }: Streamed,
    hold: PlacedHold,
    opened: Answerer,
    outcome: Outcome,
  ): Promise<Ended> {
    const failure = outcome.failure === undefined ? undefined : this.upstream.failureOf(outcome.failure);
    // Whoever leaves pays for what was done until then; whom we cut off ourselves, for what they got.
    const isCharged = why === 'client_left' || (why !== undefined && meter.delivery.began);
    const cutOff = why !== undefined && isCharged ? { why, delivery: meter.delivery } : undefined;
    try {
      if (failure !== undefined && outcome.usage === undefined && cutOff === undefined) {
        await this.billing.release(hold, releaseReason(failure), failure.message, answered(opened, outcome));
        client.end(meter.fail(brokenOff(failure, false).body));
        return { cost: undefined, broken: failure };
      }
      const cost = await this.billing.settle(hold, { ...answered(opened, outcome), ...(cutOff && { cutOff }) });
      const broken = failure && (cutOff === undefined ? brokenOff(failure, true) : cutShort(failure));
      client.end(withCost(isTold ? cost : undefined, broken === undefined ? outcome.rest : meter.fail(broken.body)));
      return { cost, broken: failure };
    } catch (error) {
      client.end(meter.fail((error instanceof ApiError ? error : internalError()).body));
      throw error;
    }
  }

  /** Nothing has reached the client: nothing is charged, and it gets a plain error. */
  async #broken(hold: PlacedHold, opened: Answerer, outcome: Outcome): Promise<ApiError> {
    const reason = this.upstream.failureOf(outcome.failure);
    await this.billing.release(hold, releaseReason(reason), reason.message, answered(opened, outcome));
    return failureError(reason);
  }

  /** The answer's id is that of its charge, where the provider's format has none. */
  #contextOf({ chargeId }: PlacedHold, { route }: Pick<Offer, 'route'>): AnswerContext {
    return { id: `chatcmpl-${chargeId}`, created: unixSeconds(this.clock.now()), model: route.upstreamModel };
  }
}

/** A request on its way through. */
interface HttpExchange {
  readonly http: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deadline: AbortController;
  readonly record: CallRecord;
}

/** Opens the first channel that answers. @throws ApiError when none does; nothing is held then. */
type Open = <B>(begin: Begin<Exchange, B>) => Promise<Opened<Exchange, B>>;

type Answerer = Omit<Opened, 'begun'>;

interface Streamed {
  readonly client: ClientStream;
  readonly meter: Meter;
  /** Why we ended it ourselves, when we did. */
  readonly why: CutOff | undefined;
  readonly tellsCost: boolean;
}

/** Some old readers of event streams choke on comments. */
const tellsCost = ({ headers }: FastifyRequest): boolean => headers[COST_COMMENT] !== 'off';

/** A stream's headers have left before its cost is known: a comment before its end tells it, which every client passes over. */
const withCost = (cost: Amount | undefined, end: Buffer): Buffer =>
  cost === undefined ? end : Buffer.concat([commentFrame(`${COST} ${formatUsd(cost)}`), end]);

/** The routes whose providers can be asked this. @throws Untranslatable when there are routes, and none of them can. */
function offersOf(routes: readonly Route[], exchangeWith: (route: Route) => ReturnType<Call['exchange']>): Offer[] {
  let refusal: Untranslatable | undefined;
  const offers = routes.flatMap((route): Offer[] => {
    try {
      return [{ route, exchange: exchangeWith(route) }];
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      refusal ??= error;
      return [];
    }
  });
  if (offers.length === 0 && refusal !== undefined) throw refusal;
  return offers;
}

/** As OpenAI sends them; the last one keeps nginx from holding chunks back. */
const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

const answered = ({ route, attempts, exchange }: Answerer, { usage }: Outcome) => ({
  usage,
  readUsage: (raw: JsonValue) => exchange.readUsage(raw),
  provider: route.channel.name,
  upstreamModel: route.upstreamModel,
  attempts,
});

const headersOf = (hold: PlacedHold, { route, exchange: { leftOut = [] } }: Offer): Record<string, string> => ({
  ...answererOf(route),
  'x-tokenhub-model': hold.model,
  'x-tokenhub-charge-id': hold.chargeId,
  ...(hold.cap !== undefined && { 'x-tokenhub-max-tokens': String(hold.cap) }),
  ...(leftOut.length > 0 && { 'x-tokenhub-left-out': leftOut.join(', ') }),
});

const releaseReason = (failure: UpstreamFailure): 'upstream_timeout' | 'upstream_error' =>
  failure instanceof UpstreamTimeout ? 'upstream_timeout' : 'upstream_error';

/** Why we ended an answer before it was whole; undefined when its provider did. */
function cutOffBy({ aborted, reason }: AbortSignal): CutOff | undefined {
  if (!aborted) return undefined;
  if (reason instanceof ClientLeft) return 'client_left';
  return reason instanceof UpstreamTimeout ? 'timed_out' : 'shutting_down';
}
