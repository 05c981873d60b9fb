// The hold of a call: how each way the call can end settles or releases it.
import { type Amount, type Clock, unixSeconds } from '../../kernel/index.js';
import type { CutOff } from '../../ledger/index.js';
import type { ApiError } from '../../platform/http/index.js';
import type { BillableAnswer, Billing, PlacedHold } from '../billing/billing.js';
import type { Route } from '../providers/channels.js';
import type { NotOpened, OpenUpstream } from '../providers/open-upstream.js';
import { failureError } from '../providers/provider-error.js';
import { type Upstream, type UpstreamFailure, UpstreamTimeout } from '../providers/upstream.js';
import type { Answer } from '../relay/answer.js';
import type { Delivery } from '../relay/delivery.js';
import type { AnswerContext } from '../wire/index.js';
import type { Exchange } from './endpoint.js';

/** The channel that answers a call. */
export type Answering = Omit<OpenUpstream<Exchange, unknown>, 'begun'>;

export class HeldCall {
  constructor(
    readonly hold: PlacedHold,
    private readonly billing: Billing,
    private readonly upstream: Upstream,
    private readonly clock: Clock,
  ) {}

  /** The answer's id is that of its charge, where the provider's format has none. */
  answerContext({ upstreamModel }: Route): AnswerContext {
    return {
      id: `chatcmpl-${this.hold.chargeId}`,
      created: unixSeconds(this.clock.now()),
      model: upstreamModel,
    };
  }

  /** What broke an answer off, if anything did. */
  failureOf({ failure }: Answer): UpstreamFailure | undefined {
    return failure === undefined ? undefined : this.upstream.failureOf(failure);
  }

  /** Charges an answer, or the part of it that was delivered before we cut it off. Returns the cost, if it is charged. */
  settle(
    answering: Answering,
    answer: Answer,
    cutOff?: { readonly why: CutOff; readonly delivery: Delivery },
  ): Promise<Amount | undefined> {
    return this.billing.settle(this.hold, { ...billable(answering, answer), ...(cutOff && { cutOff }) });
  }

  /** Nothing is charged, as the answer broke off. */
  release(answering: Answering, answer: Answer, failure: UpstreamFailure): Promise<void> {
    const reason = failure instanceof UpstreamTimeout ? 'upstream_timeout' : 'upstream_error';
    return this.billing.release(this.hold, reason, failure.message, billable(answering, answer));
  }

  /** Nothing is charged, as no channel answered. Returns the client's error. */
  async notOpened({ error, reason, detail, attempts }: NotOpened): Promise<ApiError> {
    await this.billing.release(this.hold, reason, detail, { attempts });
    return error;
  }

  /** Nothing is charged, as nothing of the answer has reached the client. Returns the client's error. */
  async notDelivered(answering: Answering, answer: Answer): Promise<ApiError> {
    const failure = this.upstream.failureOf(answer.failure);
    await this.release(answering, answer, failure);
    return failureError(failure);
  }
}

const billable = ({ route, attempts, exchange }: Answering, { usage, empty, unbilled }: Answer): BillableAnswer => ({
  usage,
  empty,
  unbilled,
  readUsage: (raw) => exchange.readUsage(raw),
  provider: route.channel.name,
  upstreamModel: route.upstreamModel,
  attempts,
});
