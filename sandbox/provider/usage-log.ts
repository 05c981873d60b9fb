import { closeSync, openSync, writeSync } from 'node:fs';
import type { Usage } from './usage.js';

/**
 * One line of the usage log: a request that was answered with 200, and the usage block exactly as it was sent, in the shape of the
 * provider it was asked of. Where a stream tells it in several events, the block is what they tell together.
 */
export interface UsageLine<Block = Usage> {
  /** The `x-request-id` the request came with. */
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
 * Appends JSON lines to a file. A line is with the operating system when `write` returns, so it outlives any process
 * here, though not a loss of power.
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
