import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, type Amount, usd, ZERO } from '../kernel/index.js';
import { anything, histories } from '../../test/support/ledger/histories.js';
import { play } from '../../test/support/ledger/play.js';
import type { AccountEvent } from './account.events.js';
import { posted } from './account.state.js';
import { entryOf } from './entries.js';

const at = '2026-03-04T12:00:00.000Z';
const event = (type: AccountEvent['type'], data: object): AccountEvent =>
  ({ type, data: { at, ...data } }) as AccountEvent;

describe('the entries of an account', () => {
  it('sum to the posted balance after every event, whatever happens', () => {
    fc.assert(
      fc.property(histories(anything), (steps) => {
        let balance: Amount = ZERO;
        play(steps, ({ events, state }) => {
          for (const each of events) balance = add(balance, entryOf(each)?.amount ?? ZERO);
          expect(balance).toBe(posted(state));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('are never of holds', () => {
    fc.assert(
      fc.property(histories(anything), (steps) => {
        const holds = play(steps).events.filter(({ type }) => type.startsWith('Hold'));
        expect(holds.map(entryOf).filter((entry) => entry !== undefined)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('take what a call cost, and say which call it was', () => {
    const call = { chargeId: 'c1', requestId: 'r1', keyId: 'k1', model: 'gpt-4o', cost: '0.000003' };
    expect(entryOf(event('TokensCharged', { ...call, providerCost: '0.000002', slices: [] }))).toEqual({
      type: 'TokensCharged',
      at,
      amount: usd('-0.000003'),
      description: 'Call',
      chargeId: 'c1',
      requestId: 'r1',
      keyId: 'k1',
      model: 'gpt-4o',
    });
  });

  it('show a call that cost nothing', () => {
    const free = event('TokensCharged', { chargeId: 'c1', cost: '0.00', providerCost: '0.00', slices: [] });
    expect(entryOf(free)).toMatchObject({ type: 'TokensCharged', amount: ZERO });
  });

  it('keep the reasons of staff to themselves', () => {
    const granted = event('CreditGranted', { lotId: 'l1', amount: '5.00', reason: 'to calm them down', expiresAt: at });
    expect(JSON.stringify(Object.values(entryOf(granted) ?? {}).map(String))).not.toContain('calm');
  });

  it('take a refund when it is asked for, not again when it is paid out', () => {
    const refund = { refundId: 'r1', lotId: 'l1', amount: '2.00' };
    expect(entryOf(event('RefundRequested', refund))).toMatchObject({ amount: usd('-2'), refundId: 'r1', lotId: 'l1' });
    expect(entryOf(event('RefundCompleted', refund))).toBeUndefined();
  });
});
