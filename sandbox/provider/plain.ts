// What the endpoints that are no chats have in common: one body for an answer, with the usage it tells.
import { type PreparedAnswer, type Call, knobsFor } from './api.js';
import type { Knobs } from './knobs.js';
import { type Body, bodyPlan } from './plan.js';
import { type Usage, usageOf, withUsageFault } from './usage.js';

/** What an endpoint read of a request. */
export interface Plain {
  readonly model: string;
  /** The text that may hold a directive, and the parameter it is. */
  readonly text: string;
  readonly param: string;
  /** What the id of the answer starts with. */
  readonly idPrefix?: string;
  /** The answer, for the text without its directive. */
  answer(prompt: string, context: AnswerContext): Body;
}

export interface AnswerContext {
  readonly id: string;
  /** Seconds since the Unix epoch. */
  readonly created: number;
  readonly knobs: Knobs;
  /** Bytes of the request body. */
  readonly bytes: number;
}

/** @throws WireError (400) */
export function plain(read: Plain, { defaults, body }: Call): PreparedAnswer {
  const { knobs, rest } = knobsFor(read.text, defaults, read.param);
  return {
    model: read.model,
    stream: false,
    knobs,
    idPrefix: read.idPrefix ?? '',
    plan: (id, now) => {
      const context = { id, created: Math.floor(now / 1000), knobs, bytes: body.length };
      return bodyPlan(read.answer(rest, context), knobs);
    },
  };
}

/** A body of JSON that has its usage under `usage`. */
export const jsonBody = (value: object, usage: object | null): Body => ({
  contentType: 'application/json',
  bytes: JSON.stringify(usage ? { ...value, usage } : value),
  usage,
});

/** The usage of an input and an output, as the knobs want it told; null when nothing is. */
export function meteredUsage(prompt: number, output: number, { knobs, bytes }: AnswerContext): Usage | null {
  const { fault = [], tokens = output } = knobs;
  if (fault.includes('no_usage')) return null;
  const usage = usageOf({ prompt, completion: tokens, cached: 0, reasoning: 0 });
  return withUsageFault(usage, fault, { allowedTokens: tokens, bytes });
}
