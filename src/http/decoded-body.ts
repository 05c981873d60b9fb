// Bodies that come compressed (RFC 9110, section 8.4.1). They are decoded while they come in, so that the limit on bodies holds for what comes
// out, and a bomb costs no more memory and time than a body of that size.
import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { FastifyRequest, RequestPayload } from 'fastify';
import { ApiError, invalidRequest } from './api-error.js';

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;
const TAKEN = 'gzip, deflate, br, zstd';

/** The body as it was before it was compressed. @throws ApiError 415 for another encoding; the stream ends in a 400 when it is broken. */
export function decodedBody({ headers }: Pick<FastifyRequest, 'headers'>, payload: RequestPayload): RequestPayload {
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return payload;
  if (!isKnown(encoding))
    throw new ApiError({
      status: 415,
      type: 'invalid_request_error',
      code: 'unsupported_content_encoding',
      message: `Bodies can’t be sent with the content-encoding "${encoding.slice(0, 40)}". Taken are ${TAKEN}, and none.`,
    });
  const decoder = DECODERS[encoding]();
  decoder.on('error', ignore); // a body may break that nobody reads: its request was refused before
  let received = 0;
  payload.on('data', (chunk: Buffer) => (received += chunk.length));
  const broken = invalidRequest(`The request body is no whole body of ${encoding}.`, undefined, 'invalid_encoding');
  const body: RequestPayload = Readable.from(chunksOf(pipeline(payload, decoder, ignore), broken), {
    objectMode: false,
  });
  // Compared with content-length, which counts the bytes on the wire.
  Object.defineProperty(body, 'receivedEncodedLength', { get: () => received });
  return body;
}

const isKnown = (encoding: string): encoding is keyof typeof DECODERS => Object.hasOwn(DECODERS, encoding);

/** What breaks it shows where it is read. */
const ignore = (): void => undefined;

async function* chunksOf(decoded: Readable, broken: ApiError): AsyncGenerator<Buffer> {
  try {
    yield* decoded as AsyncIterable<Buffer>;
  } catch {
    throw broken;
  }
}
