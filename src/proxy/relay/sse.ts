// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream) as bytes: cut into whole
// frames, never re-encoded.
import { isJsonObject, type JsonObject } from '../../kernel/index.js';

/** No bytes. */
export const EMPTY = Buffer.alloc(0);
const EVENT_STREAM = /^\s*text\/event-stream\s*(;|$)/i;

/** Media types are case-insensitive and may have parameters (RFC 9110, section 8.3.1). */
export const isEventStream = (contentType: string): boolean => EVENT_STREAM.test(contentType);

/** No answer to a chat has a frame larger than this. */
const MAX_FRAME_BYTES = 4_194_304;

const [LF, CR] = [0x0a, 0x0d];
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Without the byte order mark that .NET writes before a text in UTF-8; readers of JSON and of event streams may ignore one (RFC 8259, section 8.1). */
export const bytesWithoutByteOrderMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;

/** Two ends of lines, each of which may be CRLF, LF or CR. */
const EMPTY_LINE = /(?:\r\n|\n|\r(?!\n)){2}/g;
const BARE_CR = /\r[^\n]/;
const LINE_END = /\r\n|\n|\r/;
/** One line of data, after the event's type or alone. */
const USUAL = /^(?:event: ?[^\r\n]*\n)?data: ([^\r\n]*)(?:\n\n)?$/;

/** The ends of the complete frames in a text. Most streams have LF alone, which is found fastest. */
function frameEnds(text: string): number[] {
  const ends: number[] = [];
  if (text.includes('\r')) for (const match of text.matchAll(EMPTY_LINE)) ends.push(match.index + match[0].length);
  else for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n', at + 2)) ends.push(at + 2);
  return ends;
}

/** The end of the last complete frame in `bytes`; 0 when there is none. */
function lastFrameEnd(bytes: Buffer): number {
  if (!bytes.includes(CR)) {
    if (bytes.at(-1) === LF && bytes.at(-2) === LF) return bytes.length; // as nearly always
    const last = bytes.lastIndexOf('\n\n');
    return last === -1 ? 0 : last + 2;
  }
  const text = bytes.toString('latin1');
  // The LF of a CRLF may be yet to come, unless lines end in CR alone.
  const isCut = bytes.at(-1) === CR && !BARE_CR.test(text);
  return frameEnds(isCut ? text.slice(0, -1) : text).at(-1) ?? 0;
}

/** What can belong to the end of a frame before the byte that completes it: all but the last of two CRLF. */
const LONGEST_BEGUN_END = 3;

/** Gathers chunks into whole frames. A frame in many chunks, such as an image, costs time by its bytes alone: each is copied and searched once. */
export class FrameBuffer {
  /** The beginning of a frame; of `#room`, once that has been added to. */
  #rest: Buffer = EMPTY;
  #room: Buffer = EMPTY;
  #begun = false;

  /** The bytes up to the end of the last frame that is now complete; empty when none is. @throws RangeError when a frame is too large. */
  push(chunk: Buffer): Buffer {
    const searched = Math.max(0, this.#rest.length - LONGEST_BEGUN_END);
    const bytes = this.#rest.length === 0 ? chunk : this.#added(chunk);
    const found = lastFrameEnd(bytes.subarray(searched));
    const end = found === 0 ? 0 : searched + found;
    this.#rest = bytes.subarray(end);
    if (this.#rest.length > MAX_FRAME_BYTES)
      throw new RangeError(`a frame of the stream exceeds ${MAX_FRAME_BYTES} bytes`);
    if (end === 0) return EMPTY;
    this.#room = EMPTY; // what leaves is not written to any more
    const whole = bytes.subarray(0, end);
    if (this.#begun) return whole;
    this.#begun = true;
    return bytesWithoutByteOrderMark(whole);
  }

  #added(chunk: Buffer): Buffer {
    const length = this.#rest.length + chunk.length;
    if (length > this.#room.length) {
      this.#room = Buffer.allocUnsafe(2 * length);
      this.#rest.copy(this.#room);
    }
    chunk.copy(this.#room, this.#rest.length);
    return this.#room.subarray(0, length);
  }

  /** What came after the last whole frame. */
  get rest(): Buffer {
    return this.#rest;
  }

  /** Once the body has ended: a last frame that lacks only its empty line, with one; else empty. */
  last(): Buffer {
    const data = dataOf(wholeStop(this.#rest.toString('utf8')));
    const isWhole = data !== undefined && (data.trim() === DONE || jsonObject(data) !== undefined);
    return isWhole ? this.push(Buffer.from('\n\n')) : EMPTY;
  }
}

/** Cuts bytes that end with a whole frame into frames. */
export function* frames(bytes: Buffer): Generator<Buffer> {
  let start = 0;
  for (const end of frameEnds(bytes.toString('latin1'))) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** The same of text. */
export function frameTexts(text: string): string[] {
  let start = 0;
  return frameEnds(text).map((end) => {
    const frame = text.slice(start, end);
    start = end;
    return frame;
  });
}

/** The data of a frame; undefined for comments and other frames without data. */
export function frameData(frame: Buffer): string | undefined {
  return dataOf(frame.toString('utf8'));
}

/** The same of a frame that is text. */
export function dataOf(frame: string): string | undefined {
  const [, only] = USUAL.exec(frame) ?? [];
  return only ?? fieldOf(frame, 'data') ?? errorOf(frame);
}

/** llama.cpp had a field of its own for errors (https://github.com/ggml-org/llama.cpp/pull/16109). */
function errorOf(frame: string): string | undefined {
  const error = fieldOf(frame, 'error');
  return error === undefined ? undefined : `{"error":${error}}`;
}

const BARE_STOP = /^event: ?message_stop\s*(?:data: ?(?:\{\})?\s*)?$/;
const MESSAGE_STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

/**
 * A frame of Anthropic's, whose end may have nothing but its name, which is what its SDKs go by (fixtures of
 * anthropics/anthropic-sdk-python, tests/lib/streaming).
 */
export const wholeStop = (frame: string): string => (BARE_STOP.test(frame) ? MESSAGE_STOP : frame);

/** The event type of a frame, if it names one. */
export const frameEvent = (frame: Buffer): string | undefined => fieldOf(frame.toString('utf8'), 'event');

function fieldOf(frame: string, name: string): string | undefined {
  const lines = frame.split(LINE_END).filter((line) => line.startsWith(`${name}:`));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice(name.length + (line[name.length + 1] === ' ' ? 2 : 1))).join('\n');
}

export const DONE = '[DONE]';
export const DONE_FRAME = Buffer.from('data: [DONE]\n\n');

/** A comment, which clients skip unless they look for it. */
export const commentFrame = (text: string): Buffer => Buffer.from(`: ${text}\n\n`);

export const dataFrame = (data: unknown): Buffer => Buffer.from(`data: ${JSON.stringify(data)}\n\n`);

/** The frames of these bytes that may pass on, joined. */
export const framesThatPass = (bytes: Buffer, passes: (frame: Buffer) => boolean): Buffer =>
  rangesThatPass(bytes, bytes.toString('latin1'), (start, end) => passes(bytes.subarray(start, end)));

/** The same for who needs no frame of its own, but has the bytes as latin1. */
export function rangesThatPass(bytes: Buffer, latin1: string, passes: (start: number, end: number) => boolean): Buffer {
  const passed: Buffer[] = [];
  let [start, from] = [0, 0];
  for (const end of frameEnds(latin1)) {
    if (!passes(start, end)) {
      if (start > from) passed.push(bytes.subarray(from, start));
      from = end;
    }
    start = end;
  }
  if (start > from) passed.push(bytes.subarray(from, start));
  return passed.length === 1 && passed[0] !== undefined ? passed[0] : Buffer.concat(passed);
}

/** JSON that is an object; undefined for anything else. A broken frame passes as it came, and tells a meter nothing. */
export function jsonObject(data: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(data);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
