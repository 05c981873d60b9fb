// An answer that is wanted whole, gathered without the stream of http-answer.ts: a third of what an exchange allocates.
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import {
  type BodyRead,
  MAX_ANSWER_BYTES,
  MAX_ERROR_BYTES,
  readOnAfter,
  type UpstreamRequest,
} from '../../proxy/index.js';

export interface WholeAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: BodyRead;
}

/** Resolves when the body has ended, was broken off, or is longer than any that is read. Rejects when the head of the answer does not come. */
export const wholeAnswer = (
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  call: Pick<UpstreamRequest, 'signal' | 'room'>,
): Promise<WholeAnswer> =>
  new Promise((resolve, reject) => dispatcher.dispatch(options, new Gathering(call, resolve, reject)));

class Gathering implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #head: Omit<WholeAnswer, 'body'> | undefined;
  readonly #chunks: Buffer[] = [];
  #left = 0;

  constructor(
    private readonly call: Pick<UpstreamRequest, 'signal' | 'room'>,
    private readonly resolve: (answer: WholeAnswer) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const { signal } = this.call;
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort);
  }

  /** May be called first for an interim answer. */
  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    if (statusCode < 200) return;
    this.#head = { statusCode, headers };
    this.#left = statusCode < 300 ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#left -= chunk.length;
    if (this.#left < 0) {
      this.#end('longer');
      controller.abort(new Error('the body is longer than any that is read'));
      return;
    }
    readOnAfter(this.call.room.took(chunk.length), controller, (failure) => controller.abort(failure));
  }

  onResponseEnd(): void {
    this.#end('whole');
  }

  onResponseError(_: Dispatcher.DispatchController, failure: Error): void {
    this.#end({ failure });
  }

  readonly #abort = (): void => this.#controller?.abort(this.call.signal.reason as Error);

  /** What comes after the first end changes nothing. */
  #end(ending: BodyRead['ending']): void {
    this.call.signal.removeEventListener('abort', this.#abort);
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    if (this.#head !== undefined) this.resolve({ ...this.#head, body: { bytes, ending } });
    else this.reject(typeof ending === 'object' ? ending.failure : new Error('the answer has no head'));
  }
}
