// Bodies that come compressed (RFC 9110, section 8.4.1). They are decoded while they come in, so that the limit on bodies holds for what comes
// out, and a bomb costs no more memory and time than a body of that size.
import type { IncomingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { ApiError, invalidRequest } from './api-error.js';

/** A window of 8 MiB, as much as a body may ask of whoever decodes it (RFC 9659, section 3); unlimited, it could be 128 MiB. */
const ZSTD_WINDOW = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress(ZSTD_WINDOW),
} as const;
const TAKEN = 'gzip, deflate, br, zstd';

type Encoding = keyof typeof DECODERS;

/** One of the encodings that are known here. */
export function knownEncoding(sent: string): Encoding | undefined {
  const encoding = sent.trim().toLowerCase();
  return Object.hasOwn(DECODERS, encoding) ? (encoding as Encoding) : undefined;
}

/** How a body was encoded; undefined for one that was not. @throws ApiError 415 for what is not taken */
export function encodingOf({ 'content-encoding': sent = '' }: IncomingHttpHeaders): Encoding | undefined {
  const encoding = sent.trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return undefined;
  const known = knownEncoding(encoding);
  if (known !== undefined) return known;
  throw new ApiError({
    status: 415,
    type: 'invalid_request_error',
    code: 'unsupported_content_encoding',
    message: `Bodies can’t be sent with the content-encoding "${encoding.slice(0, 40)}". Taken are ${TAKEN}, and none.`,
  });
}

/** Makes of the bytes of a body what they were; fails with what `notEncoded` says where they are none of that encoding. */
export const decoderOf = (encoding: Encoding): Transform => DECODERS[encoding]();

export const notEncoded = (encoding: Encoding): ApiError =>
  invalidRequest(`The request body is no whole body of ${encoding}.`, undefined, 'invalid_encoding');
