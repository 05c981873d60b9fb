import { describe, expect, it } from 'vitest';
import { Rejection, usd } from '../../kernel/index.js';
import { balanceAlert, type BalanceAlertCommand } from './balance-alert.js';
import { balanceAlertEventSchemas } from './balance-alert.events.js';

const base = { commandId: 'c', at: Date.parse('2026-03-04T12:00:00.000Z') };
const set = (threshold = '5'): BalanceAlertCommand => ({
  ...base,
  type: 'SetBalanceAlert',
  threshold: usd(threshold),
  by: 'ada',
});
const remove: BalanceAlertCommand = { ...base, type: 'RemoveBalanceAlert', by: 'ada' };
const has = (balance: string): BalanceAlertCommand => ({ ...base, type: 'ReportBalance', balance: usd(balance) });

/** What the last of these commands comes to: a refusal, or the types of its events. */
function outcomeOf(...commands: readonly BalanceAlertCommand[]): string | readonly string[] {
  let state = balanceAlert.initial();
  let last: string | readonly string[] = [];
  for (const command of commands) {
    const outcome = balanceAlert.decide(command, state);
    if (outcome instanceof Rejection) return outcome.code;
    for (const { type, data } of outcome) balanceAlertEventSchemas[type].parse(data);
    state = outcome.reduce((folded, event) => balanceAlert.evolve(folded, event), state);
    last = outcome.map(({ type }) => type);
  }
  return last;
}

describe('a low-balance mail', () => {
  it('is due when the balance falls below the threshold, and not at it', () => {
    expect(outcomeOf(set(), has('5.00'))).toEqual([]);
    expect(outcomeOf(set(), has('4.999999999999'))).toEqual(['BalanceFellLow']);
  });

  it('is due once for each fall', () => {
    expect(outcomeOf(set(), has('4'), has('3'))).toEqual([]);
    expect(outcomeOf(set(), has('4'), has('5'))).toEqual(['BalanceRecovered']);
    expect(outcomeOf(set(), has('4'), has('5'), has('4'))).toEqual(['BalanceFellLow']);
  });

  it('is due at once for a threshold that is set above the balance', () => {
    expect(outcomeOf(set(), has('4'), set('10'), has('4'))).toEqual(['BalanceFellLow']);
    expect(outcomeOf(set(), has('4'), set('5.00'), has('4'))).toEqual([]);
  });

  it('is due only while somebody wants it', () => {
    expect(outcomeOf(has('-1'))).toEqual([]);
    expect(outcomeOf(set(), remove, has('1'))).toEqual([]);
    expect(outcomeOf(remove)).toEqual([]);
  });

  it('needs a threshold of more than zero', () => expect(outcomeOf(set('0'))).toBe('invalid_threshold'));
});
