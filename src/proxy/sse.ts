// Server-sent events (WHATWG HTML, section 9.2) as bytes: only ever cut into whole frames, never re-encoded.

const EMPTY = Buffer.alloc(0);
const EVENT_STREAM = /^\s*text\/event-stream\s*(;|$)/i;

/** Media types are read in any case, with or without parameters (RFC 9110, section 8.3.1). */
export const isEventStream = (contentType: string): boolean => EVENT_STREAM.test(contentType);

/** A frame larger than this is no answer to a chat. */
const MAX_FRAME_BYTES = 4_194_304;

/** Where the first frame of `bytes` at or after `from` ends; -1 when none is complete. */
function frameEnd(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf('\n\n', from);
  const crlf = bytes.indexOf('\r\n\r\n', from);
  if (crlf !== -1 && (lf === -1 || crlf < lf)) return crlf + 4;
  return lf === -1 ? -1 : lf + 2;
}

/** Gathers chunks into whole frames. */
export class FrameBuffer {
  #rest: Buffer = EMPTY;

  /** The bytes up to the end of the last frame that is now complete; empty when none is. @throws RangeError on an endless frame. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lf = bytes.lastIndexOf('\n\n');
    const crlf = bytes.lastIndexOf('\r\n\r\n');
    const end = Math.max(lf === -1 ? 0 : lf + 2, crlf === -1 ? 0 : crlf + 4);
    this.#rest = bytes.subarray(end);
    if (this.#rest.length > MAX_FRAME_BYTES)
      throw new RangeError(`a frame of the stream exceeds ${MAX_FRAME_BYTES} bytes`);
    return bytes.subarray(0, end);
  }

  /** What came after the last whole frame. */
  get rest(): Buffer {
    return this.#rest;
  }
}

/** Cuts bytes that end with a whole frame into frames. */
export function* frames(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const end = frameEnd(bytes, start);
    if (end === -1) return;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** The data of a frame; undefined for comments and other frames without data. */
export function frameData(frame: Buffer): string | undefined {
  if (frame.indexOf('\n') === frame.length - 2 && frame.indexOf('data: ') === 0)
    return frame.toString('utf8', 6, frame.length - 2);
  const lines = frame
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice(line.startsWith('data: ') ? 6 : 5)).join('\n');
}

export const DONE = '[DONE]';
export const DONE_FRAME = Buffer.from('data: [DONE]\n\n');

/** A frame that tells a client nothing but what it reads of the bytes. */
export const commentFrame = (text: string): Buffer => Buffer.from(`: ${text}\n\n`);

export const dataFrame = (data: unknown): Buffer => Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
