// A chat, from what a wire format read of it to the plan of its answer.
import { type Asked, type Call, knobsFor } from './api.js';
import { type ChatRequest, textOf } from './chat-request.js';
import type { ChatFormat } from './format.js';
import { chatPlan } from './plan.js';
import { replyTo } from './reply.js';

/** @throws WireError (400) when the directive in the last user message is wrong. */
export function chat(format: ChatFormat, request: ChatRequest, { defaults, body }: Call): Asked {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const { knobs, rest } = knobsFor(last ? textOf(last) : '', defaults, 'messages');
  return {
    model: request.model,
    stream: request.stream,
    knobs,
    idPrefix: format.idPrefix,
    plan: (id, now) => {
      const reply = replyTo({ request, prompt: rest, knobs, bytes: body.length });
      return chatPlan(format, { id, created: Math.floor(now / 1000), request, knobs, reply });
    },
  };
}
