import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { commentFrame } from './sse.js';

/** Proxies on the way to the client cut off what is silent for a minute or two, as a model is that thinks. */
export const KEEP_ALIVE_MS = 15_000;
const KEEP_ALIVE = commentFrame('keep-alive');

/** Whether the client of a response is gone. */
export const isGone = ({ destroyed, socket }: ServerResponse): boolean => destroyed || socket?.destroyed === true;

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

interface Patience {
  /** A client that stops reading is cut off after this time. */
  readonly stallTimeoutMs: number;
  /** A comment is sent after about as long a silence, once the stream has begun; never where it is undefined. */
  readonly keepAliveMs?: number | undefined;
}

/** The client's end of a stream, written to in whole frames. Writing to a client that has left does nothing. */
export class ClientStream {
  #gone = false;
  #silent = false;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(
    private readonly raw: ServerResponse,
    private readonly headers: OutgoingHttpHeaders,
    private readonly patience: Patience,
    onGone: () => void,
  ) {
    const leave = () => {
      clearInterval(this.#keepAlive);
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
    this.#silent = false;
    return this.raw.write(bytes) ? undefined : this.#drained();
  }

  /** Begins the stream with a comment, where those are wanted: what it has to tell is late. */
  breakSilence(): void {
    if (this.patience.keepAliveMs !== undefined) void this.write(KEEP_ALIVE);
  }

  end(bytes: Buffer): void {
    if (this.#gone) return;
    this.#start();
    clearInterval(this.#keepAlive);
    this.raw.end(bytes);
  }

  #start(): void {
    if (this.raw.headersSent) return;
    this.raw.writeHead(200, this.headers);
    const { keepAliveMs } = this.patience;
    if (keepAliveMs !== undefined) this.#keepAlive = setInterval(() => this.#keepAwake(), keepAliveMs).unref();
  }

  #keepAwake(): void {
    if (this.#silent && !this.raw.writableNeedDrain) this.raw.write(KEEP_ALIVE);
    this.#silent = true;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.raw.off('drain', finish);
        this.raw.off('close', finish);
        resolve();
      };
      const timer = setTimeout(() => this.raw.destroy(), this.patience.stallTimeoutMs);
      this.raw.once('drain', finish);
      this.raw.once('close', finish);
    });
  }
}
