// What a page is told of an account’s events, in the words of /api. Pure.
import type { RecordedEvent } from '../../event-store/index.js';
import { readAccountEvent } from '../../ledger/index.js';

/** The names of events that a page may be sent. */
const LIVE_EVENTS = ['balance', 'charge', 'key', 'topup', 'missed'] as const;

export interface LiveEvent {
  readonly event: (typeof LIVE_EVENTS)[number];
  readonly data: Readonly<Record<string, string | null>>;
}

/** A page that is this many events behind reads everything again: it is told that, and not each of them. */
export const MOST_TOLD = 50;

/** What a page is told of one event; nothing where only the balance moves. */
function liveEvent(recorded: RecordedEvent): LiveEvent | undefined {
  const { type, data } = readAccountEvent(recorded);
  if (type === 'TokensCharged' || type === 'ChargeRerated') return charge(data, 'charged', data.cost);
  if (type === 'HoldReleased') return charge(data, 'released', '0.00');
  if (type === 'KeyIssued') return key(data.keyId, 'created');
  if (type === 'KeyUpdated') return key(data.keyId, 'changed');
  if (type === 'KeyRevoked') return key(data.keyId, 'revoked');
  if (type !== 'CreditPurchased') return undefined;
  return { event: 'topup', data: { topup_id: data.topupId, lot_id: data.lotId, amount: data.amount } };
}

interface Called {
  readonly chargeId: string;
  readonly requestId: string;
  readonly keyId: string;
  readonly model: string;
}

const charge = ({ chargeId, requestId, keyId, model }: Called, status: string, cost: string): LiveEvent => ({
  event: 'charge',
  data: { charge_id: chargeId, request_id: requestId, key_id: keyId, model, status, cost },
});

const key = (id: string, change: string): LiveEvent => ({ event: 'key', data: { key_id: id, change } });

/** A frame of a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const frameOf = ({ event, data }: LiveEvent, revision: number): string =>
  `id: ${revision}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** The frames of the next events, at most so many: a page that would get more, or less than all, is to read again. */
export function framesOf(events: readonly RecordedEvent[]): string {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return '';
  const isWhole = last.revision - first.revision === events.length - 1;
  if (events.length > MOST_TOLD || !isWhole) return frameOf({ event: 'missed', data: {} }, last.revision);
  return events
    .map((recorded) => {
      const told = liveEvent(recorded);
      return told === undefined ? '' : frameOf(told, recorded.revision);
    })
    .join('');
}
