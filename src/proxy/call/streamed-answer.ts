// The answer to a streamed call: relayed as it comes. Its end leaves once the charge is durable.
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type Amount, formatUsd } from '../../kernel/index.js';
import type { CutOff } from '../../ledger/index.js';
import type { Config } from '../../platform/config.js';
import { ApiError, internalError } from '../../platform/http/index.js';
import { onDisconnect } from '../providers/provider-behaviour.js';
import { brokenOff, cutShort } from '../providers/provider-error.js';
import { ClientLeft, UpstreamTimeout } from '../providers/upstream.js';
import type { Answer } from '../relay/answer.js';
import { ClientStream, KEEP_ALIVE_MS, watchDeparture } from '../relay/client-stream.js';
import { firstEvent } from '../relay/first-event.js';
import type { Meter } from '../relay/meter.js';
import { relayStream } from '../relay/relay.js';
import { commentFrame } from '../relay/sse.js';
import { type CallContext, COST_HEADER, type OpenCall } from './call-context.js';
import type { CallResult } from './call-log.js';
import type { Answering, HeldCall } from './held-call.js';

/** As OpenAI sends them; the last one keeps nginx from holding chunks back. */
const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

/** A request header: `off` leaves out our comments, the one with the cost too, as some old readers of event streams fail on them. */
const COST_COMMENT_HEADER = 'x-tokenhub-cost-comment';

type ClientLimits = Pick<Config, 'CLIENT_GONE_TIMEOUT_MS' | 'CLIENT_STALL_TIMEOUT_MS'>;

export async function streamAnswer(
  { http, reply, deadline }: CallContext,
  held: HeldCall,
  open: OpenCall,
  { CLIENT_GONE_TIMEOUT_MS: goneMs, CLIENT_STALL_TIMEOUT_MS: stallMs }: ClientLimits,
): Promise<CallResult> {
  const leave = (what: string) => deadline.abort(new ClientLeft(what));
  const noStart = () => leave(`no start within ${goneMs} ms after the client had left`);
  const stopWatching = watchDeparture(reply.raw, goneMs, noStart);
  const opened = await open(({ exchange, route }, response) =>
    firstEvent(response, exchange.meter(held.answerContext(route))),
  ).finally(stopWatching);
  const meter = opened.exchange.meter(held.answerContext(opened.route));
  const headers = { ...(reply.getHeaders() as OutgoingHttpHeaders), ...STREAM_HEADERS };
  let goneTimer: NodeJS.Timeout | undefined;
  const patience = { stallTimeoutMs: stallMs, keepAliveMs: showsCost(http) ? KEEP_ALIVE_MS : undefined };
  const client = new ClientStream(reply.raw, headers, patience, () => {
    // Of an answer that is finished only the usage is still to come.
    if (!meter.delivery.finished && onDisconnect(opened.route.channel) === 'cancels') return leave('the client left');
    goneTimer = setTimeout(() => leave(`no end within ${goneMs} ms after the client had left`), goneMs);
  });
  const answer = await relayStream(opened.begun, client, meter);
  clearTimeout(goneTimer);
  if (answer.failure !== undefined && !client.started && !client.gone) throw await held.notDelivered(opened, answer);
  reply.hijack();
  const cutOff = answer.failure === undefined ? undefined : cutOffBy(deadline.signal);
  return endStream({ client, meter, cutOff, showsCost: showsCost(http) }, held, opened, answer);
}

/** A stream whose first byte has left, or whose client has. */
interface StartedStream {
  readonly client: ClientStream;
  readonly meter: Meter;
  /** Why we ended it ourselves, if we did. */
  readonly cutOff: CutOff | undefined;
  readonly showsCost: boolean;
}

/** Settles a stream, then ends it: whole, or broken off with an error. */
async function endStream(
  { client, meter, cutOff: why, showsCost: isShown }: StartedStream,
  held: HeldCall,
  answering: Answering,
  answer: Answer,
): Promise<CallResult> {
  const failure = held.failureOf(answer);
  // A client that leaves pays for what was made until then; one that we cut off, for what it got.
  const isCharged = why === 'client_left' || (why !== undefined && meter.delivery.began);
  const cutOff = why !== undefined && isCharged ? { why, delivery: meter.delivery } : undefined;
  try {
    if (failure !== undefined && answer.usage === undefined && cutOff === undefined) {
      await held.release(answering, answer, failure);
      client.end(meter.fail(brokenOff(failure, false).body));
      return { cost: undefined, broken: failure };
    }
    const cost = await held.settle(answering, answer, cutOff);
    const error = failure && (cutOff === undefined ? brokenOff(failure, true) : cutShort(failure));
    client.end(withCost(isShown ? cost : undefined, error === undefined ? answer.bytes : meter.fail(error.body)));
    return { cost, broken: failure };
  } catch (error) {
    client.end(meter.fail((error instanceof ApiError ? error : internalError()).body));
    throw error;
  }
}

const showsCost = ({ headers }: FastifyRequest): boolean => headers[COST_COMMENT_HEADER] !== 'off';

/** A stream's headers have left before its cost is known, so a comment before its end tells it. Clients skip comments. */
const withCost = (cost: Amount | undefined, end: Buffer): Buffer =>
  cost === undefined ? end : Buffer.concat([commentFrame(`${COST_HEADER} ${formatUsd(cost)}`), end]);

/** Why we ended an answer before it was whole; undefined when its provider did. */
function cutOffBy({ aborted, reason }: AbortSignal): CutOff | undefined {
  if (!aborted) return undefined;
  if (reason instanceof ClientLeft) return 'client_left';
  return reason instanceof UpstreamTimeout ? 'timed_out' : 'shutting_down';
}
