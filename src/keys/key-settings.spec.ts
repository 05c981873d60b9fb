import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyChange, KeySettings } from '../ledger/index.js';
import { SHIPPED } from '../pricing/index.js';
import { checkSettings, isAddressAllowed } from './key-settings.js';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const faultsOf = (given: KeyChange) => checkSettings(given, SHIPPED, NOW);

const settings = (more: object = {}): KeySettings => ({ name: 'test', ...more });
const allowing = (...allowedIps: string[]): KeySettings => settings({ allowedIps });

describe('settings that can be used', () => {
  it.each<[string, KeySettings]>([
    ['a name alone', settings()],
    ['a rate', settings({ requestsPerMinute: 1 })],
    ['tokens and calls at the same time', settings({ tokensPerMinute: 1, parallelRequests: 1 })],
    ['budgets', settings({ budgetDaily: '0.01', budgetWeekly: '1.00', budgetMonthly: '10.50', budgetTotal: '100.00' })],
    ['no model at all', settings({ allowedModels: [] })],
    ['addresses and ranges', allowing('203.0.113.7', '10.0.0.0/8', '2001:db8::1', '2001:db8::/32')],
    ['models by id and by alias', settings({ allowedModels: ['gpt-4o', 'gpt-4o-2024-08-06'] })],
    ['an expiry', settings({ expiresAt: '2030-01-01T00:00:00.000Z' })],
  ])('%s', (_case, given) => expect(faultsOf(given)).toEqual([]));
});

describe('settings that can’t be used are named, all of them', () => {
  it.each<[string, KeySettings, string]>([
    ['a rate of 0', settings({ requestsPerMinute: 0 }), 'requestsPerMinute'],
    ['half a request', settings({ requestsPerMinute: 1.5 }), 'requestsPerMinute'],
    ['no tokens', settings({ tokensPerMinute: 0 }), 'tokensPerMinute'],
    [
      'more calls at the same time than an account can have',
      settings({ parallelRequests: 10_001 }),
      'parallelRequests',
    ],
    ['a budget as a number', settings({ budgetDaily: 5 }), 'budgetDaily'],
    ['a budget that is no decimal', settings({ budgetTotal: '1e3' }), 'budgetTotal'],
    ['an expiry that is no instant', settings({ expiresAt: 'tomorrow' }), 'expiresAt'],
    [
      'an expiry that is over',
      settings({ expiresAt: '2026-03-01T00:00:00.000Z' }),
      '2026-03-01T00:00:00.000Z, is over',
    ],
    ['a negative budget', settings({ budgetMonthly: '-0.01' }), 'budgetMonthly: must not be negative'],
    ['a model that there is not', settings({ allowedModels: ['gpt-4o', 'gpt-9'] }), 'no model "gpt-9"'],
    ['a setting that does not exist', settings({ colour: 'red' }), 'colour'],
    ['an address that is none', allowing('300.1.1.1'), '"300.1.1.1" is neither'],
    ['a host name', allowing('example.com'), '"example.com" is neither'],
    ['an empty address', allowing(''), '"" is neither'],
    ['a prefix that is too long', allowing('10.0.0.0/33'), '"10.0.0.0/33" is neither'],
    ['a prefix that is missing', allowing('10.0.0.0/'), '"10.0.0.0/" is neither'],
    ['two prefixes', allowing('10.0.0.0/8/9'), '"10.0.0.0/8/9" is neither'],
    ['a prefix of an IPv6 range that is too long', allowing('2001:db8::/129'), '"2001:db8::/129" is neither'],
  ])('%s', (_case, given, fault) => expect(faultsOf(given).join(' ')).toContain(fault));

  it('each with a sentence of its own', () => {
    const faults = faultsOf(settings({ requestsPerMinute: 0, budgetDaily: 'x', allowedIps: ['a', 'b'] }));
    expect(faults).toHaveLength(4);
    for (const fault of faults) expect(fault).toMatch(/\.$/);
  });
});

it('a change names what it changes alone', () => {
  expect(faultsOf({ name: 'new', allowedModels: null, expiresAt: null, budgetDaily: null })).toEqual([]);
  expect(faultsOf({ budgetDaily: '-1.00' })).toHaveLength(1);
});

describe('an address', () => {
  it.each<[string, KeySettings, string, boolean]>([
    ['is allowed where no list is set', settings(), '203.0.113.7', true],
    ['is allowed by name', allowing('203.0.113.7'), '203.0.113.7', true],
    ['is allowed by range', allowing('10.0.0.0/8'), '10.255.0.1', true],
    ['is not allowed beside the range', allowing('10.0.0.0/8'), '11.0.0.1', false],
    ['is not allowed by an empty list', allowing(), '10.0.0.1', false],
    ['is the same as a dual-stack socket reports it', allowing('10.0.0.0/8'), '::ffff:10.1.2.3', true],
    ['of IPv6 is allowed by range', allowing('2001:db8::/32'), '2001:db8:1::1', true],
    ['of IPv6 is the same however it is written', allowing('2001:db8:0:0::1'), '2001:db8::1', true],
    ['of IPv6 is not allowed by a range of IPv4', allowing('10.0.0.0/8'), '2001:db8::1', false],
    ['that is none, as a proxy may send, is not allowed', allowing('10.0.0.0/8'), 'unknown', false],
    ['with a port, as a proxy may send, is not allowed', allowing('10.0.0.0/8'), '10.0.0.1:4711', false],
    ['that is empty is not allowed', allowing('0.0.0.0/0'), '', false],
  ])('%s', (_case, given, address, allowed) => expect(isAddressAllowed(given, address)).toBe(allowed));

  it('is in a range when it has its first bits', () => {
    const property = fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 1, max: 32 }), (one, two, prefix) => {
      const bits = (address: string) =>
        address
          .split('.')
          .map((part) => Number(part).toString(2).padStart(8, '0'))
          .join('');
      const same = bits(one).slice(0, prefix) === bits(two).slice(0, prefix);
      expect(isAddressAllowed(allowing(`${one}/${prefix}`), two)).toBe(same);
    });
    fc.assert(property);
  });
});
