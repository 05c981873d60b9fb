// The knobs of the sandbox provider: faults, pace and content beyond the providers' own parameters. There are two ways to
// set them:
// - for one request, a directive anywhere in the last user message (outside chats: in the input, prompt or query), such
//   as `[[sandbox delay=200 chunks=64 fault=crlf,split_frames]]`;
// - for all requests, defaults: at the start, or through `POST /sandbox/knobs` with JSON such as
//   {"delay":200,"fault":"hang"}, which replaces the defaults (`{}` clears them).
// A directive overrides a default; `fault=none` clears a default fault.
//
// | knob          | what it does                                                                                          |
// |---------------|-------------------------------------------------------------------------------------------------------|
// | `delay`       | milliseconds before the first byte, of errors too                                                     |
// | `chunks`      | how many content chunks a stream has (default: one per token); a short text is repeated to fill them  |
// | `chunk_delay` | milliseconds between the frames of a stream; 0 sends the whole stream in one write                    |
// | `tokens`      | completion tokens to report, at most what the request allowed                                         |
// | `cached`      | cached prompt tokens to report, at most the prompt                                                    |
// | `reasoning`   | reasoning tokens to report; they count as completion tokens and against `max_tokens`                  |
// | `call`        | the tool to call, with its arguments or, for a custom tool, its input: `call=read:%7B%22path%22%3A%22a%22%7D`|
// | `say`         | the text to answer with, encoded like the arguments of a call                                         |
// | `as`          | answers to chats in OpenAI's format as one of the makers below was seen to send them                  |
// | `fault`       | one of the faults below, or several joined by commas                                                  |
//
// | maker        | what its answers are like                                                                              |
// |--------------|--------------------------------------------------------------------------------------------------------|
// | `copilot`    | a text and its calls are choices of their own                                                          |
// | `groq`       | the usage of a stream is in `x_groq`                                                                   |
// | `minimax`    | the `choices` of a stream's usage chunk are null                                                       |
// | `bedrock`    | the usage has Bedrock's words, and leaves out of the input what was cached                             |
// | `tgi`        | the arguments of a call are an object, unless it is streamed                                           |
// | `vmlx`       | the name of a streamed call comes after the call has begun                                             |
// | `openrouter` | the answer breaks off with an error in its choice, which has no finish reason, and with its usage      |
// | `gpt-audio`  | a stream is spoken: words, then sound; no finish reason; and a piece more comes after the usage        |
//
// Models have ways of their own as well: those whose names begin with `voxtral` count audio as Mistral does, with
// `voyage` a total alone; what Claude, Gemini, Kimi, DeepSeek, Mistral and Qwen refuse, models with their names refuse.
//
// The part after `call=<name>:` is encoded like a part of a URL (`encodeURIComponent`). Several calls, joined by commas,
// are made one after another, each when the result of the last one has come; then the answer is a text. So a prompt can
// drive the whole tool loop of a program. Such a directive stays in force when later user messages follow it, because
// many programs add some of their own. Only chats have calls.
//
// | fault                | what the caller sees                                                                           |
// |----------------------|------------------------------------------------------------------------------------------------|
// | `status_400` … `529` | that status with the provider's error body (400 401 404 408 413 422 429 500 503 529); 429: `Retry-After: 1`|
// | `html_502`           | 502 with an HTML page                                                                          |
// | `gzip`               | the answer is compressed, though nobody asked for that                                         |
// | `hang`               | the request is read and never answered                                                         |
// | `die`                | the socket is destroyed before a byte                                                          |
// | `hang_midstream`     | half of the frames (or of the JSON body), then nothing more                                    |
// | `die_midstream`      | the same half, then the socket is destroyed                                                    |
// | `half_json`          | 200, half of a JSON body with a content-length to match, even if a stream was requested         |
// | `half_json_length`   | the same half under the content-length of the whole, then the socket is destroyed              |
// | `slow_body`          | a JSON body, also for a stream, in `chunks` (20) pieces `chunk_delay` (20) ms apart            |
// | `ignore_stream`      | a plain JSON answer although a stream was requested                                            |
// | `error_midstream`    | stream: half of the frames, a `data: {"error":…}` frame, the end, no `[DONE]`                  |
// | `error_first`        | 200, and an error as the first event of the stream, or as the body                             |
// | `start_twice`        | stream of Anthropic's: `message_start` comes twice, as Kimi sends it                           |
// | `finish_error`       | the answer ends with `finish_reason` `network_error` and no usage, as Zhipu’s do               |
// | `no_done`            | stream: ends without `[DONE]`, or its equivalent                                               |
// | `no_last_line`       | stream: no empty line after the last frame, nor an end of its line                             |
// | `broken_frame`       | stream: one frame in the middle is not valid JSON                                              |
// | `keepalive_comments` | stream: a `: keep-alive` comment before every frame                                            |
// | `crlf`               | stream: lines end in CRLF                                                                      |
// | `split_frames`       | each frame (or the body) in several writes, cut inside field names, characters and line ends   |
// | `no_usage`           | no usage anywhere                                                                              |
// | `usage_every_chunk`  | stream: cumulative usage in every chunk, requested or not                                      |
// | `usage_in_choice`    | usage in `choices[0]` (of the last chunk), as Moonshot does, and nowhere else                  |
// | `usage_negative`     | completion tokens are negative                                                                 |
// | `usage_float`        | token counts end in .5                                                                         |
// | `usage_absurd`       | a million million completion tokens                                                            |
// | `usage_inconsistent` | total is not prompt + completion                                                               |
// | `usage_over`         | 1,000 + the bytes of the request more completion tokens than it allowed: more than any hold    |
// | `usage_beyond`       | 99 million more completion tokens than it allowed: no model can produce that many              |
//
// They mean the same in every format, in its own terms. Errors have its shape; `no_done` omits the event that marks an
// answer as complete (`message_stop`, `finishReason`); usage faults change its own usage block. Anthropic's has no total:
// `usage_inconsistent` makes the cache writes differ from the sum of their lifetimes. For endpoints without output, usage
// faults change the input. Formats that show thoughts also send `reasoning` tokens as thoughts. `finish_error`,
// `usage_every_chunk` and `usage_in_choice` only apply to chat completions; `cached`, `reasoning` and the stream faults only to chats.
import type { JsonObject } from '../../src/kernel/index.js';

export const STATUS_FAULTS = {
  status_400: 400,
  status_401: 401,
  status_404: 404,
  status_408: 408,
  status_413: 413,
  status_422: 422,
  status_429: 429,
  status_500: 500,
  status_503: 503,
  status_529: 529,
} as const;

const OTHER_FAULTS = [
  'html_502',
  'gzip',
  'hang',
  'die',
  'hang_midstream',
  'die_midstream',
  'half_json',
  'half_json_length',
  'slow_body',
  'ignore_stream',
  'error_midstream',
  'error_first',
  'start_twice',
  'finish_error',
  'no_done',
  'no_last_line',
  'broken_frame',
  'keepalive_comments',
  'crlf',
  'split_frames',
  'no_usage',
  'usage_every_chunk',
  'usage_in_choice',
  'usage_negative',
  'usage_float',
  'usage_absurd',
  'usage_inconsistent',
  'usage_over',
  'usage_beyond',
] as const;

const MAKERS = ['copilot', 'groq', 'minimax', 'bedrock', 'tgi', 'vmlx', 'openrouter', 'gpt-audio'] as const;

export type Maker = (typeof MAKERS)[number];

export type Fault = keyof typeof STATUS_FAULTS | (typeof OTHER_FAULTS)[number];

/** Every fault the provider can play. */
const FAULTS: readonly Fault[] = [...(Object.keys(STATUS_FAULTS) as (keyof typeof STATUS_FAULTS)[]), ...OTHER_FAULTS];

/** The knobs by their wire names; the table above explains each. */
export interface Knobs {
  readonly delay?: number;
  readonly chunks?: number;
  readonly chunk_delay?: number;
  readonly tokens?: number;
  readonly cached?: number;
  readonly reasoning?: number;
  readonly call?: readonly AskedCall[];
  readonly say?: string;
  readonly as?: Maker;
  readonly fault?: readonly Fault[];
}

/** A requested call. */
export interface AskedCall {
  readonly name: string;
  /** The arguments as JSON, or a custom tool's input. */
  readonly input: string;
}

const HIGHEST: Readonly<Record<string, number>> = {
  delay: 600_000,
  chunks: 100_000,
  chunk_delay: 600_000,
  tokens: 1_000_000_000,
  cached: 1_000_000_000,
  reasoning: 1_000_000_000,
};
const DIRECTIVE_START = '[[sandbox';
const DIRECTIVE = /\[\[sandbox((?:\s+[a-z_]+=[\w,.:%!~*'()-]*)*)\s*\]\]/;

/** Reads knobs from JSON. @throws RangeError that names an unknown knob or one with an invalid value. */
export function parseKnobs(source: JsonObject): Knobs {
  const knobs: Record<string, Knobs[keyof Knobs]> = {};
  for (const [name, value] of Object.entries(source)) knobs[name] = parseKnob(name, value);
  return knobs;
}

function parseKnob(name: string, value: unknown): Knobs[keyof Knobs] {
  if (name === 'fault') return parseFaults(value);
  if (name === 'as') return parseMaker(value);
  if (name === 'say') return decoded(String(value), 'say takes a text encoded as in a URL');
  return name === 'call' ? parseCalls(value) : parseNumber(name, value);
}

/** Reads knobs from a directive: `delay=200 fault=crlf`. @throws RangeError as `parseKnobs` does. */
export function parseKnobText(text: string): Knobs {
  const pairs = text.split(/\s+/).filter((pair) => pair !== '');
  return parseKnobs(
    Object.fromEntries(
      pairs.map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return [name, value];
      }),
    ),
  );
}

/** Splits a message into its directive, if any, and the rest. @throws RangeError as `parseKnobs` does. */
export function readDirective(message: string): { readonly knobs: Knobs | undefined; readonly rest: string } {
  if (!message.includes(DIRECTIVE_START)) return { knobs: undefined, rest: message };
  const match = DIRECTIVE.exec(message);
  if (!match) return { knobs: undefined, rest: message };
  return { knobs: parseKnobText(match[1] ?? ''), rest: message.replace(match[0], '').trim() };
}

function parseNumber(name: string, value: unknown): number {
  const highest = Object.hasOwn(HIGHEST, name) ? HIGHEST[name] : undefined;
  if (highest === undefined) {
    throw new RangeError(
      `unknown sandbox knob "${name}"; there are ${Object.keys(HIGHEST).join(', ')}, call, say, as and fault`,
    );
  }
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > highest) {
    throw new RangeError(`sandbox knob ${name} takes a whole number from 0 to ${highest}`);
  }
  return number;
}

/** Whether a text has a directive that requests calls. */
export const asksForCalls = (text: string): boolean => / call=/.test(DIRECTIVE.exec(text)?.[1] ?? '');

function parseCalls(value: unknown): readonly AskedCall[] {
  return listed(value).map((call) => {
    const takes = 'call takes <tool name>:<arguments encoded as in a URL>';
    const [, name, input] = /^([^:]+):(.*)$/.exec(String(call)) ?? [];
    if (name === undefined || input === undefined) throw new RangeError(`sandbox knob ${takes}, not "${String(call)}"`);
    return { name: decoded(name, takes), input: decoded(input, takes) };
  });
}

function decoded(text: string, takes: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError(`sandbox knob ${takes}, not "${text}"`);
  }
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : String(value).split(','));

function parseMaker(value: unknown): Maker {
  const maker = MAKERS.find((known) => known === value);
  if (maker === undefined)
    throw new RangeError(`unknown sandbox maker "${String(value)}"; there are ${MAKERS.join(', ')}`);
  return maker;
}

function parseFaults(value: unknown): readonly Fault[] {
  if (value === null || value === '' || value === 'none') return [];
  return listed(value).map((name) => {
    const fault = FAULTS.find((known) => known === name);
    if (fault === undefined)
      throw new RangeError(`unknown sandbox fault "${String(name)}"; there are ${FAULTS.join(', ')}`);
    return fault;
  });
}
