// The content of answers: the same request always gets the same choices.
import { type ChatRequest, type Tool, textOf } from './chat-request.js';
import { sampleOf } from './json-sample.js';
import { badRequest } from './errors.js';
import type { AskedCall, Knobs } from './knobs.js';
import { countTokens, pieces, promptTokens } from './tokenizer.js';
import { type Usage, usageOf, withUsageFault } from './usage.js';

/** One choice: pieces of its content or, when it calls a tool, of the call's arguments. */
export interface Choice {
  readonly tool: string | undefined;
  readonly pieces: readonly string[];
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  /** The stop string that ended it. */
  readonly stoppedBy: string | undefined;
  readonly tokens: number;
}

export interface Reply {
  /** The thoughts before the answer; undefined when there were none, empty when they are not shown. */
  readonly thoughts: readonly string[] | undefined;
  readonly choices: readonly Choice[];
  /** The usage that the provider reports, faults included; null when it reports none. */
  readonly usage: Usage | null;
}

/**
 * The next call if the model may choose: the requested one, none when all of those were made, any when none was
 * requested.
 */
export type NextCall = AskedCall | 'none' | 'any';

export interface Ask {
  readonly request: ChatRequest;
  /** The last user message without its directive. */
  readonly prompt: string;
  readonly knobs: Knobs;
  readonly next: NextCall;
  /** Bytes of the request body. */
  readonly bytes: number;
}

const FACTS: ReadonlyMap<string, string> = new Map([
  ['Give me one fact about octopuses.', 'Octopuses have three hearts, and one of them stops beating while they swim.'],
]);
const LONGEST_ECHO = 200;
/** Tokens of thought when thinking is on and no knob sets a number. */
const THINKING = 16;
/** At most this many tokens of thought are sent, however many are counted. */
const LONGEST_THOUGHT = 200;

/** Answers a request. */
export function replyTo(ask: Ask): Reply {
  const { request, knobs } = ask;
  const most = request.maxTokens ?? Infinity;
  const reasoning = Math.min(knobs.reasoning ?? (request.thinking?.isOn ? THINKING : 0), most);
  const thoughts = thoughtsOf(ask, reasoning);
  const choices = Array.from({ length: request.n }, (_, index) => choiceOf(ask, index, most - reasoning));
  if (knobs.fault?.includes('no_usage')) return { thoughts, choices, usage: null };
  const produced = choices.reduce((tokens, choice) => tokens + choice.tokens, reasoning);
  const completion = Math.min(knobs.tokens ?? produced, most * request.n);
  const usage = usageOf({ prompt: promptTokens(request), completion, cached: knobs.cached ?? 0, reasoning });
  const allowedTokens = request.maxTokens === undefined ? completion : most * request.n;
  return { thoughts, choices, usage: withUsageFault(usage, knobs.fault ?? [], { allowedTokens, bytes: ask.bytes }) };
}

function thoughtsOf({ request, prompt }: Ask, reasoning: number): readonly string[] | undefined {
  if (!request.thinking || reasoning === 0) return undefined;
  if (!request.thinking.shown) return [];
  const tokens = Math.min(reasoning, LONGEST_THOUGHT);
  const thought = `The user says “${echo(prompt)}”. The sandbox has no model to think about it.`;
  return pieces(lengthened(thought, tokens)).slice(0, tokens);
}

function choiceOf(ask: Ask, index: number, budget: number): Choice {
  const tool = toolToCall(ask);
  if (tool) return toolCall(tool, inputOf(tool, ask.next), budget);
  const { text, stoppedBy } = beforeStop(contentOf(ask, index), ask.request.stop);
  const all = pieces(text);
  const kept = all.length > budget ? all.slice(0, budget) : all;
  const capped = kept.length < all.length || (stoppedBy === undefined && (ask.knobs.tokens ?? 0) > budget);
  return {
    tool: undefined,
    pieces: kept,
    finishReason: capped ? 'length' : 'stop',
    stoppedBy: capped ? undefined : stoppedBy,
    tokens: kept.length,
  };
}

function toolToCall({ request: { tools, toolChoice, messages }, next }: Ask): Tool | undefined {
  if (toolChoice === 'none') return undefined;
  if (typeof toolChoice === 'object') return tools.find(({ name }) => name === toolChoice.name);
  if (typeof next === 'object') return tools.find(({ name }) => name === next.name);
  if (toolChoice === 'required') return tools[0];
  return next === 'any' && messages.at(-1)?.role === 'user' ? tools[0] : undefined;
}

/**
 * The requested input, or a sample of the schema.
 * @throws WireError (400) when a function is to be called with invalid JSON.
 */
function inputOf({ name, parameters }: Tool, next: NextCall): string {
  const input = typeof next === 'object' && next.name === name ? next.input : undefined;
  if (parameters === undefined) return input ?? 'Sandbox input.';
  if (input === undefined) return JSON.stringify(sampleOf(parameters));
  try {
    return JSON.stringify(JSON.parse(input));
  } catch {
    throw badRequest(`The arguments for ${name} are not JSON.`, 'messages', 'invalid_sandbox_directive');
  }
}

function toolCall({ name }: Tool, input: string, budget: number): Choice {
  const all = pieces(input);
  const nameTokens = countTokens(name);
  const kept = all.slice(0, Math.max(0, budget - nameTokens));
  const whole = kept.length === all.length && nameTokens <= budget;
  return {
    tool: name,
    pieces: kept,
    finishReason: whole ? 'tool_calls' : 'length',
    stoppedBy: undefined,
    tokens: Math.min(budget, nameTokens + kept.length),
  };
}

function contentOf({ request, prompt, knobs, next }: Ask, index: number): string {
  if (knobs.say !== undefined) return knobs.say;
  if (request.responseFormat) {
    const { schema } = request.responseFormat;
    return JSON.stringify(schema === undefined ? { sandbox: true, answer: echo(prompt) } : sampleOf(schema));
  }
  const last = request.messages.at(-1);
  const answer = index === 0 ? 'Sandbox answer' : `Sandbox answer ${index + 1}`;
  if (typeof next === 'object' && request.tools.length > 0 && !request.tools.some(({ name }) => name === next.name))
    return `${answer}: there is no tool “${next.name}” among ${request.tools.map(({ name }) => name).join(', ')}.`;
  const text =
    last?.role === 'tool'
      ? `${answer}: the tool returned “${echo(textOf(last))}”.`
      : (FACTS.get(prompt) ?? `${answer}: you said “${echo(prompt)}”. No model was asked.`);
  return lengthened(text, knobs.chunks ?? 0);
}

/** Repeats a text until it has at least this many tokens. */
function lengthened(text: string, tokens: number): string {
  const times = Math.ceil(tokens / countTokens(text));
  return times > 1 ? Array<string>(times).fill(text).join(' ') : text;
}

/** The start of a text, never ending in half a surrogate pair. */
const echo = (text: string): string =>
  text.length <= LONGEST_ECHO ? text : `${text.slice(0, LONGEST_ECHO).replace(/[\uD800-\uDBFF]$/, '')}…`;

interface Stopped {
  readonly text: string;
  readonly stoppedBy: string | undefined;
}

function beforeStop(text: string, stops: readonly string[]): Stopped {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((end) => end >= 0);
  if (ends.length === 0) return { text, stoppedBy: undefined };
  const end = Math.min(...ends);
  return { text: text.slice(0, end), stoppedBy: stops.find((stop) => text.startsWith(stop, end)) };
}
