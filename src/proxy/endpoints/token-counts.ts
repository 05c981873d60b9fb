import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock, type JsonObject } from '../../kernel/index.js';
import { modelRefusal } from '../../ledger/index.js';
import { type CountRequest, isTokenCount, noTokenCount, readCountRequest, Untranslatable } from '../wire/index.js';
import { type ApiError, errorOf, notFound } from '../../platform/http/index.js';
import type { Answer, Sent } from '../call/call.js';
import { CallLog, type CallRecord } from '../call/call-log.js';
import { answererOf, Channels } from '../providers/channels.js';
import { json } from './chat-exchange.js';
import { Circuits } from '../providers/circuits.js';
import { betasOf } from './messages.js';
import { InFlight } from '../call/in-flight.js';
import { readJsonAnswer } from '../call/json-answer.js';
import { ModelDirectory } from '../providers/model-directory.js';
import { type Asked, NotOpened, type Offer, type Opened, openUpstream } from '../providers/open-upstream.js';
import { failureError } from '../providers/provider-error.js';
import { RateLimits } from '../call/rate-limits.js';
import { type Outcome, wholeAnswer } from '../relay/relay.js';
import { parseBody } from './request-body.js';
import { Upstream } from '../providers/upstream.js';

/**
 * `POST /v1/messages/count_tokens`, Anthropic's own: what a request would come to in prompt tokens, by a channel that speaks Anthropic's
 * format. It costs nothing, so no hold is placed; it has rate limits of its own, as large as those of calls.
 */
@Injectable()
export class TokenCounts {
  /**
   * Not those of calls: "Token counting and message creation have separate and independent rate limits"
   * (https://platform.claude.com/docs/en/build-with-claude/token-counting).
   */
  readonly #circuits: Circuits;

  constructor(
    private readonly limits: RateLimits,
    private readonly models: ModelDirectory,
    private readonly channels: Channels,
    private readonly upstream: Upstream,
    private readonly inFlight: InFlight,
    private readonly log: CallLog,
    private readonly clock: Clock,
  ) {
    this.#circuits = new Circuits(clock);
  }

  /** Answers a request, or throws what the client is told instead. */
  run(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.inFlight.run(({ signal }) =>
      this.log.during(http, reply, async (record) => {
        await this.#answer({ http, reply, signal, record });
        return { cost: undefined };
      }),
    );
  }

  async #answer({ http, reply, signal, record }: HttpExchange): Promise<void> {
    const { caller } = http;
    reply.headers(await this.limits.admit(caller, 'counts of tokens'));
    const request = readCountRequest(parseBody(http.body as Buffer | undefined, '"model" and "messages"'));
    const model = this.models.require(request.model, 'chat');
    const refusal = modelRefusal(caller.settings, model);
    if (refusal !== undefined) throw errorOf(refusal);
    const opened = await this.#open(this.#offersOf(request, http), model.id, { signal, requestId: http.id, record });
    const { route, begun } = opened;
    const { failure, rest } = begun;
    if (failure !== undefined) throw failureError(this.upstream.failureOf(failure));
    void reply
      .status(200)
      .headers({ ...answererOf(route), 'content-type': 'application/json' })
      .send(rest);
  }

  #offersOf({ body, model }: CountRequest, { caller, headers }: FastifyRequest): Offer<CountExchange>[] {
    const betas = betasOf(headers['anthropic-beta']);
    return this.channels
      .routes(model, caller.accountId, this.clock.now())
      .filter(({ channel }) => channel.format === 'anthropic')
      .map((route) => ({ route, exchange: countExchange(body, route.upstreamModel, betas) }));
  }

  async #open(
    offers: readonly Offer<CountExchange>[],
    model: string,
    { record, ...asked }: Pick<Asked, 'requestId' | 'signal'> & { readonly record: CallRecord },
  ): Promise<Opened<CountExchange, Outcome>> {
    if (offers.length === 0) throw uncountable(model);
    const way = { upstream: this.upstream, circuits: this.#circuits };
    const opened = await record.upstream(
      openUpstream(way, offers, { ...asked, cap: undefined }, ({ exchange }, response) =>
        wholeAnswer(response, (bytes) => exchange.read(bytes)),
      ),
    );
    if (!(opened instanceof NotOpened)) return opened;
    // Not everything that speaks Anthropic's format counts tokens.
    throw opened.attempts.at(-1)?.status === 404 ? uncountable(model) : opened.error;
  }
}

const uncountable = (model: string): ApiError => notFound('no_token_count', noTokenCount(model), 'model');

interface CountExchange {
  send(): Sent;
  read(bytes: Buffer): Answer;
}

const countExchange = (
  body: JsonObject,
  upstreamModel: string,
  headers: Readonly<Record<string, string>>,
): CountExchange => ({
  send: () => ({ ...json('/messages/count_tokens', false, { ...body, model: upstreamModel }), headers }),
  read: (bytes) =>
    readJsonAnswer(bytes, (answer) => {
      if (!isTokenCount(answer)) throw new Untranslatable('the answer tells no count of tokens');
      return { usage: undefined };
    }),
});

/** A request on its way through. */
interface HttpExchange {
  readonly http: FastifyRequest;
  readonly reply: FastifyReply;
  readonly signal: AbortSignal;
  readonly record: CallRecord;
}
