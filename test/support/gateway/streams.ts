// What a client makes of an event stream.
import { isJsonObject, type JsonObject } from '../../../src/kernel/index.js';
import { errorIn, type ErrorAnswer } from './calls.js';

export interface StreamFacts {
  /** Every chunk with JSON data, in order. */
  readonly chunks: readonly JsonObject[];
  /** The text of the first choice. */
  readonly content: string;
  /** The usage blocks that reached the client. */
  readonly usages: readonly JsonObject[];
  /** The error chunk, if one came. */
  readonly error: Omit<ErrorAnswer, 'status'> | undefined;
  /** Whether the stream ended with [DONE]. */
  readonly done: boolean;
}

export function readStream(text: string): StreamFacts {
  const data = text
    .split(/\r?\n\r?\n/)
    .flatMap((frame) => frame.split(/\r?\n/))
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim());
  const parsed = data.filter((item) => item !== '[DONE]').flatMap(parse);
  const chunks = parsed.filter((chunk) => !('error' in chunk));
  const broken = parsed.find((chunk) => 'error' in chunk);
  return {
    chunks,
    content: chunks.map(contentOf).join(''),
    usages: chunks.map(({ usage }) => usage).filter(isJsonObject),
    error: broken && errorIn(broken),
    done: data.at(-1) === '[DONE]',
  };
}

const COST = /^: x-tokenhub-cost (\S+)\n\n/m;

/** A stream without the comment that tells its cost before the final frame, and that cost. @throws Error when it is not there, once. */
export function withoutCost(text: string): { readonly text: string; readonly cost: string } {
  const [before = '', cost, after, ...more] = text.split(COST);
  if (cost === undefined || after === undefined || more.length > 0) throw new Error(`no cost is told once: ${text}`);
  const frames = after.split(/\r?\n\r?\n/).filter((frame) => frame !== '');
  if (frames.length !== 1) throw new Error(`the cost does not stand before the final frame: ${text}`);
  return { text: before + after, cost };
}

function parse(item: string): JsonObject[] {
  try {
    const json: unknown = JSON.parse(item);
    return isJsonObject(json) ? [json] : [];
  } catch {
    return []; // a broken frame of the provider's, passed on as it came
  }
}

function contentOf({ choices }: JsonObject): string {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta = isJsonObject(first) ? first['delta'] : undefined;
  const content = isJsonObject(delta) ? delta['content'] : undefined;
  return typeof content === 'string' ? content : '';
}
