// Checks what the ledger vouches for in a statement: its signature, the checkpoint, and the places of three events in the tree of that checkpoint,
// which show that the ledger holds the events and that the period leaves none of them out at either end.
import { accountStream } from '../../ledger/index.js';
import { type ChainPoint } from '../../event-store/index.js';
import { chainHash, type JsonObject } from '../../kernel/index.js';
import {
  type Checkpoint,
  InvalidNote,
  leafOf,
  type NoteVerifier,
  openCheckpoint,
  openNote,
  verifierOf,
  verifyInclusion,
} from '../../seals/index.js';
import { statementText } from './statement-note.js';
import type { SealedPlace, SignedStatement, StatementProof } from './statement-schema.js';

export interface ProofCheck {
  readonly faults: readonly string[];
  /** The key that signed the statement, as the statement or the reader names it; undefined when none did. */
  readonly signedBy: string | undefined;
}

/** A public key, as text and ready to check with. */
interface TrustedKey extends NoteVerifier {
  readonly vkey: string;
}

/** @throws InvalidNote for what is not a key */
export const trustedKey = (vkey: string): TrustedKey => ({ ...verifierOf(vkey), vkey: vkey.trim() });

/** `keys` are those that the reader trusts; without any, those that the statement brings are taken at their word. */
export function verifyProof(statement: SignedStatement, last: ChainPoint, keys: readonly string[]): ProofCheck {
  const { proof, signature } = statement;
  if (proof === null || signature === null) {
    const half = proof !== signature ? ['It has a proof without a signature, or a signature without a proof.'] : [];
    return { faults: half, signedBy: undefined };
  }
  try {
    const own = proof.keys.map(trustedKey);
    const { text, by } = openNote(signature, keys.length > 0 ? keys.map(trustedKey) : own);
    const [signer] = by;
    // The statement vouches for the keys in it, so that whoever trusts an older key of the ledger need not know a newer one.
    const checkpoint = openCheckpoint(proof.checkpoint, own);
    const faults = [...placeFaults(statement, proof, checkpoint, last)];
    if (text !== statementText(statement, last, statement.events.length))
      faults.unshift('What the ledger signed is not this statement: the file, or its signature, was changed.');
    if (signer?.name !== checkpoint.origin)
      faults.push('The statement and its checkpoint are signed by the keys of two ledgers.');
    return { faults, signedBy: signer?.vkey };
  } catch (error) {
    if (error instanceof InvalidNote)
      return { faults: [`Its signatures do not hold: ${error.message}.`], signedBy: undefined };
    throw error;
  }
}

interface Place {
  readonly what: string;
  readonly revision: number;
  readonly hash: string;
  readonly sealed: SealedPlace;
}

function* placeFaults(
  statement: SignedStatement,
  proof: StatementProof,
  checkpoint: Checkpoint,
  last: ChainPoint,
): Generator<string, void> {
  const stream = accountStream(statement.account_id);
  yield* endFaults(statement, proof);
  let index = -1;
  for (const { what, revision, hash, sealed } of placesOf(statement, proof, last)) {
    const { position, recorded_at: recordedAt, metadata } = sealed;
    const event = { stream, revision, position, recordedAt, metadata: { ...(metadata as JsonObject), hash } };
    const leaf = leafOf(event);
    const path = sealed.inclusion.map((text) => Buffer.from(text, 'base64'));
    if (!verifyInclusion({ index: sealed.index, leaf, size: checkpoint.size, root: checkpoint.root }, path))
      yield `The ${what} is not in the ledger that the checkpoint seals.`;
    if (sealed.index <= index) yield `The ${what} stands in the ledger before an earlier event of this account.`;
    ({ index } = sealed);
  }
}

/** Whether each end is bounded: by the last event before the period, and by the first after it. */
function* endFaults(statement: SignedStatement, { before, last, after }: StatementProof): Generator<string, void> {
  const { from, to, events } = statement;
  if ((before === null) !== statement.before.revision < 0)
    yield 'Its proof lacks the event before the period, or has one where there is none.';
  if ((last === null) !== (events.length === 0))
    yield 'Its proof lacks the last event of the period, or has one where there is none.';
  if (before !== null && !(String(before.data['at']) < from))
    yield `The event before the period is of ${String(before.data['at'])}: it belongs to the period.`;
  if (after !== null && !(String(after.data['at']) >= to))
    yield `The event after the period is of ${String(after.data['at'])}: it belongs to the period or before it.`;
}

function* placesOf(
  { account_id, before: start }: SignedStatement,
  { before, last: sealedLast, after }: StatementProof,
  last: ChainPoint,
): Generator<Place, void> {
  const stream = accountStream(account_id);
  if (before !== null) {
    const { previous_hash, id, type, data, ...sealed } = before;
    const hash = hashOf(previous_hash, { stream, revision: start.revision, id, type, data: data as JsonObject });
    // The leaf holds this hash, so it must be the one that the chain goes on from.
    yield { what: 'event before the period', revision: start.revision, hash: hash === start.hash ? hash : '', sealed };
  }
  if (sealedLast !== null) yield { what: 'last event of the period', ...last, sealed: sealedLast };
  if (after !== null) {
    const { id, type, data, ...sealed } = after;
    const revision = last.revision + 1;
    const hash = hashOf(last.hash, { stream, revision, id, type, data: data as JsonObject });
    yield { what: 'event after the period', revision, hash, sealed };
  }
}

/** Data without canonical JSON was never hashed: no leaf has this hash. */
function hashOf(...link: Parameters<typeof chainHash>): string {
  try {
    return chainHash(...link);
  } catch {
    return '';
  }
}
