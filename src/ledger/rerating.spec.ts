import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatUsd, magnitude, picoUsd, usd } from '../kernel/index.js';
import {
  completeRefund,
  DAY,
  grant,
  issueKey,
  NOON,
  openAccount,
  performance,
  placeHold,
  purchase,
  approveRefund,
  requestRefund,
  settle,
  YEAR,
} from '../../test/support/ledger/commands.js';
import { rerate } from '../../test/support/ledger/rerating-commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { entryOf } from './entries.js';
import { postings } from './postings.js';
import type { AccountCommand } from './account.commands.js';
import type { AccountEvent } from './account.events.js';
import { afterRerating, type PresentCharge } from './rerating.js';

/** An account whose call cost $1.00, out of these lots. */
const charged = (...lots: readonly AccountCommand[]) => [
  openAccount(),
  issueKey('k'),
  ...lots,
  placeHold('c', '1.00'),
  {
    ...settle('c', '1.00'),
    ...performance(usd('1.00'), usd('0.50')),
  },
];
const slice = (lotId: string, amount: string) => ({ lotId, amount });
const bought = [openAccount(), issueKey('k'), purchase('a', '5.00'), placeHold('c', '1.00')];
const refunded = [requestRefund('r', 'a', '4.00'), approveRefund('r', 'user-2'), completeRefund('r')];
const all = { slices: [slice('a', '1.00')] };

/** The rows with an account of the books in the section of docs/finance.md with this heading. */
function tableOf(heading: string): string[] {
  const page = readFileSync(new URL('../../docs/finance.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split(`${heading}\n`);
  const rows = section.split(/^#/m)[0]?.matchAll(/^\| `([^`]+)` +\| +([\d.]*) +\| +([\d.]*) +\|$/gm) ?? [];
  return [...rows].map(([, ...cells]) => cells.join(' '));
}

describe('a charge that is priced again', () => {
  it('gives back what it cost too much, to the lot it came from', () =>
    given(...charged(purchase('a', '5.00')))
      .when(rerate('c', '0.75', all))
      .emits({
        type: 'ChargeRerated',
        data: {
          cost: '0.75',
          previousCost: '1.00',
          slices: [slice('a', '0.25')],
          successors: undefined,
          at: '2026-03-04T12:00:00.000Z',
        },
      }));

  it('gives back in the reverse order of taking', () =>
    given(...charged(grant('b', '0.60'), purchase('a', '5.00')))
      .when(rerate('c', '0.50', { slices: [slice('b', '0.60'), slice('a', '0.40')] }))
      .emits({ type: 'ChargeRerated', data: { slices: [slice('a', '0.40'), slice('b', '0.10')] } }));

  it('reduces the debt it made first', () =>
    given(...charged(purchase('a', '5.00')))
      .when(rerate('c', '0.90', { slices: [], uncovered: '1.00' }))
      .emits({
        type: 'ChargeRerated',
        data: {
          slices: [],
          coveredDebt: undefined,
          successors: [expect.objectContaining({ kind: 'paid', amount: '0.10' })],
        },
      }));

  it('gives a lot a successor of its kind, for twelve months, from the moment of its expiry on', () =>
    given(...charged(grant('a', '5.00', { expiresAt: NOON + 2 * DAY })))
      .when(rerate('c', '0.75', { ...all, at: NOON + 2 * DAY }))
      .emits({
        type: 'ChargeRerated',
        data: {
          slices: [],
          successors: [
            expect.objectContaining({ of: 'a', kind: 'bonus', amount: '0.25', expiresAt: '2027-03-06T12:00:00.000Z' }),
          ],
        },
      }));

  it('gives a refunded lot a successor, which is not refundable', () => {
    const call = { ...settle('c', '1.00'), ...performance(usd('1.00'), usd('0.50')) };
    const history = [...bought, call, ...refunded, rerate('c', '0.75', all)];
    const { state } = given(...history);
    const [, made] = [...state.lots.byId.values()];
    expect(made).toMatchObject({ kind: 'paid', successor: true, remaining: usd('0.25'), expiresAt: NOON + YEAR });
    given(...history)
      .when(requestRefund('r2', made?.id ?? '', '0.20'))
      .refuses('not_refundable');
  });

  it.each([
    ['less than nothing', '-0.01', '0.50'],
    ['more than its usage costs', '0.75', '0.74'],
  ])('refuses %s as what is to be paid', (_what, due, rated) =>
    given(...charged(purchase('a', '5.00')))
      .when({ ...rerate('c', due, all), rated: usd(rated) } as AccountCommand)
      .refuses('invalid_amount'),
  );

  const expectDearer = (policy: 'bill' | 'absorb' | 'bill_to_zero', due: string) =>
    given(...charged(purchase('a', '5.00'))).when(rerate('c', due, { ...all, policy }));

  it('takes an increase from credit where the policy is to bill, below zero where it must', () => {
    expectDearer('bill', '2.00').emits({ type: 'ChargeRerated', data: { cost: '2.00', slices: [slice('a', '1.00')] } });
    expectDearer('bill', '7.00').emits({
      type: 'ChargeRerated',
      data: { cost: '7.00', slices: [slice('a', '4.00')], uncovered: '2.00', absorbed: undefined },
    });
  });

  it('takes nothing where the policy is to absorb', () =>
    expectDearer('absorb', '2.00').emits({
      type: 'ChargeRerated',
      data: { cost: '1.00', absorbed: '1.00', policy: 'absorb', slices: [] },
    }));

  it('takes what is available where the policy is to bill down to zero', () =>
    expectDearer('bill_to_zero', '7.00').emits({
      type: 'ChargeRerated',
      data: { cost: '5.00', absorbed: '2.00', slices: [slice('a', '4.00')], uncovered: undefined },
    }));

  it('changes nothing where the price is the same', () =>
    given(...charged(purchase('a', '5.00')))
      .when(rerate('c', '1.00', all))
      .emitsNothing());

  it('books what the provider charges otherwise, though the customer pays the same', () => {
    const { outcome } = given(...charged(purchase('a', '5.00'))).when(
      rerate('c', '1.00', { ...all, providerCost: '0.40' }),
    );
    const [event] = outcome as readonly AccountEvent[];
    expect(event && postings(event).map(({ account, amount }) => [account, amount])).toEqual([
      ['expenses:providers', -usd('0.10')],
      ['liabilities:providers', usd('0.10')],
    ]);
    expect(event && entryOf(event)).toBeUndefined();
  });

  it('books the call of one dollar as docs/finance.md does', () => {
    const { outcome } = given(...charged(purchase('a', '5.00'))).when(
      rerate('c', '0.75', { ...all, providerCost: '0.40' }),
    );
    const [event] = outcome as readonly AccountEvent[];
    const rows = (event ? postings(event) : []).map(({ account, amount }) => {
      const dollars = formatUsd(magnitude(picoUsd(amount)));
      return amount > 0n ? `${account} ${dollars} ` : `${account}  ${dollars}`;
    });
    expect(rows).toHaveLength(4);
    expect(tableOf('### A call of one dollar').toSorted()).toEqual(rows.toSorted());
  });

  it('is refused where another re-rating came in between, so that nothing is booked twice', () =>
    given(
      ...bought,
      {
        ...settle('c', '1.00'),
        ...performance(usd('1.00'), usd('0.50')),
      },
      rerate('c', '0.75', all),
    )
      .when(rerate('c', '0.75', all))
      .refuses('rerating_conflict', { reratings: '1' }));
});

it('what a charge costs and where it was taken from follows from its re-ratings', () => {
  const charge: PresentCharge = {
    priceVersion: 1,
    cost: usd('1.00'),
    providerCost: usd('0.50'),
    slices: all.slices,
    uncovered: usd('0'),
  };
  const [event] = given(...charged(purchase('a', '5.00'))).when(rerate('c', '0.75', all))
    .outcome as readonly AccountEvent[];
  expect(afterRerating(charge, event?.data as never)).toEqual({
    ...charge,
    priceVersion: 2,
    cost: usd('0.75'),
    slices: [slice('a', '0.75')],
  });
});
