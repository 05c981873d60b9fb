import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BeginAnswer, OpenUpstream } from '../providers/open-upstream.js';
import type { AnswerRoom } from '../providers/answer-memory.js';
import type { CallRecord } from './call-log.js';
import type { Exchange } from './endpoint.js';
import type { Admission } from './overload.js';

/** What an answer was charged, in US dollars. */
export const COST_HEADER = 'x-tokenhub-cost';

/** A request on its way through the pipeline. */
export interface CallContext {
  readonly http: FastifyRequest;
  readonly reply: FastifyReply;
  /** Ends the call early: its time is over, its client has left, or the gateway shuts down. */
  readonly deadline: AbortController;
  readonly record: CallRecord;
  /** Over when the call goes to a provider. */
  readonly admission: Admission;
  /** Where a plain answer has its place. */
  readonly room: AnswerRoom;
}

/** Opens the first channel that answers. @throws ApiError when none does; then the hold is released. */
export type OpenCall = <B>(begin: BeginAnswer<Exchange, B>) => Promise<OpenUpstream<Exchange, B>>;
