// Checkpoints (c2sp.org/tlog-checkpoint): the text of a note that names a log, its size, and the root of its tree at that size.
import type { TreeHead } from './merkle-proofs.js';
import { InvalidNote, type NoteVerifier, openNote } from './note.js';

export interface Checkpoint extends TreeHead {
  /** The identity of the log. */
  readonly origin: string;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;

/** @throws InvalidNote */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', base64 = ''] = text.split('\n');
  const root = Buffer.from(base64, 'base64');
  const checkpoint = { origin, size: Number(size), root };
  const isOne = Number.isSafeInteger(checkpoint.size) && root.length === 32 && origin !== '';
  if (!isOne || !text.startsWith(checkpointText(checkpoint))) throw new InvalidNote('not a checkpoint');
  return checkpoint;
}

/** A checkpoint that a trusted key signed, and those that did. @throws InvalidNote */
export function openCheckpoint<V extends NoteVerifier>(
  note: string,
  verifiers: readonly V[],
): Checkpoint & { readonly by: readonly V[] } {
  const { text, by } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  if (by.some(({ name }) => name !== checkpoint.origin)) throw new InvalidNote('signed by the key of another log');
  return { ...checkpoint, by };
}
