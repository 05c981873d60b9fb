import { expect, it } from 'vitest';
import type { ChargeRow } from '../../ledger/index.js';
import { chargeObject } from './charge-object.js';

const row = {
  chargeId: 'c',
  openedAt: '2026-03-05T00:00:00.000Z',
  byHand: { actor: 'olga', reason: 'what only staff read' },
} as ChargeRow;

it('tells that a person charged a call, not that one released its hold, and never who or why', () => {
  expect(chargeObject({ ...row, status: 'charged' })).toHaveProperty('charged_by_hand', true);
  expect(chargeObject({ ...row, status: 'released' })).not.toHaveProperty('charged_by_hand');
  expect(JSON.stringify(chargeObject({ ...row, status: 'charged' }))).not.toContain('olga');
});
