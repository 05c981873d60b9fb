// Calls as they are booked for a channel, and the rows of its bill: only what a rule is about has to be said.
import type { RecordedEvent } from '../../../src/event-store/index.js';
import { type JsonObject, usd } from '../../../src/kernel/index.js';
import { Bill } from '../../../src/reconciliation/providers/bill.js';
import { BookedCosts } from '../../../src/reconciliation/providers/booked-costs.js';
import { compare } from '../../../src/reconciliation/providers/compare.js';
import { readDecimal } from '../../../src/reconciliation/providers/decimal.js';

export const CHANNEL = 'openai';
let made = 0;
export const event = (type: string, data: JsonObject, stream = 'account-a'): RecordedEvent => ({
  id: `e${++made}`,
  type,
  stream,
  data,
  revision: made,
  position: made,
  metadata: {},
  recordedAt: '',
});

interface Call {
  readonly chargeId?: string;
  readonly day?: string;
  readonly model?: string;
  readonly sent?: string;
  readonly cost?: string;
  readonly more?: JsonObject;
}

export const hold = (chargeId: string, { day = '2026-03-01', model = 'gpt-4o' }: Call = {}) =>
  event('HoldPlaced', { chargeId, model, amount: '1.00', at: `${day}T12:00:00.000Z` });

export const charge = ({
  chargeId = `c${made}`,
  day = '2026-03-01',
  model = 'gpt-4o',
  sent = model,
  cost = '0.50',
  more,
}: Call) =>
  event('TokensCharged', {
    chargeId,
    model,
    upstreamModel: sent,
    provider: CHANNEL,
    providerCost: cost,
    pricedAt: `${day}T12:00:00.000Z`,
    at: `${day}T12:00:01.000Z`,
    attempts: [{ channel: CHANNEL, status: 200 }],
    usage: { promptTokens: 100, cachedTokens: 10, cacheWriteTokens: 0, cacheWrite1hTokens: 0, completionTokens: 5 },
    ...more,
  });

export const release = (chargeId: string, reason: string, more: JsonObject = {}) =>
  event('HoldReleased', { chargeId, model: 'gpt-4o', amount: '1.00', reason, at: '2026-03-01T12:00:09.000Z', ...more });

export type Row = readonly [day: string, model: string, cost: string];

/** The bill of these rows against what the events booked, from March 1 to 3. */
export function compared(
  events: readonly RecordedEvent[],
  rows: readonly Row[],
  options: { aliases?: Record<string, string>; tolerance?: string } = {},
) {
  const costs = new BookedCosts(CHANNEL);
  for (const one of events) costs.take(one);
  const bill = new Bill();
  for (const [day, model, cost] of rows) bill.add({ day, model, cost: readDecimal(cost) });
  const { tolerance = '0', aliases = {} } = options;
  return compare(bill, costs, { from: '2026-03-01', to: '2026-03-03', tolerance: usd(tolerance), aliases });
}
