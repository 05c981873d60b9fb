// The events of the stream `ledger-keys`: what became of the keys of the ledger.
import { z } from 'zod';
import { type EventOf, instant } from '../event-store/fields/index.js';

export const LEDGER_KEYS_STREAM = 'ledger-keys';

export const ledgerKeyEventSchemas = {
  LedgerKeyLost: z
    .strictObject({
      keyId: z
        .string()
        .regex(/^[0-9a-f]{8}$/)
        .describe('the lost key, by the id that MACs name it by'),
      replacedBy: z.string().describe('the public key that signs from then on (c2sp.org/signed-note)'),
      size: z.int().nonnegative().describe('how many events the newest checkpoint by then seals; 0 without any'),
      rootHash: z
        .string()
        .nullable()
        .describe('the root of that checkpoint, which the log still had then; null without any'),
      by: z.string().describe('who found that no copy is left'),
      reason: z.string().describe('how it was lost'),
      at: instant('when that was recorded'),
    })
    .describe(
      'A key of the ledger is lost for good: from here on another one vouches for the log, and nothing counts any more that has a MAC or a signature by the lost one.',
    ),
};

export type LedgerKeyEvent = EventOf<typeof ledgerKeyEventSchemas>;
export type LedgerKeyLost = LedgerKeyEvent['data'];
