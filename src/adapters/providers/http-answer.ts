// One answer of undici's dispatcher: its head, then its body as a stream. undici's own `request` sets a closure as a property of each call, and V8
// allocates such a function (`x.y = () => …`, as it stands in the code) in the old generation. All that it leads to, which is the whole
// call, then outlives the collections of new objects, until the next one of the whole heap.
import { Readable } from 'node:stream';
import { type Dispatcher, errors } from 'undici';

type Controller = Dispatcher.DispatchController;
type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** What undici gives a stream of its own, too. */
const HIGH_WATER_MARK = 64 * 1024;

/** Destroyed before its end, it aborts the request. */
class AnswerBody extends Readable {
  constructor(private readonly controller: Controller) {
    super({ highWaterMark: HIGH_WATER_MARK });
    // A failure that comes while nobody reads is found by whoever reads next.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.controller.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const reason = error ?? (this.readableEnded ? null : new errors.RequestAbortedError());
    if (reason !== null) this.controller.abort(reason);
    callback(reason);
  }
}

class AnswerHandler implements Dispatcher.DispatchHandler {
  #controller: Controller | undefined;
  #body: AnswerBody | undefined;
  readonly #onAbort = (): void => {
    const { reason } = this.signal as { reason: Error };
    if (this.#body === undefined) this.#controller?.abort(reason);
    else this.#body.destroy(reason);
  };

  constructor(
    private readonly signal: AbortSignal,
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {
    signal.addEventListener('abort', this.#onAbort);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.signal.aborted) this.#onAbort();
  }

  onResponseStart(controller: Controller, statusCode: number, headers: Headers): void {
    if (statusCode < 200) return; // interim
    this.#body = new AnswerBody(controller).once('close', () => this.#forgetSignal());
    this.resolve({ statusCode, headers, body: this.#body });
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) controller.pause();
  }

  onResponseEnd(): void {
    this.#body?.push(null);
  }

  onResponseError(_: Controller, error: Error): void {
    if (this.#body !== undefined) return void this.#body.destroy(error);
    this.#forgetSignal();
    this.reject(error);
  }

  #forgetSignal(): void {
    this.signal.removeEventListener('abort', this.#onAbort);
  }
}

/** Resolves with the head of the answer. @throws what undici's `request` throws, and the reason of the signal */
export const httpAnswer = (
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    dispatcher.dispatch(request, new AnswerHandler(signal, resolve, reject));
  });
