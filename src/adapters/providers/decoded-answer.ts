// An answer that came compressed. Nobody asked for that, but a server may send it all the same (RFC 9110, section 12.5.3), and caches in front of
// one do (https://github.com/ai-ecoverse/slicc/pull/3041).
import { pipeline, Readable } from 'node:stream';
import { decoderOf, knownEncoding } from '../../platform/http/index.js';
import type { BodyRead } from '../../proxy/index.js';

/** The body of an answer as it was before it was encoded. One that is not whole, or whose encoding is not known, stays as it is. */
export function decoded(body: Readable | BodyRead, contentEncoding: unknown): Readable | BodyRead {
  if (contentEncoding === undefined) return body;
  const encoding = knownEncoding(String(contentEncoding));
  if (encoding === undefined) return body;
  const decoder = decoderOf(encoding).on('error', ignore);
  if (body instanceof Readable) return pipeline(body, decoder, ignore);
  if (body.ending !== 'whole') return body;
  decoder.end(body.bytes);
  return decoder;
}

/** Whoever reads what was decoded learns of the failure. */
const ignore = (): void => undefined;
