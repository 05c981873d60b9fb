import { once } from 'node:events';
import { statSync } from 'node:fs';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import {
  ANY_CHANGES,
  type BatchMessage,
  type BatchReply,
  type Failure,
  type Opened,
  type OpenReply,
  type SqlValue,
} from './sqlite-thread.messages.js';
import { SqliteWorker } from './sqlite-worker.js';

export type { SqlValue };

export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
  /** How many rows it must change; any number without it. */
  readonly changes?: number;
  /** How many values its RETURNING clause gives, of the one row that it writes; none without it. */
  readonly returns?: number;
}

/** Statements that are executed all or nothing, in order. */
export type Unit = readonly Statement[];

export interface SqliteThreadOptions {
  /**
   * FULL (the default): a commit survives a power cut. NORMAL: the newest commits may be lost in one, the file stays whole; for what
   * can be made again (sqlite.org/pragma.html#pragma_synchronous).
   */
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** Takes turns with other files that say so on one thread, which saves 11 MiB for each; without it, the file has a thread of its own. */
  readonly shared?: boolean;
  /** What is deleted is overwritten with zeros (sqlite.org/pragma.html#pragma_secure_delete). */
  readonly secureDelete?: boolean;
  /** Called with the number of units that were committed together. */
  readonly onBatch?: (units: number) => void;
}

/** A statement changed another number of rows than its unit expects; the unit left no trace. */
export class UnitRefused extends Error {
  override readonly name = 'UnitRefused';
}

/** SQLite failed; `errcode` is its extended result code (sqlite.org/rescode.html), null when the fault is not SQLite's. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure';

  constructor(
    message: string,
    readonly errcode: number | null,
  ) {
    super(message);
  }
}

interface Pending {
  readonly unit: Unit;
  readonly size: number;
  readonly resolve: (returned: readonly SqlValue[]) => void;
  readonly reject: (error: Error) => void;
}

const MAX_BATCH_UNITS = 1_000;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const MAX_QUEUED_UNITS = 100_000;

/** The identity of the file at a path; undefined when there is none, or it can't be read. */
function fileAt(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * The write connection of a SQLite file, on another thread, so that fsync never blocks the thread that serves requests.
 * Units that come while a batch is being committed go over together as the next one and share its fsync (group commit).
 * A unit's promise resolves when it is durable, with what its statements return. It rejects with `UnitRefused`, or with `SqliteFailure` for a constraint,
 * when the unit left no trace; after any other `SqliteFailure` (disk full, lock not obtained in 5 s) or the thread's end,
 * whether it was stored is unknown. Other units of the batch are not affected by one that is refused.
 */
export class SqliteThread {
  readonly #queue: Pending[] = [];
  readonly #numbers = new Map<string, number>();
  #newTexts: string[] = [];
  #inFlight: readonly Pending[] = [];
  #scheduled = false;
  #stopped: Error | undefined;
  #drained: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  readonly #file: string | undefined;

  private constructor(
    private readonly worker: SqliteWorker,
    private readonly port: MessagePort,
    private readonly closed: Promise<unknown>,
    readonly opened: Opened,
    private readonly path: string,
    private readonly options: SqliteThreadOptions,
  ) {
    this.#file = fileAt(path);
    port.on('message', (reply: BatchReply) => this.#settle(reply));
    port.unref();
    void closed.then(() => this.#stop(worker.ended));
  }

  /** Opens the file's write connection on a thread. */
  static async open(path: string, options: SqliteThreadOptions = {}): Promise<SqliteThread> {
    const { synchronous = 'FULL', secureDelete = false, shared = false } = options;
    const worker = SqliteWorker.take(shared);
    const { port1: port, port2 } = new MessageChannel();
    const closed = once(port, 'close');
    worker.open({ port: port2, path, synchronous, secureDelete });
    const reply = await new Promise<OpenReply | undefined>((resolve) => {
      port.once('message', resolve).once('close', () => resolve(undefined));
    });
    if (reply !== undefined && 'opened' in reply) {
      return new SqliteThread(worker, port, closed, reply.opened, path, options);
    }
    await worker.leave();
    throw reply === undefined ? new SqliteFailure(worker.ended, null) : errorOf(path, reply.failed);
  }

  /** Why nothing can be written now; undefined when all is well. */
  get stopped(): Error | undefined {
    return this.#stopped ?? this.#lostFile();
  }

  /** A deleted or moved file can still be written to while it is open, but all of that is lost when it is closed. */
  #lostFile(): Error | undefined {
    if (fileAt(this.path) === this.#file) return undefined;
    const reason = `${this.path} was deleted or moved while it was open, or can't be reached. Put the same file back, or restart`;
    return new SqliteFailure(reason, null);
  }

  run(unit: Unit): Promise<readonly SqlValue[]> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    if (this.#queue.length >= MAX_QUEUED_UNITS) {
      return Promise.reject(new SqliteFailure(`${MAX_QUEUED_UNITS} units wait to be written already`, null));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, size: sizeOf(unit), resolve, reject });
      if (this.#inFlight.length > 0 || this.#scheduled) return;
      // All other writes of this turn of the event loop join the batch.
      this.#scheduled = true;
      setImmediate(() => this.#send());
    });
  }

  /** Writes all accepted units, then ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#drainAndEnd();
    return this.#closing;
  }

  async #drainAndEnd(): Promise<void> {
    this.#stopped ??= new SqliteFailure('the SQLite thread is closed', null);
    if (this.#queue.length > 0 || this.#inFlight.length > 0) {
      await new Promise<void>((resolve) => (this.#drained = resolve));
    }
    this.port.ref();
    this.#post(null);
    await this.closed;
    await this.worker.leave();
  }

  #send(): void {
    this.#scheduled = false;
    if (this.#queue.length === 0) return;
    this.#inFlight = this.#queue.splice(0, this.#batchLength());
    this.port.ref();
    this.#post(this.#message(this.#inFlight));
  }

  #message(batch: readonly Pending[]): BatchMessage {
    const shape: number[] = [];
    const values: SqlValue[] = [];
    for (const { unit } of batch) {
      shape.push(unit.length);
      for (const { sql, params, changes = ANY_CHANGES, returns = 0 } of unit) {
        shape.push(this.#numberOf(sql), changes, params.length, returns);
        values.push(...params);
      }
    }
    const texts = this.#newTexts;
    this.#newTexts = [];
    return { texts, shape, values };
  }

  #post(message: BatchMessage | null): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule is about windows
    this.port.postMessage(message);
  }

  #batchLength(): number {
    const most = Math.min(this.#queue.length, MAX_BATCH_UNITS);
    let length = 0;
    for (let bytes = 0; length < most; length++) {
      bytes += this.#queue[length]?.size ?? 0;
      if (bytes > MAX_BATCH_BYTES && length > 0) break;
    }
    return length;
  }

  #numberOf(sql: string): number {
    let number = this.#numbers.get(sql);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(sql, number);
      this.#newTexts.push(sql);
    }
    return number;
  }

  #settle({ failures, failed, returned }: BatchReply): void {
    const batch = this.#inFlight;
    this.#inFlight = [];
    if (this.#queue.length > 0) this.#send();
    if (this.#inFlight.length === 0) this.port.unref();

    const lost = failed ? this.#lostFile() : undefined;
    const failureOf = new Map(failures);
    let taken = 0;
    for (const [index, { unit, resolve, reject }] of batch.entries()) {
      const failure = failed ?? failureOf.get(index);
      if (failure) reject(lost ?? errorOf(this.path, failure));
      else resolve(returned.slice(taken, (taken += returnsOf(unit))));
    }
    this.options.onBatch?.(batch.length);
    if (this.#inFlight.length === 0) this.#drained?.();
  }

  #stop(reason: string): void {
    this.#refuseAll((this.#stopped ??= new SqliteFailure(reason, null)));
  }

  #refuseAll(error: Error): void {
    const waiting = [...this.#inFlight, ...this.#queue.splice(0)];
    this.#inFlight = [];
    for (const { reject } of waiting) reject(error);
    this.#drained?.();
  }
}

function errorOf(path: string, { message, errcode, refused }: Failure): Error {
  return refused
    ? new UnitRefused(message)
    : new SqliteFailure(errcode === null ? message : `${path}: ${message}`, errcode);
}

const returnsOf = (unit: Unit): number => unit.reduce((sum, { returns = 0 }) => sum + returns, 0);

/** Roughly the size of the unit as a message, in bytes; exact enough to bound a batch. */
function sizeOf(unit: Unit): number {
  let size = 0;
  for (const { params } of unit) {
    for (const value of params) size += typeof value === 'string' ? value.length : 8;
  }
  return size;
}
