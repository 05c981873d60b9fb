// Passes a provider's answer to the client. Never throws and always returns an answer, so every path settles its hold.
import type { Readable } from 'node:stream';
import type { JsonValue } from '../../kernel/index.js';
import { MAX_ANSWER_BYTES, readBody, type Room } from '../providers/read-body.js';
import { NoAnswer, type StreamedResponse, UpstreamReport, type UpstreamResponse } from '../providers/upstream.js';
import type { Answer } from './answer.js';
import type { ClientStream } from './client-stream.js';
import type { Meter } from './meter.js';
import { bareError } from './first-event.js';
import { EMPTY, FrameBuffer } from './sse.js';

/** A body that is destroyed early still emits its error; the loop that reads it has reported the failure. */
const ignore = (): void => undefined;
const MAX_TRAILING_BYTES = 65_536;
/** A body that stays open this long after a complete answer counts as ended. */
const SILENT_END_MS = 5_000;
const SILENCE = new Error('nothing more has come');

/** Media types are case-insensitive (RFC 9110, section 8.3.1). */
const WEB_PAGE = /^text\/html\b/i;

/** Relays a stream frame by frame at the client's pace, all but its end. Reads on for the usage when the client has left. */
export async function relayStream(
  { head, rest, body }: StreamedResponse,
  client: ClientStream,
  meter: Meter,
): Promise<Answer> {
  body.on('error', ignore);
  const buffer = new FrameBuffer();
  let silence: NodeJS.Timeout | undefined;
  try {
    if (rest !== undefined) client.breakSilence();
    if (head !== undefined) await client.write(meter.listen(buffer.push(head)));
    if (meter.done || meter.error !== undefined) return ended(body, meter, buffer);
    if (meter.mayBeOver === true) silence = endSoon(body);
    for await (const chunk of rest ?? (body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)) {
      clearTimeout(silence);
      const passed = meter.listen(buffer.push(chunk));
      const wait = client.write(passed);
      if (wait !== undefined) await wait;
      if (meter.done || meter.error !== undefined) break;
      if (meter.mayBeOver === true) silence = endSoon(body);
    }
    await client.write(meter.listen(buffer.last()));
  } catch (failure) {
    if (failure === SILENCE || meter.mayBeOver === true) return ended(body, meter, buffer);
    body.destroy();
    return { usage: meter.usage, failure, bytes: EMPTY };
  } finally {
    clearTimeout(silence);
  }
  return ended(body, meter, buffer);
}

const endSoon = (body: Readable): NodeJS.Timeout => setTimeout(() => body.destroy(SILENCE), SILENT_END_MS);

/** The answer of a stream that marked its end, or whose body has ended. */
function ended(body: Readable, meter: Meter, buffer: FrameBuffer): Answer {
  if (meter.error !== undefined) return abandon(body, meter.usage, new UpstreamReport(meter.error));
  if (meter.done) finish(body);
  else if (!meter.endsWhole(buffer.rest)) return abandon(body, meter.usage, endedEarly(buffer.rest));
  const { usage, delivery, unbilled } = meter;
  return { usage, bytes: meter.end(), ...(!delivery.began && { empty: true }), ...(unbilled === true && { unbilled }) };
}

function endedEarly(rest: Buffer): string | UpstreamReport {
  const error = bareError(rest);
  return error === undefined ? 'the stream ended early' : new UpstreamReport(error);
}

function abandon(body: Readable, usage: JsonValue | undefined, failure: string | UpstreamReport): Answer {
  body.destroy();
  return { usage, failure, bytes: EMPTY };
}

/** Discards the rest of the body, so the connection can be used again. Not every provider ends it. */
function finish(body: Readable): void {
  let trailing = 0;
  const timer = setTimeout(() => body.destroy(), SILENT_END_MS).unref();
  body.once('close', () => clearTimeout(timer));
  body.on('data', (chunk: Buffer) => {
    trailing += chunk.length;
    if (trailing > MAX_TRAILING_BYTES) body.destroy();
  });
}

/** Reads a plain answer whole. */
export async function relayWhole(
  { body, contentType }: UpstreamResponse,
  read: (bytes: Buffer) => Answer,
  room?: Room,
): Promise<Answer> {
  const { bytes: received, ending } = await readBody(body, MAX_ANSWER_BYTES, room);
  if (ending === 'longer') return { usage: undefined, failure: 'the answer is too large', bytes: EMPTY };
  if (ending !== 'whole') return { usage: undefined, failure: ending.failure, bytes: EMPTY };
  const answer = read(received);
  // Only files are passed on under the provider's own type, and a web page is not a file.
  if (answer.failure === undefined && answer.contentType === undefined && WEB_PAGE.test(contentType))
    return { usage: undefined, failure: new NoAnswer('it answered with a web page'), bytes: EMPTY };
  return answer;
}

/** The same before an answer is accepted. @throws UpstreamReport when the provider reports an error within it, or it is none. */
export async function wholeAnswer(
  response: UpstreamResponse,
  read: (bytes: Buffer) => Answer,
  room: Room,
): Promise<Answer> {
  const answer = await relayWhole(response, read, room);
  if (answer.failure instanceof UpstreamReport) throw answer.failure;
  return answer;
}
