// An answer that came compressed. Nobody asked for that, but a server may send it all the same (RFC 9110, section 12.5.3), and caches in front of
// one do (https://github.com/ai-ecoverse/slicc/pull/3041).
import { pipeline, Readable, type Transform } from 'node:stream';
import { decoderOf, knownEncoding } from '../../platform/http/index.js';
import type { BodyRead } from '../../proxy/index.js';

/** One for the server and one for each proxy before it, as curl and undici have it; a longer row is no answer, but an attack. */
const MOST_ENCODINGS = 5;

/** The body of an answer as it was before it was encoded. One that is not whole, or whose encodings are not all known, stays as it is. */
export function decoded(body: Readable | BodyRead, contentEncoding: unknown): Readable | BodyRead {
  if (contentEncoding === undefined) return body;
  const names = String(contentEncoding).split(',').filter(isEncoded);
  const encodings = names.map(knownEncoding).filter((encoding) => encoding !== undefined);
  if (names.length === 0 || names.length > MOST_ENCODINGS || encodings.length < names.length) return body;
  if (!(body instanceof Readable) && body.ending !== 'whole') return body;
  const source = body instanceof Readable ? body : Readable.from([body.bytes]);
  // In the order in which they were applied (RFC 9110, section 8.4).
  const decoders = encodings.toReversed().map((encoding) => decoderOf(encoding).on('error', ignore));
  return pipeline([source, ...decoders], ignore) as Transform;
}

const isEncoded = (name: string): boolean => !['', 'identity'].includes(name.trim().toLowerCase());

/** Whoever reads what was decoded learns of the failure. */
const ignore = (): void => undefined;
