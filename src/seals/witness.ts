// A witness: somebody who has no access to the ledger, and keeps what the ledger once signed. If the ledger ever signs another history, its
// checkpoints can't both be right, and the witness has both.
import { type KeyObject, sign } from 'node:crypto';
import { type Checkpoint, openCheckpoint } from './checkpoint.js';
import { type Proof, verifyConsistency } from './merkle-proofs.js';
import { noteKeyId, type NoteVerifier, parseNote, rawPublicKey, signatureLine, verifierKey } from './note.js';

/** The signature type of a cosignature (c2sp.org/tlog-cosignature). */
const COSIGNATURE = 0x04;
const TIMESTAMP_BYTES = 8;

/** Two checkpoints of one ledger that can't both be right. */
export class Fork extends Error {
  override readonly name = 'Fork';
}

/** Gives the proof that the tree of one size begins with that of an earlier one. */
export type GetProof = (from: number, to: number) => Promise<Proof>;

export interface Seen {
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

/** A checkpoint whose signature is right. @throws InvalidNote */
export const see = (note: string, verifiers: readonly NoteVerifier[]): Seen => ({
  note,
  checkpoint: openCheckpoint(note, verifiers),
});

/** @throws Fork when one does not continue the other. The message names both. */
export async function assertConsistent(known: Seen, seen: Seen, getProof: GetProof): Promise<void> {
  const [earlier, later] = known.checkpoint.size <= seen.checkpoint.size ? [known, seen] : [seen, known];
  const [from, to] = [earlier.checkpoint.size, later.checkpoint.size];
  const proof = from === to ? [] : await getProof(from, to);
  if (verifyConsistency(earlier.checkpoint, later.checkpoint, proof)) return;
  throw new Fork(
    `These two checkpoints do not belong to one history: the ledger was altered between them, or was shown to somebody otherwise.\n\n${earlier.note}\n${later.note}`,
  );
}

/** The key with which a witness cosigns. */
export class Cosigner {
  readonly #publicKey: Buffer;

  constructor(
    readonly name: string,
    private readonly key: KeyObject,
  ) {
    this.#publicKey = rawPublicKey(key);
  }

  get verifierKey(): string {
    return verifierKey(this.name, this.#publicKey, COSIGNATURE);
  }

  /** The note with a cosignature as of `at`, in epoch milliseconds. */
  cosign(note: string, at: number): string {
    const seconds = BigInt(at) / 1_000n;
    const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
    timestamp.writeBigUInt64BE(seconds);
    const cosigned = `cosignature/v1\ntime ${seconds}\n${parseNote(note).text}`;
    const signature = sign(null, Buffer.from(cosigned), this.key);
    const keyId = noteKeyId(this.name, COSIGNATURE, this.#publicKey);
    return note + signatureLine({ name: this.name, keyId, bytes: Buffer.concat([timestamp, signature]) });
  }
}
