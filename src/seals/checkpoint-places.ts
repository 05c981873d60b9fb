/** The injection tokens of the places of this gateway, and of the keys of its ledger (undefined without any). */
export const CHECKPOINT_PLACES = Symbol('checkpoint places');
export const LEDGER_KEYS = Symbol('ledger keys');

/**
 * A place outside the ledger where signed checkpoints are kept, so that whoever alters the ledger can't take back what it was.
 * Every call rejects with the reason when the place can't be reached.
 */
export interface CheckpointPlace {
  /** Its address, without passwords. */
  readonly name: string;
  /**
   * Keeps a checkpoint of a size for ever; keeping the same again changes nothing. Where it can be read, it refuses another one of that size:
   * it would take the place of evidence.
   */
  write(size: number, note: string): Promise<void>;
  /** The sizes of all checkpoints that it has, in order; undefined where it can only be written to. */
  sizes(): Promise<readonly number[] | undefined>;
  /** One of them. */
  read(size: number): Promise<string>;
}

/** The name of a checkpoint's file or object: names sort as sizes do. */
export const checkpointName = (size: number): string => `${String(size).padStart(16, '0')}.txt`;

const NAME = /^(\d{16})\.txt$/;

/** The sizes in a list of names, in order. Other names are ignored. */
export const sizesIn = (names: readonly string[]): number[] =>
  names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
