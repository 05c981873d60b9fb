// Commands that price charges again, for specs.
import { usd } from '../../../src/kernel/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import type { ReratingPolicy, Slice } from '../../../src/ledger/account.events.js';
import { base, NOON, performance, type When } from './commands.js';

interface ReratingTerms extends When {
  readonly runId?: string;
  /** What it costs until now, and what of that was taken from where. */
  readonly cost?: string;
  readonly slices?: readonly Slice[];
  readonly uncovered?: string;
  readonly seen?: number;
  readonly policy?: ReratingPolicy;
  readonly providerCost?: string;
}

/** Prices a charge again, at an amount that is due by version 2. */
export const rerate = (
  chargeId: string,
  due: string,
  {
    runId = 'run',
    cost = '1.00',
    slices = [],
    uncovered = '0',
    seen = 0,
    policy = 'bill',
    ...more
  }: ReratingTerms = {},
): AccountCommand => ({
  ...base(more),
  type: 'RerateCharge',
  runId,
  chargeId,
  requestId: `req-${chargeId}`,
  keyId: 'k',
  model: 'gpt-4o',
  seen,
  priceVersion: 2,
  previousPriceVersion: 1,
  cost: usd(cost),
  slices,
  uncovered: usd(uncovered),
  usage: performance(usd('0'), usd('0')).usage,
  rated: usd(due),
  due: usd(due),
  policy,
  providerCost: usd(more.providerCost ?? '0.50'),
  previousProviderCost: usd('0.50'),
  pricedAt: NOON,
});
