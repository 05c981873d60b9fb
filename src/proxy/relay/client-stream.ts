import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Whether a response has nobody to go to any more. */
const isGone = ({ destroyed, socket }: ServerResponse): boolean => destroyed || socket?.destroyed === true;

/** Calls `tooLong` when its client has been gone for `limitMs`, until what is returned is called: then somebody else looks after it. */
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

/** The client's end of a stream. Writing to a client that left does nothing; a client that stops reading is cut off after a while. */
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

  /** Whether a byte has left, so that the status can't change any more. */
  get started(): boolean {
    return this.raw.headersSent;
  }

  /** Writes; returns a promise only when the client must be waited for. */
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
