// `POST /v1/chat/completions`, from the bytes of the request to the plan of its answer.
import type { ServerResponse } from 'node:http';
import { type ChatRequest, parseChatRequest, textOf } from './chat-request.js';
import { deliver, pause } from './delivery.js';
import { badRequest, statusError } from './errors.js';
import { type Knobs, STATUS_FAULTS, readDirective } from './knobs.js';
import { planOf } from './plan.js';
import { type Ask, replyTo } from './reply.js';
import type { UsageLog } from './usage-log.js';

export interface ChatContext {
  readonly defaults: Knobs;
  readonly log: UsageLog | undefined;
  /** A completion id never given before. */
  nextId(): string;
}

const BAD_GATEWAY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/**
 * Answers a chat completion: at once (undefined) unless a knob asks for delay or pace.
 * @throws WireError, now or through the promise, when the answer is an error.
 */
export function answerChat(
  context: ChatContext,
  body: { readonly json: unknown; readonly bytes: number; readonly requestId: string | null },
  response: ServerResponse,
): Promise<void> | undefined {
  const request = parseChatRequest(body.json);
  const ask = askOf(request, context.defaults, body.bytes);
  if (!ask.knobs.delay) return answer(context, ask, response, body.requestId);
  return answerLater(context, ask, response, body.requestId);
}

function askOf(request: ChatRequest, defaults: Knobs, bytes: number): Ask {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const text = last ? textOf(last) : '';
  try {
    const { knobs, rest } = readDirective(text);
    return { request, prompt: rest, knobs: knobs ? { ...defaults, ...knobs } : defaults, bytes };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(error.message, 'messages', 'invalid_sandbox_directive');
    throw error;
  }
}

async function answerLater(
  context: ChatContext,
  ask: Ask,
  response: ServerResponse,
  requestId: string | null,
): Promise<void> {
  await pause(response, ask.knobs.delay ?? 0);
  if (!response.destroyed) await answer(context, ask, response, requestId);
}

function answer(
  context: ChatContext,
  ask: Ask,
  response: ServerResponse,
  requestId: string | null,
): Promise<void> | undefined {
  const { request, knobs } = ask;
  if (knobs.fault?.length && playRefusal(knobs.fault, response)) return undefined;
  const id = context.nextId();
  const now = Date.now();
  const plan = planOf({ id, created: Math.floor(now / 1000), request, knobs, reply: replyTo(ask) });
  return deliver(response, plan, (usage) =>
    context.log?.write({
      requestId,
      id,
      model: request.model,
      at: new Date(now).toISOString(),
      usage,
      stream: request.stream,
      fault: knobs.fault?.length ? knobs.fault.join(',') : null,
    }),
  );
}

/** Plays the faults that leave nothing of an answer. Says whether one was asked for. */
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
