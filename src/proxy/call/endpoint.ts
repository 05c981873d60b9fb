// What an endpoint tells the pipeline of its requests: what a request may use, how a provider takes it, and how the answer is read.
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiError } from '../../platform/http/index.js';
import type { Model, ModelKind } from '../../pricing/index.js';
import type { Demand, ReadUsage } from '../billing/demand.js';
import type { Route } from '../providers/channels.js';
import type { Sendable } from '../providers/open-upstream.js';
import type { Answer } from '../relay/answer.js';
import type { Meter } from '../relay/meter.js';
import type { AnswerContext } from '../wire/index.js';

/** A request as one provider takes it, and how that provider's answer is read. */
export interface FreeExchange extends Sendable {
  /** Reads a whole answer. */
  read(bytes: Buffer, context: AnswerContext): Answer;
}

/** The same for a call that is charged. */
export interface Exchange extends FreeExchange {
  /** Makes the listener for a stream. */
  meter(context: AnswerContext): Meter;
  /** What was left out of the request; a header tells the client. */
  readonly leftOut?: readonly string[];
  /** Brings the provider's usage block into normal form, or says why it can't be billed. */
  readUsage: ReadUsage;
}

/** A request that has been read, before a model and a provider are found for it. */
interface ReadRequest<E> {
  readonly model: string;
  /** What kind of model answers it. */
  readonly kind: ModelKind;
  /** @throws Untranslatable when the format of that provider has no equivalent. */
  exchange(model: Model, route: Route): E;
}

/** A call of a model, which is charged. */
export interface ModelCall extends ReadRequest<Exchange> {
  /** Whether the answer is passed on as it comes. */
  readonly stream: boolean;
  demand(model: Model): Demand;
}

/** A question that costs nothing. */
export interface FreeCall extends ReadRequest<FreeExchange> {
  /** The error when no channel of the model can answer it. */
  notOffered(model: Model): ApiError;
}

/** One endpoint of the data plane. */
export interface Endpoint<C = ModelCall> {
  /** @throws ApiError 400, or Untranslatable, naming the field at fault. */
  read(body: Buffer | undefined, headers: IncomingHttpHeaders): C | Promise<C>;
}
