import { fromInstant, unixSeconds } from '../../kernel/index.js';
import type { ChargeRow } from '../../ledger/index.js';

/** A charge as its customer sees it: what went wrong at channels, in detail, is for operators. */
export const chargeObject = (row: ChargeRow) => ({
  id: row.chargeId,
  object: 'charge' as const,
  created: unixSeconds(fromInstant(row.openedAt)),
  request_id: row.requestId,
  key_id: row.keyId,
  model: row.model,
  status: row.status,
  currency: 'usd' as const,
  cost: row.cost ?? (row.status === 'released' ? '0.00' : null),
  held: row.hold,
  ...(row.overage !== undefined && { overage: row.overage }),
  ...(row.late && { late: true as const }),
  ...(row.estimated !== undefined && { estimated: estimateOf(row) }),
  price_version: row.priceVersion,
  usage: row.usageRaw ?? null,
  ...(row.reading !== undefined && { usage_reading: [...row.reading] }),
  provider: row.provider ?? null,
  attempts: (row.attempts ?? []).map(({ channel, status }) => ({ channel, status })),
  release_reason: row.reason ?? null,
  ...(row.byHand !== undefined && row.status === 'charged' && { charged_by_hand: true as const }),
  ...(row.reratings !== undefined && {
    reratings: row.reratings.map(({ at, previousCost, previousPriceVersion }) => ({
      at,
      previous_cost: previousCost,
      previous_price_version: previousPriceVersion,
    })),
  }),
});

/** What was charged in place of what the provider did not tell. */
const estimateOf = ({ estimated = '', promptTokens = 0, completionTokens = 0 }: ChargeRow) => ({
  reason: estimated,
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
});
