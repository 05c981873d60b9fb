// Plans how an answer is sent: which bytes, in which writes, at which pace and with which end. Transport faults change
// this plan; carrying it out needs no knowledge of them.
import { gzipSync } from 'node:zlib';
import { overloaded, serverError } from './errors.js';
import type { Answer, ChatFormat, Frame } from './format.js';
import type { Fault, Knobs } from './knobs.js';

export interface Part {
  readonly bytes: string | Buffer;
  readonly usage: object | null;
}

export interface Plan {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly parts: readonly Part[];
  /** Milliseconds between parts, 0 for a turn of the event loop; undefined sends everything in one write. */
  readonly gapMs: number | undefined;
  readonly ending: 'end' | 'hang' | 'die';
}

const PLAIN_ONLY: readonly Fault[] = ['half_json', 'half_json_length', 'slow_body', 'ignore_stream'];
const CUTS: readonly Fault[] = ['hang_midstream', 'die_midstream', 'error_midstream'];
const SLOW_BODY_PIECES = 20;
const SLOW_BODY_GAP_MS = 20;
const KEEP_ALIVE: Frame = { text: ': keep-alive\n\n', usage: null };

/** A whole answer. */
export interface Body {
  readonly contentType: string;
  readonly bytes: string | Buffer;
  readonly usage: object | null;
}

/** The plan for an answer to a chat, as a stream or as a body. */
export function chatPlan(format: ChatFormat, answer: Answer): Plan {
  const { knobs, request } = answer;
  const asStream = request.stream && !knobs.fault?.some((fault) => PLAIN_ONLY.includes(fault));
  if (asStream) return streamPlan(format, answer);
  if (knobs.fault?.includes('error_first')) {
    const [, json = ''] = /^data: (.*)$/m.exec(format.failed(overloaded())) ?? [];
    return bodyPlan({ contentType: 'application/json', bytes: json, usage: null }, knobs);
  }
  const { text, usage } = format.whole(answer);
  return bodyPlan({ contentType: 'application/json', bytes: text, usage }, knobs);
}

function streamPlan(format: ChatFormat, answer: Answer): Plan {
  const faults = answer.knobs.fault ?? [];
  const frames = faultyFrames(format, format.frames(answer), faults);
  const split = faults.includes('split_frames');
  const parts = split ? frames.flatMap(splitFrame) : frames.map(({ text, usage }) => ({ bytes: text, usage }));
  return {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    parts,
    gapMs: answer.knobs.chunk_delay || (split ? 0 : undefined),
    ending: endingOf(faults),
  };
}

function faultyFrames(format: ChatFormat, whole: readonly Frame[], faults: readonly Fault[]): readonly Frame[] {
  let frames = whole;
  const middle = Math.ceil(frames.length / 2);
  if (faults.includes('broken_frame')) frames = frames.toSpliced(middle, 0, broken(frames[middle - 1]));
  if (faults.includes('no_done')) frames = frames.slice(0, -1);
  if (faults.some((fault) => CUTS.includes(fault))) frames = frames.slice(0, middle);
  if (faults.includes('error_first')) frames = [{ text: format.failed(overloaded()), usage: null }];
  if (faults.includes('error_midstream')) frames = [...frames, { text: format.failed(serverError()), usage: null }];
  if (faults.includes('keepalive_comments')) frames = frames.flatMap((frame) => [KEEP_ALIVE, frame]);
  if (faults.includes('no_last_line'))
    frames = frames.map((frame, at) => (at === frames.length - 1 ? { ...frame, text: frame.text.trimEnd() } : frame));
  if (!faults.includes('crlf')) return frames;
  // JSON escapes line ends, so every line end in a frame belongs to the framing of the stream.
  return frames.map(({ text, usage }) => ({ text: text.replaceAll('\n', '\r\n'), usage }));
}

/** A frame with truncated JSON. */
const broken = (frame = KEEP_ALIVE): Frame => ({ text: `${frame.text.trimEnd().slice(0, -2)}\n\n`, usage: null });

/** The plan for an answer that is a single body. */
export function bodyPlan({ contentType, bytes, usage }: Body, knobs: Knobs): Plan {
  const faults = knobs.fault ?? [];
  const headersFor = (length: number) => ({ 'content-type': contentType, 'content-length': length });
  const whole = headersFor(Buffer.byteLength(bytes));
  const half: Part = { bytes: bytes.slice(0, bytes.length / 2), usage: null };
  if (faults.includes('half_json')) {
    return { headers: headersFor(Buffer.byteLength(half.bytes)), parts: [half], gapMs: undefined, ending: 'end' };
  }
  if (faults.includes('half_json_length')) return { headers: whole, parts: [half], gapMs: undefined, ending: 'die' };
  const ending = endingOf(faults);
  if (ending !== 'end') return { headers: whole, parts: [half], gapMs: undefined, ending };
  if (faults.includes('slow_body')) {
    const { chunks = SLOW_BODY_PIECES, chunk_delay: gapMs = SLOW_BODY_GAP_MS } = knobs;
    return { headers: whole, parts: evenly(bufferOf(bytes), chunks, usage), gapMs, ending };
  }
  if (faults.includes('split_frames'))
    return { headers: whole, parts: splitBytes(bufferOf(bytes), usage), gapMs: 0, ending };
  return { headers: whole, parts: [{ bytes, usage }], gapMs: undefined, ending };
}

const bufferOf = (bytes: string | Buffer): Buffer => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes);

function endingOf(faults: readonly Fault[]): Plan['ending'] {
  if (faults.includes('hang_midstream')) return 'hang';
  return faults.includes('die_midstream') ? 'die' : 'end';
}

const splitFrame = ({ text, usage }: Frame): readonly Part[] => splitBytes(Buffer.from(text), usage);

/** Cuts a frame inside its field name, its first multi-byte character, its middle and its line ends. */
function splitBytes(bytes: Buffer, usage: object | null): readonly Part[] {
  const multiByte = bytes.findIndex((byte) => byte >= 0x80);
  const cuts = [3, multiByte + 1, bytes.length >> 1, bytes.length - 3, bytes.length - 1];
  return cutAt(bytes, cuts, usage);
}

function evenly(bytes: Buffer, count: number, usage: object | null): readonly Part[] {
  const cuts = Array.from({ length: Math.max(0, count - 1) }, (_, cut) =>
    Math.floor(((cut + 1) * bytes.length) / count),
  );
  return cutAt(bytes, cuts, usage);
}

/** The same answer with gzip, in one write. */
export function compressed({ headers, parts, ending }: Plan): Plan {
  const { 'content-length': _ofTheWhole, ...others } = headers;
  const bytes = gzipSync(Buffer.concat(parts.map((part) => bufferOf(part.bytes))));
  const usage = parts.findLast((part) => part.usage !== null)?.usage ?? null;
  return { headers: { ...others, 'content-encoding': 'gzip' }, parts: [{ bytes, usage }], gapMs: undefined, ending };
}

/** The usage belongs to the last part: before it, nobody can read the usage. */
function cutAt(bytes: Buffer, cuts: readonly number[], usage: object | null): readonly Part[] {
  const inside = cuts.filter((cut) => cut > 0 && cut < bytes.length);
  const edges = [...new Set([0, ...inside, bytes.length])].toSorted((a, b) => a - b);
  return edges.slice(1).map((end, index) => ({
    bytes: bytes.subarray(edges[index] ?? 0, end),
    usage: end === bytes.length ? usage : null,
  }));
}
