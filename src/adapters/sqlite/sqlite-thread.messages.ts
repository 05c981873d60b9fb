// What SqliteThread and its worker say to each other.
import type { MessagePort } from 'node:worker_threads';

export type SqlValue = string | number | null;

/** Stands for `changes` that may be any number. */
export const ANY_CHANGES = -1;

/** Units on their way to the worker, in flat arrays: nested ones cost the sender twice as much. */
export interface BatchMessage {
  /** The statement texts that are new since the last batch; they are numbered from 0 in the order they were sent. */
  readonly texts: readonly string[];
  /**
   * For each unit the number of its statements, then for each of these four numbers: that of its text, the changes it must make
   * (`ANY_CHANGES`), how many of the values are its parameters, and how many values it returns.
   */
  readonly shape: readonly number[];
  /** The parameters of all statements. */
  readonly values: readonly SqlValue[];
}

export interface Failure {
  readonly message: string;
  readonly errcode: number | null;
  readonly refused: boolean;
}

export interface BatchReply {
  /** Units, by their index, that failed while the rest of the batch was committed. */
  readonly failures: readonly (readonly [number, Failure])[];
  /** Why nothing of the batch was committed, as far as SQLite knows. */
  readonly failed: Failure | null;
  /** What the statements of the units that did not fail returned, in their order. */
  readonly returned: readonly SqlValue[];
}

/** Tells a worker to open a file; all else about that file is said through the port. */
export interface OpenMessage {
  readonly port: MessagePort;
  readonly path: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly secureDelete: boolean;
}

/** How the write connection is set, as SQLite reports it; `synchronous` 1 is NORMAL, 2 is FULL. */
export interface Opened {
  readonly journalMode: string;
  readonly synchronous: number;
}

/** The first that is said through a port: the file is open, or why it can't be opened. */
export type OpenReply = { readonly opened: Opened } | { readonly failed: Failure };
