// A provider may report an error within a stream that began with a status of 200 (Anthropic: https://platform.claude.com/docs/en/api/errors; OpenRouter:
// https://openrouter.ai/docs/api/reference/errors-and-debugging). So the first event is read before a byte goes to the client.
import { Readable } from 'node:stream';
import { readBody } from '../providers/read-body.js';
import { NoAnswer, type StreamedResponse, UpstreamReport, type UpstreamResponse } from '../providers/upstream.js';
import { readError, type ReportedError } from '../wire/index.js';
import type { Meter } from './meter.js';
import { FrameBuffer, frameData, frames, isEventStream, jsonObject } from './sse.js';

/**
 * What is silent for a minute is cut off by proxies on the way to the client, and a model may think for many before its first event
 * (mezmo/aura#62). So the answer is accepted after this time, and its client's connection kept alive, by the provider's comments or our own.
 */
const LONGEST_PATIENCE_MS = 10_000;
const MAX_COMMENT_BYTES = 65_536;
const MAX_ERROR_BYTES = 65_536;

/**
 * Reads a stream up to its first event with data, and passes that to `meter`; no longer than `patienceMs`. No byte of the stream is lost.
 * @throws UpstreamReport when that event is an error or the body is no stream, or the error that breaks off the body.
 */
export async function firstEvent(
  response: UpstreamResponse,
  meter: Meter,
  patienceMs = LONGEST_PATIENCE_MS,
): Promise<StreamedResponse> {
  const { body, contentType } = response;
  if (!(body instanceof Readable)) throw new Error('the answer was read whole');
  body.on('error', ignore); // the loop that reads it reports the failure
  if (!isEventStream(contentType) && !(await beginsAsStream(body)))
    throw refused(body, await noStream({ ...response, body }));
  const buffer = new FrameBuffer();
  const read: Buffer[] = [];
  let bytes = 0;
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), patienceMs)));
  try {
    for (let over = false; !over;) {
      const next = chunks.next();
      const came = await Promise.race([next, patience]);
      if (came === undefined) return { ...response, body, head: Buffer.concat(read), rest: goOn(next, chunks) };
      if (came.done === true) break;
      read.push(came.value);
      bytes += came.value.length;
      over = hear(buffer.push(came.value), meter) || bytes > MAX_COMMENT_BYTES;
    }
  } finally {
    clearTimeout(timer);
  }
  // Not every body has an empty line after its last event.
  if (body.readableEnded) hear(buffer.last(), meter);
  const error = meter.error ?? (body.readableEnded ? bareError(buffer.rest) : undefined);
  if (error !== undefined) throw refused(body, new UpstreamReport(error));
  await chunks.return?.();
  return { ...response, body, head: Buffer.concat(read) };
}

/** The chunks of a body that is being read, from the one that is waited for. */
function goOn(next: Promise<IteratorResult<Buffer>>, chunks: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  next.catch(ignore); // whoever reads it learns of it
  return (async function* () {
    for (let came = await next; came.done !== true; came = await chunks.next()) yield came.value;
  })();
}

const ignore = (): void => undefined;

/** What a stream of events begins with, and no JSON and no page. */
const FIRST_FIELDS = ['data:', 'event:', 'id:', 'retry:', ':'];

/**
 * Whether a body begins as a stream of events does. A server that does not name its type sends none, or one that was guessed, such as Go's text/plain.
 * Nothing of the body is lost.
 */
async function beginsAsStream(body: Readable): Promise<boolean> {
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    body.unshift(chunk);
    const begun = chunk.toString('utf8').trimStart();
    return FIRST_FIELDS.some((field) => begun.startsWith(field) || field.startsWith(begun));
  }
  return false;
}

/** Passes frames to the meter up to the first with data. Returns whether there was one. */
function hear(bytes: Buffer, meter: Meter): boolean {
  for (const frame of frames(bytes)) {
    meter.listen(frame);
    if (frameData(frame) !== undefined) return true;
  }
  return false;
}

/** The answer to a request for a stream is not a stream: it may be an error after all. */
async function noStream({ contentType, body }: StreamedResponse): Promise<UpstreamReport> {
  const none = new NoAnswer(`it answered a request for a stream with ${contentType || 'no content type'}`);
  if (!/^(?:application\/(?:\w+\+)?json\b|$)/i.test(contentType)) return none;
  const { bytes, ending } = await readBody(body, MAX_ERROR_BYTES);
  const error = ending === 'whole' ? bareError(bytes) : undefined;
  return error === undefined ? none : new UpstreamReport(error);
}

/** The error that stands where an event should be, as Gemini ends a stream that it has no room for any more (theopenco/llmgateway#3616). */
export const bareError = (bytes: Buffer): ReportedError | undefined => readError(jsonObject(bytes.toString('utf8')));

function refused(body: Readable, report: UpstreamReport): UpstreamReport {
  body.destroy();
  return report;
}
