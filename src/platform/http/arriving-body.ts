// One body that has not come whole with its head.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { ApiError, invalidRequest, tooLarge } from './api-error.js';
import { CollectedBody } from './collected-body.js';
import { decoderOf, encodingOf, notEncoded } from './decoded-body.js';

/** How slowly a body may come: it has some time in any case, and more while it comes at this rate. */
export interface Pace {
  readonly graceMs: number;
  readonly leastBytesPerSecond: number;
}

export class ArrivingBody {
  readonly #began = performance.now();
  readonly #collected: CollectedBody;
  /** Of the bytes on the wire. */
  #received = 0;
  #fail!: (why: Error) => void;
  /** Rejects with an ApiError; then no more is read, and the connection is as it was. */
  readonly whole: Promise<Buffer>;

  /** `took` is told of each piece before it is kept, and may refuse it by throwing. @throws ApiError 415 */
  constructor(
    request: IncomingMessage,
    private readonly limit: number,
    took: (bytes: number) => void,
  ) {
    const encoding = encodingOf(request.headers);
    const decoder = encoding && decoderOf(encoding);
    this.#collected = new CollectedBody(encoding === undefined ? declared(request, limit) : limit);
    const body: Readable = decoder === undefined ? request : request.pipe(decoder);
    this.whole = new Promise((resolve, reject) => {
      const fail = (why: Error) => {
        body.off('data', add);
        request.unpipe().pause();
        decoder?.destroy();
        reject(why);
      };
      this.#fail = fail;
      const add = (piece: Buffer) => this.#add(piece, took);
      const broken = () => {
        if (!request.complete) fail(invalidRequest('The request broke off before its body was whole.'));
      };
      body.on('data', add).once('end', () => resolve(this.#collected.whole()));
      request.on('data', (piece: Buffer) => (this.#received += piece.length));
      request.on('error', broken).once('close', broken);
      if (request.destroyed) broken(); // while it was found out who sends it
      if (encoding !== undefined) decoder?.on('error', () => fail(notEncoded(encoding)));
    });
  }

  #add(piece: Buffer, took: (bytes: number) => void): void {
    if (this.#collected.length + piece.length > this.limit) return this.#fail(tooLarge(this.limit));
    try {
      took(piece.length);
    } catch (error) {
      return this.#fail(error as Error);
    }
    this.#collected.add(piece);
  }

  endIfLate({ graceMs, leastBytesPerSecond }: Pace, now: number): void {
    const allowedMs = graceMs + (this.#received / leastBytesPerSecond) * 1_000;
    if (now - this.#began > allowedMs) this.#fail(tooSlow());
  }
}

/** As the client says; it is held to that by its own connection. */
const declared = ({ headers }: IncomingMessage, limit: number): number =>
  headers['content-length'] === undefined ? limit : Math.min(limit, Number(headers['content-length']));

const tooSlow = (): ApiError =>
  new ApiError({
    status: 408,
    type: 'invalid_request_error',
    code: 'request_timeout',
    message: 'The request body came too slowly. Send the request again.',
  });
