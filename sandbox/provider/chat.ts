// A chat, from the request in a wire format to the plan of its answer.
import { type PreparedAnswer, type Call, knobsFor } from './api.js';
import { type ChatRequest, textOf } from './chat-request.js';
import type { ChatFormat } from './format.js';
import { type Knobs, asksForCalls } from './knobs.js';
import { chatPlan } from './plan.js';
import { type NextCall, replyTo } from './reply.js';

/** @throws WireError (400) when the directive in the last user message is wrong. */
export function chat(format: ChatFormat, request: ChatRequest, { defaults, body }: Call): PreparedAnswer {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const { knobs, rest } = knobsFor(last ? textOf(last) : '', defaults, 'messages');
  const next = nextCall(request, defaults);
  return {
    model: request.model,
    stream: request.stream,
    knobs,
    idPrefix: format.idPrefix,
    plan: (id, now) => {
      const reply = replyTo({ request, prompt: rest, knobs, next, bytes: body.length });
      return chatPlan(format, { id, created: Math.floor(now / 1000), request, knobs, reply });
    },
  };
}

/** The first of the requested calls without a result. @throws WireError (400) */
function nextCall({ messages }: ChatRequest, defaults: Knobs): NextCall {
  const asking = messages.findLastIndex((message) => message.role === 'user' && asksForCalls(textOf(message)));
  const from = asking === -1 ? messages.findLastIndex(({ role }) => role === 'user') : asking;
  const message = messages[asking];
  const { call } = message === undefined ? defaults : knobsFor(textOf(message), defaults, 'messages').knobs;
  if (call === undefined) return 'any';
  return call[messages.slice(from + 1).filter(({ role }) => role === 'tool').length] ?? 'none';
}
