// Reads a whole answer that is a JSON object.
import { isJsonObject, type JsonObject, type JsonValue, parseExactly, withDoubles } from '../../kernel/index.js';
import { readError, Untranslatable } from '../wire/index.js';
import type { Answer } from './call.js';
import { UpstreamReport } from '../providers/upstream.js';

/** What an answer comes to: the usage in it, and its bytes where they differ from what the provider sent. */
export interface Told {
  readonly usage: JsonValue | undefined;
  readonly bytes?: Buffer;
}

/** Reads an answer that passes on as it is. */
export const readJsonAnswer = (bytes: Buffer, tell: (answer: JsonObject) => Told): Answer =>
  read(bytes, JSON.parse, tell);

/** Reads an answer that is told in another format: its numbers keep their digits. */
export const translateJsonAnswer = (bytes: Buffer, tell: (answer: JsonObject) => Told): Answer =>
  read(bytes, parseExactly, (answer) => {
    const { usage, ...told } = tell(answer);
    return { ...told, usage: usage && withDoubles(usage) };
  });

/** A provider may also report an error with a status of 200. */
function read(bytes: Buffer, parse: (text: string) => unknown, tell: (answer: JsonObject) => Told): Answer {
  let answer: unknown;
  try {
    answer = parse(bytes.toString('utf8'));
  } catch {
    return { bytes, usage: undefined, failure: 'the answer is not valid JSON' };
  }
  if (!isJsonObject(answer)) return { bytes, usage: undefined, failure: 'the answer is not a JSON object' };
  const error = readError(answer);
  if (error !== undefined) return { bytes, usage: undefined, failure: new UpstreamReport(error) };
  try {
    // Whatever the provider calls it: a page would run what is in it.
    return { bytes, contentType: 'application/json', ...tell(answer) };
  } catch (failure) {
    if (!(failure instanceof Untranslatable)) throw failure;
    return { bytes, usage: undefined, failure: failure.message };
  }
}
