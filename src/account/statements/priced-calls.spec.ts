import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountEventData } from '../../ledger/index.js';
import { compilePriceList, usageOf } from '../../pricing/index.js';
import { type Correction, PricedCalls } from './priced-calls.js';

const priceList = (version: number, output: string) =>
  compilePriceList({
    version,
    effectiveFrom: '2026-03-01T00:00:00.000Z',
    models: [{ model: 'm', bands: [{ price: { input: '1.00', output } }] }],
    at: '2026-03-01T00:00:00.000Z',
  });
const PRICES = new Map([
  [1, priceList(1, '4.00')],
  [2, priceList(2, '3.00')],
  [3, priceList(3, '5.00')],
]);
const usage = usageOf({ promptTokens: 1_000, completionTokens: 1_000 });
const pricedAt = '2026-03-02T00:00:00.000Z';
const CHARGE = { chargeId: 'c', model: 'm', usage, pricedAt, priceVersion: 1, cost: '0.005' };
const SLICE = { lotId: 'l', amount: '0.001' };
const CHEAPER: Correction = {
  chargeId: 'c',
  model: 'm',
  priceVersion: 2,
  previousPriceVersion: 1,
  cost: '0.004',
  previousCost: '0.005',
  slices: [SLICE],
  pricedAt,
};
const DEARER: Correction = { ...CHEAPER, priceVersion: 3, cost: '0.006' };

let calls: PricedCalls;
const faults = (correction: Correction): readonly string[] => [...calls.corrected(correction, PRICES)];
beforeEach(() => {
  calls = new PricedCalls();
  calls.charged(CHARGE as AccountEventData<'TokensCharged'>);
});

describe('the correction of a price', () => {
  it.each<[string, Correction]>([
    ['gives back what it makes cheaper', CHEAPER],
    ['gives back to a successor', { ...CHEAPER, slices: [], successors: [{ amount: '0.001' }] }],
    ['pays off a debt', { ...CHEAPER, slices: [], coveredDebt: '0.001' }],
    ['takes what it makes dearer', DEARER],
    ['takes more than there is', { ...DEARER, slices: [], uncovered: '0.001' }],
    ['absorbs an increase', { ...DEARER, cost: '0.005', absorbed: '0.001', slices: [] }],
  ])('is right when it %s', (_what, correction) => expect(faults(correction)).toEqual([]));

  it.each<[string, Correction, string]>([
    ['gives back less', { ...CHEAPER, slices: [] }, 'comes to $-0.001, and $0.00 was moved for it'],
    ['has no price', { ...CHEAPER, priceVersion: 9 }, 'carries no price'],
    ['costs what no price says', { ...CHEAPER, cost: '0.003', slices: [SLICE, SLICE] }, 'comes to $0.004'],
    ['corrects another cost', { ...CHEAPER, previousCost: '0.004', slices: [] }, 'of another charge'],
    ['corrects another instant', { ...CHEAPER, pricedAt: '2026-03-03T00:00:00.000Z' }, 'of another charge'],
  ])('is wrong when it %s', (_what, correction, clause) => expect(faults(correction).join('\n')).toContain(clause));

  it('goes on from the one before it', () => {
    expect(faults(CHEAPER)).toEqual([]);
    const back = { ...CHEAPER, priceVersion: 1, previousPriceVersion: 2, cost: '0.005', previousCost: '0.004' };
    expect(faults(back)).toEqual([]);
    expect(faults(back).join('\n')).toContain('of another charge');
  });

  it('is checked by its sums alone where the call is in no statement so far', () => {
    expect(faults({ ...CHEAPER, chargeId: 'other', cost: '0.001', previousCost: '0.002' })).toEqual([]);
  });
});
