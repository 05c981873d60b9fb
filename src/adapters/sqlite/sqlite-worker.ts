import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { OpenMessage } from './sqlite-thread.messages.js';

const PROGRAM = new URL(`./sqlite-thread.worker${extname(import.meta.filename)}`, import.meta.url);

/** A thread that writes to SQLite files: to one alone, or to all that share a thread. It ends with the last of its files. */
export class SqliteWorker {
  static #shared: SqliteWorker | undefined;

  private readonly thread = new Worker(PROGRAM);
  #files = 0;
  #ended = 'the SQLite thread has ended';

  private constructor() {
    this.thread.unref();
    this.thread.on('error', (error) => (this.#ended = `the SQLite thread failed: ${error.message}`));
    this.thread.on('exit', () => this.#shareNoMore());
  }

  /** A thread for one more file; whoever takes it leaves it when the file is closed. */
  static take(shared: boolean): SqliteWorker {
    const worker = (shared ? SqliteWorker.#shared : undefined) ?? new SqliteWorker();
    if (shared) SqliteWorker.#shared = worker;
    worker.#files++;
    return worker;
  }

  /** Why it no longer runs, when it doesn't. */
  get ended(): string {
    return this.#ended;
  }

  open(message: OpenMessage): void {
    this.thread.postMessage(message, [message.port]);
  }

  async leave(): Promise<void> {
    if (--this.#files > 0) return;
    this.#shareNoMore();
    await this.thread.terminate();
  }

  #shareNoMore(): void {
    if (SqliteWorker.#shared === this) SqliteWorker.#shared = undefined;
  }
}
