// What the ledger's seals add to a statement.
import type { RecordedEvent } from '../../event-store/index.js';
import type { SealedPlace, StatementProof } from './statement-schema.js';
import type { StatementEnds } from './statement.js';

/** That an event is a leaf of the tree of a checkpoint. */
export interface ProvenPlace {
  readonly index: number;
  /** The input of its leaf hash: the canonical JSON of hash, metadata, position, recordedAt, revision and stream. */
  readonly leaf: string;
  /** RFC 6962, section 2.1.1; each hash in base64. */
  readonly proof: readonly string[];
}

/** What a statement takes from the seals of the ledger. */
export interface StatementSeals {
  /** The public keys of the ledger (c2sp.org/signed-note). */
  readonly keys: readonly string[];
  /**
   * A signed checkpoint that covers these events, made now where none does yet, and the place of each, in order. Undefined when nothing can be
   * sealed, as the log is not what was sealed before.
   */
  prove(
    events: readonly RecordedEvent[],
  ): Promise<{ readonly checkpoint: string; readonly places: readonly ProvenPlace[] } | undefined>;
  /** The text as a note signed with every key of the ledger. */
  sign(text: string): string;
}

export async function proofOf(
  { before, last, after }: StatementEnds,
  seals: StatementSeals,
): Promise<StatementProof | undefined> {
  const events = [before?.event, last, after].filter((event) => event !== undefined);
  const proven = await seals.prove(events);
  if (proven === undefined) return undefined;
  const { checkpoint, places } = proven;
  const sealed = (event: RecordedEvent): SealedPlace => sealedPlace(places[events.indexOf(event)]);
  return {
    keys: [...seals.keys],
    checkpoint,
    before: before ? { ...factsOf(before.event), previous_hash: before.previousHash, ...sealed(before.event) } : null,
    last: last ? sealed(last) : null,
    after: after ? { ...factsOf(after), ...sealed(after) } : null,
  };
}

const factsOf = ({ id, type, data }: RecordedEvent) => ({ id, type, data });

function sealedPlace(place: ProvenPlace | undefined): SealedPlace {
  if (place === undefined) throw new Error('the ledger did not prove an event that it was asked for');
  const leaf = JSON.parse(place.leaf) as Pick<SealedPlace, 'position' | 'metadata'> & { recordedAt: string };
  const { position, recordedAt: recorded_at, metadata } = leaf;
  return { index: place.index, position, recorded_at, metadata, inclusion: [...place.proof] };
}
