// The common part of the endpoints other than chat: an answer is one body that reports usage.
import { type PreparedAnswer, type Call, knobsFor } from './api.js';
import type { Knobs } from './knobs.js';
import { type Body, bodyPlan } from './plan.js';
import { type Usage, usageOf, withUsageFault } from './usage.js';

/** A request as an endpoint reads it. */
export interface Plain {
  readonly model: string;
  /** The text that may hold a directive, and its parameter. */
  readonly text: string;
  readonly param: string;
  /** The prefix of the answer's id. */
  readonly idPrefix?: string;
  /** Makes the answer, given the text without its directive. */
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

/** A JSON body with its usage under `usage`. */
export const jsonBody = (value: object, usage: object | null): Body => ({
  contentType: 'application/json',
  bytes: JSON.stringify(usage ? { ...value, usage } : value),
  usage,
});

/** The usage of an input and an output, changed by the knobs; null when none is reported. */
export function meteredUsage(prompt: number, output: number, { knobs, bytes }: AnswerContext): Usage | null {
  const { fault = [], tokens = output } = knobs;
  if (fault.includes('no_usage')) return null;
  const usage = usageOf({ prompt, completion: tokens, cached: 0, reasoning: 0 });
  return withUsageFault(usage, fault, { allowedTokens: tokens, bytes });
}
