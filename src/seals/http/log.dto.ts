// What the log answers about itself: sizes and hashes, and nothing that says what is in it.
import { FromDigits, IntegerField, Shown, ShownAlways, ShownInstant, ShownInteger } from '../../platform/http/index.js';
import type { CheckpointSigned } from '../seal.events.js';

const MOST = Number.MAX_SAFE_INTEGER;

export class ConsistencyQuery {
  @FromDigits()
  @IntegerField('the size of the earlier checkpoint', { min: 0, max: MOST })
  readonly from!: number;

  @FromDigits()
  @IntegerField('the size of the later checkpoint', { min: 0, max: MOST })
  readonly to!: number;
}

export class ConsistencyProof {
  @ShownAlways('consistency_proof')
  readonly object!: 'consistency_proof';

  @ShownInteger()
  readonly from!: number;

  @ShownInteger()
  readonly to!: number;

  @Shown('hashes in base64 (RFC 6962, section 2.1.2)', { type: [String] })
  readonly proof!: readonly string[];
}

export class Checkpoint {
  @ShownAlways('checkpoint')
  readonly object!: 'checkpoint';

  @ShownInteger('how many events of the ledger it seals')
  readonly size!: number;

  @Shown('the root of the RFC 6962 tree over them, in base64')
  readonly root_hash!: string;

  @Shown('the signed note (c2sp.org/tlog-checkpoint)')
  readonly note!: string;

  @ShownInstant('when it was signed')
  readonly signed_at!: string;
}

export const showCheckpoint = ({ size, rootHash, note, at }: CheckpointSigned): Checkpoint => ({
  object: 'checkpoint',
  size,
  root_hash: rootHash,
  note,
  signed_at: at,
});
