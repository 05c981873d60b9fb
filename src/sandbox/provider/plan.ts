// How a completion goes out: which bytes, in which writes, at which pace and with which end. Faults of the transport
// are changes to this plan; carrying it out knows nothing of them.
import { type Completion, type Frame, completionBody, completionFrames } from './completion.js';
import { serverError } from './errors.js';
import type { Fault, Knobs } from './knobs.js';
import type { Usage } from './usage.js';

export interface Part {
  readonly bytes: string | Buffer;
  readonly usage: Usage | null;
}

export interface Plan {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly parts: readonly Part[];
  /** Milliseconds between parts, 0 for a turn of the event loop; undefined sends all in one write. */
  readonly gapMs: number | undefined;
  readonly ending: 'end' | 'hang' | 'die';
}

const PLAIN_ONLY: readonly Fault[] = ['half_json', 'half_json_length', 'slow_body', 'ignore_stream'];
const CUTS: readonly Fault[] = ['hang_midstream', 'die_midstream', 'error_midstream'];
const SLOW_BODY_PIECES = 20;
const SLOW_BODY_GAP_MS = 20;
const KEEP_ALIVE: Frame = { text: ': keep-alive\n\n', usage: null };
const BROKEN: Frame = {
  text: 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"delta":{"content":"oo\n\n',
  usage: null,
};

/** The plan for a completion, as a stream or as a body. */
export function planOf(completion: Completion): Plan {
  const faults = completion.knobs.fault ?? [];
  const asStream = completion.request.stream && !faults.some((fault) => PLAIN_ONLY.includes(fault));
  return asStream ? streamPlan(completion, faults) : bodyPlan(completion, faults);
}

function streamPlan(completion: Completion, faults: readonly Fault[]): Plan {
  const frames = faultyFrames(completionFrames(completion), faults);
  const split = faults.includes('split_frames');
  const parts = split ? frames.flatMap(splitFrame) : frames.map(({ text, usage }) => ({ bytes: text, usage }));
  return {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    parts,
    gapMs: completion.knobs.chunk_delay || (split ? 0 : undefined),
    ending: endingOf(faults),
  };
}

function faultyFrames(whole: readonly Frame[], faults: readonly Fault[]): readonly Frame[] {
  let frames = whole;
  const middle = Math.ceil(frames.length / 2);
  if (faults.includes('broken_frame')) frames = frames.toSpliced(middle, 0, BROKEN);
  if (faults.includes('no_done')) frames = frames.slice(0, -1);
  if (faults.some((fault) => CUTS.includes(fault))) frames = frames.slice(0, middle);
  if (faults.includes('error_midstream')) {
    frames = [...frames, { text: `data: ${JSON.stringify(serverError())}\n\n`, usage: null }];
  }
  if (faults.includes('keepalive_comments')) frames = frames.flatMap((frame) => [KEEP_ALIVE, frame]);
  if (!faults.includes('crlf')) return frames;
  // JSON escapes line ends, so every one in a frame belongs to the stream's framing.
  return frames.map(({ text, usage }) => ({ text: text.replaceAll('\n', '\r\n'), usage }));
}

const jsonHeaders = (length: number) => ({ 'content-type': 'application/json', 'content-length': length });

function bodyPlan(completion: Completion, faults: readonly Fault[]): Plan {
  const body = completionBody(completion);
  const { usage } = completion.reply;
  const whole = jsonHeaders(Buffer.byteLength(body));
  const half: Part = { bytes: body.slice(0, body.length / 2), usage: null };
  if (faults.includes('half_json')) {
    return { headers: jsonHeaders(Buffer.byteLength(half.bytes)), parts: [half], gapMs: undefined, ending: 'end' };
  }
  if (faults.includes('half_json_length')) return { headers: whole, parts: [half], gapMs: undefined, ending: 'die' };
  const ending = endingOf(faults);
  if (ending !== 'end') return { headers: whole, parts: [half], gapMs: undefined, ending };
  if (faults.includes('slow_body')) {
    const { chunks = SLOW_BODY_PIECES, chunk_delay: gapMs = SLOW_BODY_GAP_MS }: Knobs = completion.knobs;
    return { headers: whole, parts: evenly(body, chunks, usage), gapMs, ending };
  }
  if (faults.includes('split_frames'))
    return { headers: whole, parts: splitFrame({ text: body, usage }), gapMs: 0, ending };
  return { headers: whole, parts: [{ bytes: body, usage }], gapMs: undefined, ending };
}

function endingOf(faults: readonly Fault[]): Plan['ending'] {
  if (faults.includes('hang_midstream')) return 'hang';
  return faults.includes('die_midstream') ? 'die' : 'end';
}

/** Cuts a frame inside its field name, inside its first multi-byte character, in its middle and inside its line ends. */
function splitFrame({ text, usage }: Frame): readonly Part[] {
  const bytes = Buffer.from(text);
  const multiByte = bytes.findIndex((byte) => byte >= 0x80);
  const cuts = [3, multiByte + 1, bytes.length >> 1, bytes.length - 3, bytes.length - 1];
  return cutAt(bytes, cuts, usage);
}

function evenly(text: string, count: number, usage: Usage | null): readonly Part[] {
  const bytes = Buffer.from(text);
  const cuts = Array.from({ length: Math.max(0, count - 1) }, (_, cut) =>
    Math.floor(((cut + 1) * bytes.length) / count),
  );
  return cutAt(bytes, cuts, usage);
}

/** The usage goes with the last part: before that nobody can read it. */
function cutAt(bytes: Buffer, cuts: readonly number[], usage: Usage | null): readonly Part[] {
  const inside = cuts.filter((cut) => cut > 0 && cut < bytes.length);
  const edges = [...new Set([0, ...inside, bytes.length])].toSorted((a, b) => a - b);
  return edges.slice(1).map((end, index) => ({
    bytes: bytes.subarray(edges[index] ?? 0, end),
    usage: end === bytes.length ? usage : null,
  }));
}
