// An answer of a provider, as far as it has been read; and how a whole answer is read that is a JSON object.
import { isJsonObject, type JsonObject, type JsonValue, parseExactly, withDoubles } from '../../kernel/index.js';
import { NoAnswer, UpstreamReport } from '../providers/upstream.js';
import { readError, Untranslatable } from '../wire/index.js';
import { bytesWithoutByteOrderMark } from './sse.js';

export interface Answer {
  /** What is still to be sent to the client once the charge is durable: all of a plain answer, or the end of a stream. */
  readonly bytes: Buffer;
  /** The media type of those bytes, if it differs from the provider's. */
  readonly contentType?: string;
  /** The last usage block, as the provider sent it; undefined when it sent none. */
  readonly usage: JsonValue | undefined;
  /** Whether it is a stream that said nothing. */
  readonly empty?: boolean;
  /** Whether its provider bills nothing for it, whatever its usage counts. */
  readonly unbilled?: boolean;
  /** Why the answer is not whole or no answer at all: a sentence of ours, the provider's own report, or what was thrown. */
  readonly failure?: unknown;
}

/** What an endpoint finds in an answer: its usage, whether it is billed, and its bytes if they differ from the provider's. */
type AnswerParts = Pick<Answer, 'usage' | 'unbilled'> & Partial<Pick<Answer, 'bytes'>>;

/** Reads an answer that passes on as it is. */
export const readJsonAnswer = (bytes: Buffer, read: (answer: JsonObject) => AnswerParts): Answer =>
  readParsed(bytes, JSON.parse, read);

/** Reads an answer that is translated into another format: its numbers keep their digits. */
export const translateJsonAnswer = (bytes: Buffer, translate: (answer: JsonObject) => AnswerParts): Answer =>
  readParsed(bytes, parseExactly, (answer) => {
    const { usage, ...parts } = translate(answer);
    return { ...parts, usage: usage && withDoubles(usage) };
  });

/** A provider may also report an error with a status of 200. */
function readParsed(told: Buffer, parse: (text: string) => unknown, read: (answer: JsonObject) => AnswerParts): Answer {
  const bytes = bytesWithoutByteOrderMark(told);
  let answer: unknown;
  try {
    answer = parse(bytes.toString('utf8'));
  } catch {
    return { bytes, usage: undefined, failure: new NoAnswer('the answer is not valid JSON') };
  }
  if (!isJsonObject(answer))
    return { bytes, usage: undefined, failure: new NoAnswer('the answer is not a JSON object') };
  const error = readError(answer);
  if (error !== undefined) return { bytes, usage: undefined, failure: new UpstreamReport(error) };
  try {
    // Never the provider's own content type: a browser would run what a page contains.
    return { bytes, contentType: 'application/json', ...read(answer) };
  } catch (failure) {
    if (failure instanceof NoAnswer) return { bytes, usage: undefined, failure };
    if (!(failure instanceof Untranslatable)) throw failure;
    return { bytes, usage: undefined, failure: failure.message };
  }
}
