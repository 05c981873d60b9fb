// The checkpoints as a stream. Invariant: each one seals more than the one before it. Pure.
import type { SnapshotFormat } from '../event-store/index.js';
import { type Decider, type JsonObject, toInstant } from '../kernel/index.js';
import type { CheckpointSigned, SealEvent } from './seal.events.js';

export interface RecordCheckpoint {
  readonly type: 'RecordCheckpoint';
  readonly commandId: string;
  readonly size: number;
  /** In base64. */
  readonly rootHash: string;
  readonly note: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface SealState {
  readonly newest: CheckpointSigned | undefined;
  /** How many there are. */
  readonly count: number;
}

export const sealDecider: Decider<SealState, RecordCheckpoint, SealEvent> = {
  initial: () => ({ newest: undefined, count: 0 }),
  /** Nothing when another gateway was first with one of this size or more. */
  decide({ size, rootHash, note, at }, { newest }) {
    if (newest !== undefined && size <= newest.size) return [];
    const data = { size, rootHash, note, at: toInstant(at) };
    return [{ type: 'CheckpointSigned', data }];
  },
  evolve({ newest, count }, { data }) {
    if (newest !== undefined && data.size <= newest.size) {
      throw new Error(`impossible history: a checkpoint of ${data.size} events after one of ${newest.size}`);
    }
    return { newest: data, count: count + 1 };
  },
};

/** A ledger makes a checkpoint a minute: without a snapshot, a start would read all that there ever were. */
export const sealSnapshots: SnapshotFormat<SealState> = {
  view: { name: 'seal-snapshots-2', indexes: [], believed: true },
  entries: () => 0,
  freeze: ({ newest, count }) => ({ newest, count }),
  thaw: (frozen: JsonObject) => frozen as unknown as SealState,
};
