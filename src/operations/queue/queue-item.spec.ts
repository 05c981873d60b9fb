import { expect, it } from 'vitest';
import type { ChargeRow } from '../../ledger/index.js';
import { compilePriceList } from '../../pricing/index.js';
import { providerDifference, usageUnknown } from './queue-item.js';
import type { BillLineRow } from '../../reconciliation/index.js';

const prices = { input: '1.00', output: '2.00' };
const list = compilePriceList({
  version: 1,
  effectiveFrom: '2026-03-01T00:00:00.000Z',
  at: '2026-03-01T00:00:00.000Z',
  models: [{ model: 'm', bands: [{ price: prices, cost: prices }] }],
});
const row = {
  chargeId: 'c1',
  accountId: 'a1',
  requestId: 'r1',
  model: 'm',
  priceVersion: 1,
  openedAt: '2026-03-02T00:00:00.000Z',
  closedAt: '2026-03-02T00:00:09.000Z',
  usageRaw: { prompt_tokens: 1_000_000, completion_tokens: 250_000, total_tokens: 1_250_000 },
} as unknown as ChargeRow;

const choices = (...of: Parameters<typeof usageUnknown>) => usageUnknown(...of).choices.map(({ choice }) => choice);

it('says what the charge of a usage block would cost, and what it would leave, before it is made', () =>
  expect(usageUnknown(row, list, '5.00').choices[0]).toEqual({
    choice: 'charge_block',
    effect: 'It is charged by its usage block: $1.50. The balance goes from $5.00 to $3.50.',
    command: 'tokenhub charge settle c1 --reason … --apply',
  }));

it('offers no charge by a block that is not there, or can’t be read', () => {
  const { usageRaw: _usageRaw, ...without } = row;
  expect(choices(without as ChargeRow, list, '5.00')).toEqual(['charge_counts', 'leave']);
  expect(choices({ ...row, usageRaw: 'cut off' }, list, '5.00')).toEqual(['charge_counts', 'leave']);
});

it('offers to book a difference only where costs differ', () => {
  const line = { id: 'd', channel: 'openai', model: 'm', day: '2026-03-02', booked: '1.00', comparedAt: 'then' };
  const offered = (difference?: string) =>
    providerDifference({ ...line, ...(difference !== undefined && { difference }) } as BillLineRow).choices.map(
      ({ choice }) => choice,
    );
  expect([offered('0.25'), offered('0.00'), offered()]).toEqual([['book', 'keep'], ['keep'], ['keep']]);
});
