import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock, formatUsd, unixSeconds } from '../../kernel/index.js';
import { modelRefusal } from '../../ledger/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { errorOf } from '../../platform/http/index.js';
import type { Model } from '../../pricing/index.js';
import { Billing, type PlacedHold } from '../billing/billing.js';
import { ModelDirectory } from '../models/model-directory.js';
import { AnswerMemory, type AnswerRoom } from '../providers/answer-memory.js';
import { answererOf, Channels, type Route } from '../providers/channels.js';
import { Circuits } from '../providers/circuits.js';
import {
  type BeginAnswer,
  type Candidate,
  NotOpened,
  type OpenUpstream,
  openUpstream,
  type Providers,
  type Sendable,
} from '../providers/open-upstream.js';
import { type BegunCall, ProviderCalls } from '../providers/provider-calls.js';
import { failureError } from '../providers/provider-error.js';
import { ClientLeft, Upstream } from '../providers/upstream.js';
import type { Answer } from '../relay/answer.js';
import { isGone, watchDeparture } from '../relay/client-stream.js';
import { wholeAnswer } from '../relay/relay.js';
import { Untranslatable } from '../wire/index.js';
import { type CallContext, COST_HEADER, type OpenCall } from './call-context.js';
import { CallLog, type CallResult } from './call-log.js';
import type { Endpoint, Exchange, FreeCall, FreeExchange } from './endpoint.js';
import { HeldCall } from './held-call.js';
import { InFlight } from './in-flight.js';
import { RateLimits } from './rate-limits.js';
import { streamAnswer } from './streamed-answer.js';
import { estimatedTokens } from './token-limit.js';

/** The path of a call, whatever its endpoint: admit → read → find the model → hold → open upstream → relay → settle → last byte. */
@Injectable()
export class CallPipeline {
  /**
   * Of free calls. A provider limits them apart: "Token counting and message creation have separate and independent rate limits"
   * (https://platform.claude.com/docs/en/build-with-claude/token-counting).
   */
  readonly #circuitsOfFreeCalls: Circuits;

  constructor(
    private readonly limits: RateLimits,
    private readonly models: ModelDirectory,
    private readonly channels: Channels,
    private readonly billing: Billing,
    private readonly upstream: Upstream,
    private readonly circuits: Circuits,
    private readonly calls: ProviderCalls,
    private readonly inFlight: InFlight,
    private readonly answers: AnswerMemory,
    private readonly log: CallLog,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.#circuitsOfFreeCalls = new Circuits(clock);
  }

  /** Answers a call that is charged, or throws the client's error. */
  run(endpoint: Endpoint, http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.#inFlight(http, reply, (context) => this.#charged(endpoint, context));
  }

  /** Answers a call that costs nothing, or throws the client's error. No hold is placed, and rate limits of its own apply. */
  runFree(endpoint: Endpoint<FreeCall>, http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.#inFlight(http, reply, (context) => this.#free(endpoint, context));
  }

  #inFlight(
    http: FastifyRequest,
    reply: FastifyReply,
    answer: (context: CallContext) => Promise<CallResult>,
  ): Promise<void> {
    const { accountId } = http.caller;
    const room = this.answers.roomFor(accountId);
    const answered = this.inFlight.run(accountId, (deadline, admission) =>
      this.log.during(http, reply, (record) => answer({ http, reply, deadline, record, admission, room })),
    );
    return answered.finally(() => leaveWhenSent(reply.raw, room));
  }

  async #charged(endpoint: Endpoint, context: CallContext): Promise<CallResult> {
    const { http, reply, record } = context;
    const { caller, giveUpAt, id: requestId } = http;
    const counted = this.limits.admit(caller).then((headers) => void reply.headers(headers));
    const { call, model, candidates, demand, tokens } = await this.limits.whileCounted(counted, {
      work: () => this.#read(endpoint, context),
      undo: (read) => read.tokens.used(0),
    });
    reply.headers(tokens.headers);
    const hold = await this.billing.hold({ caller, requestId, giveUpAt, tokens }, demand, model);
    record.held(hold, call.stream);
    const held = new HeldCall(hold, this.billing, this.upstream, this.clock);
    let begun: BegunCall | undefined;
    const open = async <B>(begin: BeginAnswer<Exchange, B>): Promise<OpenUpstream<Exchange, B>> => {
      const startedAt = performance.now();
      const ways = { circuits: this.circuits, calls: this.calls, cap: hold.cap };
      const opened = await this.#open(context, candidates, ways, begin);
      begun = this.#remember(model, opened, performance.now() - startedAt, context);
      if (opened instanceof NotOpened) throw await held.notOpened(opened);
      reply.headers(headersOf(hold, opened));
      return opened;
    };
    if (!call.stream) return this.#whole(context, held, open);
    const result = await streamAnswer(context, held, open, this.config);
    if (result.broken !== undefined && !context.deadline.signal.aborted) begun?.broke();
    return result;
  }

  /** Reads a request and finds who can answer it; counts its tokens. */
  async #read(endpoint: Endpoint, context: CallContext) {
    const { http } = context;
    const { caller } = http;
    const call = await endpoint.read(http.body as Buffer | undefined, http.headers);
    const model = this.models.require(call.model, caller.settings, call.kind);
    const candidates = this.#candidates(call, model, context);
    if (candidates instanceof Untranslatable) throw candidates;
    const demand = call.demand(model);
    const tokens = await this.limits.admitTokens(caller, estimatedTokens(demand));
    return { call, model, candidates, demand, tokens };
  }

  /** For the figures of providers. It is not a provider's failure when the request is at fault, or when we ended the call ourselves. */
  #remember(
    { maker }: Model,
    opened: OpenUpstream<Exchange, unknown> | NotOpened,
    milliseconds: number,
    { deadline: { signal } }: CallContext,
  ): BegunCall | undefined {
    if (opened instanceof NotOpened && signal.reason instanceof ClientLeft) return undefined;
    const failed = opened instanceof NotOpened && opened.reason !== 'refused_by_provider';
    return this.calls.call(maker, { milliseconds, failed, status: 0 });
  }

  /**
   * A plain answer: read whole, charged, then sent. A client that has left changes nothing, as no provider stops for it: "For non-streaming
   * requests […] the model will continue processing and you will be billed for the complete response"
   * (https://openrouter.ai/docs/api-reference/streaming#stream-cancellation). All of the bill comes at the end, which may be minutes away.
   */
  async #whole({ reply, room }: CallContext, held: HeldCall, open: OpenCall): Promise<CallResult> {
    const opened = await open(({ exchange, route }, response) =>
      wholeAnswer(response, (bytes) => exchange.read(bytes, held.answerContext(route)), room),
    );
    const answer = opened.begun;
    if (answer.failure !== undefined) throw await held.notDelivered(opened, answer);
    const cost = await held.settle(opened, answer);
    if (cost !== undefined) reply.header(COST_HEADER, formatUsd(cost));
    send(reply, opened);
    return { cost };
  }

  async #free(endpoint: Endpoint<FreeCall>, context: CallContext): Promise<CallResult> {
    const { http, reply, room } = context;
    const { caller, id } = http;
    const counted = this.limits.admit(caller, 'counts of tokens').then((headers) => void reply.headers(headers));
    const work = () => endpoint.read(http.body as Buffer | undefined, http.headers);
    const call = await this.limits.whileCounted(counted, { work });
    const model = this.models.require(call.model, caller.settings, call.kind);
    const refusal = modelRefusal(caller.settings, model);
    if (refusal !== undefined) throw errorOf(refusal);
    // There is no bill to wait for.
    const leave = () => context.deadline.abort(new ClientLeft('the client left'));
    const stopWatching = watchDeparture(reply.raw, 0, leave);
    const opened = await this.#openFree(call, model, context, ({ exchange, route }, response) =>
      wholeAnswer(
        response,
        (bytes) => exchange.read(bytes, { id, created: unixSeconds(this.clock.now()), model: route.upstreamModel }),
        room,
      ),
    ).finally(stopWatching);
    const { failure } = opened.begun;
    if (failure !== undefined) throw failureError(this.upstream.failureOf(failure));
    reply.headers(answererOf(opened.route));
    send(reply, opened);
    return { cost: undefined };
  }

  async #openFree<B>(
    call: FreeCall,
    model: Model,
    context: CallContext,
    begin: BeginAnswer<FreeExchange, B>,
  ): Promise<OpenUpstream<FreeExchange, B>> {
    const candidates = this.#candidates(call, model, context);
    if (candidates instanceof Untranslatable) throw call.notOffered(model);
    const ways = { circuits: this.#circuitsOfFreeCalls, cap: undefined };
    const opened = await this.#open(context, candidates, ways, begin);
    if (!(opened instanceof NotOpened)) return opened;
    // Not every provider that speaks the format has the endpoint.
    throw opened.attempts.at(-1)?.status === 404 ? call.notOffered(model) : opened.error;
  }

  /** The routes whose providers can take the request; the reason when none of them can. */
  #candidates<E extends Sendable>(
    call: { readonly model: string; exchange(model: Model, route: Route): E },
    model: Model,
    { http: { caller } }: CallContext,
  ): Candidate<E>[] | Untranslatable {
    let refusal: Untranslatable | undefined;
    const candidates: Candidate<E>[] = [];
    for (const route of this.channels.routes(call.model, caller.accountId, this.clock.now())) {
      try {
        candidates.push({ route, exchange: call.exchange(model, route) });
      } catch (error) {
        if (!(error instanceof Untranslatable)) throw error;
        refusal ??= error;
      }
    }
    return candidates.length === 0 && refusal !== undefined ? refusal : candidates;
  }

  #open<E extends Sendable, B>(
    { http, reply, deadline: { signal }, record, admission, room }: CallContext,
    candidates: readonly Candidate<E>[],
    { cap, ...ways }: Pick<Providers, 'circuits' | 'calls'> & { readonly cap: number | undefined },
    begin: BeginAnswer<E, B>,
  ): Promise<OpenUpstream<E, B> | NotOpened> {
    admission.over();
    const providers = { upstream: this.upstream, ...ways };
    const options = { requestId: http.id, cap, signal, room, isAwaited: () => !isGone(reply.raw) };
    return record.upstream(openUpstream(providers, candidates, options, begin));
  }
}

/** A plain answer takes memory until its last byte has left. */
function leaveWhenSent(raw: ServerResponse, room: AnswerRoom): void {
  if (room.isEmpty) return;
  if (raw.closed || isGone(raw)) room.leave();
  else raw.once('close', () => room.leave());
}

function send(reply: FastifyReply, { begun, response }: OpenUpstream<FreeExchange, Answer>): void {
  const contentType = begun.contentType ?? (response.contentType || 'application/json');
  void reply.status(200).header('content-type', contentType).send(begun.bytes);
}

const headersOf = (
  { model, chargeId, cap }: PlacedHold,
  { route, exchange: { leftOut = [] } }: Candidate<Exchange>,
): Record<string, string> => ({
  ...answererOf(route),
  'x-tokenhub-model': model,
  'x-tokenhub-charge-id': chargeId,
  ...(cap !== undefined && { 'x-tokenhub-max-tokens': String(cap) }),
  ...(leftOut.length > 0 && { 'x-tokenhub-left-out': leftOut.join(', ') }),
});
