import type { Fault, Knobs } from './knobs.js';

/** OpenAI's usage block. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly audio_tokens: number };
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number;
    readonly audio_tokens: number;
    readonly accepted_prediction_tokens: number;
    readonly rejected_prediction_tokens: number;
  };
}

export interface UsageCounts {
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number;
  readonly reasoning: number;
}

const ABSURD = 1_000_000_000_000;
const OVER = 1_000;
/** Beyond any cap or context window, but otherwise a valid count. */
const BEYOND = 99_000_000;

/** A consistent usage block: details never exceed their totals. */
export function usageOf({ prompt, completion, cached, reasoning }: UsageCounts): Usage {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: Math.min(cached, prompt), audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: Math.min(reasoning, completion),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

export interface RequestSize {
  /** Completion tokens that the request allowed, over all choices. */
  readonly allowedTokens: number;
  /** Bytes of the request body. */
  readonly bytes: number;
}

/** The usage block that a provider with one of the usage faults reports. */
export function withUsageFault(usage: Usage, faults: readonly Fault[], { allowedTokens, bytes }: RequestSize): Usage {
  const completing = (completion: number): Usage => ({
    ...usage,
    completion_tokens: completion,
    total_tokens: usage.prompt_tokens + completion,
  });
  if (faults.includes('usage_negative')) return completing(-usage.completion_tokens - 1);
  if (faults.includes('usage_absurd')) return completing(ABSURD);
  // A hold covers one prompt token per byte and a few hundred more; where output is at least as expensive as input,
  // this costs more.
  if (faults.includes('usage_over')) return completing(allowedTokens + bytes + OVER);
  if (faults.includes('usage_beyond')) return completing(allowedTokens + BEYOND);
  if (faults.includes('usage_inconsistent')) return { ...usage, total_tokens: usage.total_tokens + 7 };
  if (!faults.includes('usage_float')) return usage;
  return {
    ...usage,
    prompt_tokens: usage.prompt_tokens + 0.5,
    completion_tokens: usage.completion_tokens + 0.5,
    total_tokens: usage.total_tokens + 1,
  };
}

/** The cumulative usage after `done` of `steps` equal steps of the completion. */
export function usageSoFar(usage: Usage, done: number, steps: number): Usage {
  if (done >= steps) return usage;
  const completion = Math.floor((usage.completion_tokens * done) / steps);
  const { reasoning_tokens: reasoning } = usage.completion_tokens_details;
  const { cached_tokens: cached } = usage.prompt_tokens_details;
  return usageOf({ prompt: usage.prompt_tokens, completion, cached, reasoning });
}

/**
 * The usage of an endpoint without output, faults included: they apply to the input instead. Null when none is
 * reported.
 */
export function inputUsage(tokens: number, { fault = [] }: Knobs, bytes: number): InputUsage | null {
  if (fault.includes('no_usage')) return null;
  const counted = usageOf({ prompt: 0, completion: tokens, cached: 0, reasoning: 0 });
  const { completion_tokens, total_tokens } = withUsageFault(counted, fault, { allowedTokens: tokens, bytes });
  return { prompt_tokens: completion_tokens, total_tokens };
}

export interface InputUsage {
  readonly prompt_tokens: number;
  readonly total_tokens: number;
}
