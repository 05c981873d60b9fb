import { closeSync, openSync, writeSync } from 'node:fs';
import type { Usage } from './usage.js';

/**
 * One line of the usage log: a request answered with 200, and the usage block exactly as it was sent, in the provider's
 * own shape. When a stream reports usage in several events, the block is their combination.
 */
export interface UsageLine<Block = Usage> {
  /** The `x-request-id` of the request. */
  readonly requestId: string | null;
  readonly id: string;
  readonly model: string;
  /** ISO 8601 instant. */
  readonly at: string;
  readonly usage: Block | null;
  readonly stream: boolean;
  /** The faults played, joined by commas. */
  readonly fault: string | null;
}

/**
 * Appends JSON lines to a file. When `write` returns, the operating system has the line: it survives any process,
 * though not a power failure.
 */
export class UsageLog {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(line: UsageLine<object>): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}
