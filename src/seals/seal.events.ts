// The events of the stream `seals`: every checkpoint of the ledger, in order. They are events of the log themselves, and the next checkpoint seals them.
import { z } from 'zod';
import { type EventOf, instant } from '../event-store/fields/index.js';
import { type EventStore, firstRevision } from '../event-store/index.js';

export const SEALS_STREAM = 'seals';

export const sealEventSchemas = {
  CheckpointSigned: z
    .strictObject({
      size: z.int().positive().describe('how many events of the log it seals'),
      rootHash: z
        .string()
        .regex(/^[A-Za-z0-9+/]{43}=$/)
        .describe('the root of the RFC 6962 tree over them, in base64'),
      note: z
        .string()
        .max(4_096)
        .describe('the signed note (c2sp.org/tlog-checkpoint), as it was written outside the ledger'),
      at: instant('when it was signed'),
    })
    .describe('A checkpoint of the ledger was signed.'),
};

export type SealEvent = EventOf<typeof sealEventSchemas>;
export type CheckpointSigned = SealEvent['data'];

/** The revision of the first checkpoint that seals so many events: each seals more than the one before it. */
export const revisionOfSize = (store: EventStore, size: number): Promise<number> =>
  firstRevision(store, SEALS_STREAM, ({ data }) => (data['size'] as number) < size);
