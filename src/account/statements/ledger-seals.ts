// The seals of the ledger, as statements take them.
import type { RecordedEvent } from '../../event-store/index.js';
import { type CheckpointSigned, LogAltered, type Sealer, type Seals, signNote } from '../../seals/index.js';
import type { ProvenPlace, StatementSeals } from './statement-proof.js';

/** Undefined where the ledger has no key. */
export function statementSeals(seals: Seals, sealer: Sealer): StatementSeals | undefined {
  const { keys } = seals;
  return (
    keys && {
      keys: keys.all.map(({ verifierKey }) => verifierKey),
      sign: (text) => signNote(text, keys.signing),
      prove: async (events) =>
        (await proven(seals, events, await seals.newest())) ?? (await sealedNow(seals, sealer, events)),
    }
  );
}

type Proven = Awaited<ReturnType<StatementSeals['prove']>>;

/** Undefined when the checkpoint does not cover all of them. */
async function proven(
  seals: Seals,
  events: readonly RecordedEvent[],
  checkpoint: CheckpointSigned | undefined,
): Promise<Proven> {
  if (checkpoint === undefined) return undefined;
  const places: ProvenPlace[] = [];
  for (const event of events) {
    const place = await seals.proveEvent(event, checkpoint);
    if (place === undefined) return undefined;
    places.push(place);
  }
  return { checkpoint: checkpoint.note, places };
}

/** Undefined when the log is not what was sealed before: nothing vouches for it then. */
async function sealedNow(seals: Seals, sealer: Sealer, events: readonly RecordedEvent[]): Promise<Proven> {
  try {
    await sealer.seal();
  } catch (error) {
    if (error instanceof LogAltered) return undefined;
    throw error;
  }
  return proven(seals, events, await seals.newest());
}
