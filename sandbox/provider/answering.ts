// Plays the answer to a request: the delay, then a refusal, or the plan with its line in the usage log.
import type { ServerResponse } from 'node:http';
import type { PreparedAnswer } from './api.js';
import { deliver, pause } from './delivery.js';
import { statusError } from './errors.js';
import { type Knobs, STATUS_FAULTS } from './knobs.js';
import { compressed } from './plan.js';
import type { UsageLog } from './usage-log.js';

export interface AnswerContext {
  readonly log: UsageLog | undefined;
  /** A unique suffix for an id. */
  nextId(): string;
}

/** The caller of a request. */
export interface Caller {
  readonly response: ServerResponse;
  /** The `x-request-id` of the request. */
  readonly requestId: string | null;
}

const BAD_GATEWAY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/**
 * Answers at once (undefined) unless a knob sets a delay or a pace.
 * @throws WireError, directly or through the promise, when the answer is an error.
 */
export function answer(context: AnswerContext, prepared: PreparedAnswer, caller: Caller): Promise<void> | undefined {
  return prepared.knobs.delay ? answerLater(context, prepared, caller) : answerNow(context, prepared, caller);
}

async function answerLater(context: AnswerContext, prepared: PreparedAnswer, caller: Caller): Promise<void> {
  await pause(caller.response, prepared.knobs.delay ?? 0);
  if (!caller.response.destroyed) await answerNow(context, prepared, caller);
}

function answerNow(context: AnswerContext, prepared: PreparedAnswer, caller: Caller): Promise<void> | undefined {
  const { knobs, model, stream } = prepared;
  const { response, requestId } = caller;
  if (knobs.fault?.length && playRefusal(knobs.fault, response)) return undefined;
  const id = prepared.idPrefix + context.nextId();
  const now = Date.now();
  const plan = prepared.plan(id, now);
  return deliver(response, knobs.fault?.includes('gzip') ? compressed(plan) : plan, (usage) =>
    context.log?.write({
      requestId,
      id,
      model,
      at: new Date(now).toISOString(),
      usage,
      stream,
      fault: knobs.fault?.length ? knobs.fault.join(',') : null,
    }),
  );
}

/** Plays the faults that replace the whole answer. Returns whether there was one. */
function playRefusal(faults: NonNullable<Knobs['fault']>, response: ServerResponse): boolean {
  for (const fault of faults) {
    if (fault === 'hang') return true;
    if (fault === 'die') {
      response.destroy();
      return true;
    }
    if (fault === 'html_502') {
      response.writeHead(502, { 'content-type': 'text/html' }).end(BAD_GATEWAY);
      return true;
    }
    if (Object.hasOwn(STATUS_FAULTS, fault)) throw statusError(STATUS_FAULTS[fault as keyof typeof STATUS_FAULTS]);
  }
  return false;
}
