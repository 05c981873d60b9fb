// One row per account that credit came back to, and when it last did: it may have come back to a lot that has expired.
// (A charge that is rated again gives back to lots that have not, or makes new ones.)
import type { Projection } from '../event-store/index.js';
import type { JsonObject } from '../kernel/index.js';
import { type AccountEvent, accountOfStream, readAccountEvent } from './account.events.js';

interface ReturnRow extends JsonObject {
  readonly accountId: string;
  readonly returnedAt: string;
}

const returning = new Set<string>(['RefundFailed', 'DisputeFundsReinstated'] satisfies AccountEvent['type'][]);

export const returns: Projection<ReturnRow> = {
  view: { name: 'returns-1', indexes: [['returnedAt']] },
  rowId: ({ type, stream }) => (returning.has(type) ? accountOfStream(stream) : undefined),
  step: (_row, event) => ({
    accountId: accountOfStream(event.stream) ?? '',
    returnedAt: readAccountEvent(event).data.at,
  }),
};
