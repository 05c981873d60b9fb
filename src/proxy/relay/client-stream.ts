import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Whether the client of a response is gone. */
const isGone = ({ destroyed, socket }: ServerResponse): boolean => destroyed || socket?.destroyed === true;

/** Calls `tooLong` when the client has been gone for `limitMs`. Returns a function that stops the watch. */
export function watchDeparture(raw: ServerResponse, limitMs: number, tooLong: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const leave = () => (timer = setTimeout(tooLong, limitMs));
  if (isGone(raw)) leave();
  else raw.once('close', leave);
  return () => {
    raw.off('close', leave);
    clearTimeout(timer);
  };
}

/** The client's end of a stream. Writing to a client that has left does nothing. A client that stops reading is cut off after `stallTimeoutMs`. */
export class ClientStream {
  #gone = false;

  constructor(
    private readonly raw: ServerResponse,
    private readonly headers: OutgoingHttpHeaders,
    private readonly stallTimeoutMs: number,
    onGone: () => void,
  ) {
    const leave = () => {
      if (raw.writableFinished || this.#gone) return;
      this.#gone = true;
      onGone();
    };
    if (isGone(raw)) leave();
    else raw.once('close', leave);
    raw.on('error', () => undefined); // a broken pipe shows as 'close'
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Whether a byte has left, so the status can't change any more. */
  get started(): boolean {
    return this.raw.headersSent;
  }

  /** Writes. Returns a promise only when it must wait for the client to read. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#gone || bytes.length === 0) return undefined;
    this.#start();
    return this.raw.write(bytes) ? undefined : this.#drained();
  }

  end(bytes: Buffer): void {
    if (this.#gone) return;
    this.#start();
    this.raw.end(bytes);
  }

  #start(): void {
    if (!this.raw.headersSent) this.raw.writeHead(200, this.headers);
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.raw.off('drain', finish);
        this.raw.off('close', finish);
        resolve();
      };
      const timer = setTimeout(() => this.raw.destroy(), this.stallTimeoutMs);
      this.raw.once('drain', finish);
      this.raw.once('close', finish);
    });
  }
}
