import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Amount, picoUsd, usd, ZERO } from '../kernel/index.js';
import {
  aliveCredit,
  aliveLots,
  applySlices,
  copyOfLots,
  lotsOf,
  type NewLot,
  openLots,
  returnSlices,
  take as takeFrom,
  unwind,
} from './lots.js';

const lot = (id: string, remaining: string, more: Partial<NewLot> = {}): NewLot => ({
  id,
  kind: 'paid',
  amount: usd('100'),
  remaining: usd(remaining),
  expiresAt: 1_000,
  createdAt: 0,
  ...more,
});
const ordered = (...lots: NewLot[]) => Array.from(openLots(lotsOf(lots)), ({ id }) => id);
const take = (lots: NewLot[], amount: Amount, at: number) => takeFrom(aliveLots(lotsOf(lots), at), amount);

describe('the order of lots', () => {
  it('has bonus before paid, though it expires later', () =>
    expect(ordered(lot('paid', '1'), lot('bonus', '1', { kind: 'bonus', expiresAt: 9_000 }))).toEqual([
      'bonus',
      'paid',
    ]));

  it('has what expires earlier first, though it is newer', () =>
    expect(ordered(lot('late', '1'), lot('early', '1', { expiresAt: 500, createdAt: 9 }))).toEqual(['early', 'late']));

  it('has the older first when they expire at once', () =>
    expect(ordered(lot('new', '1', { createdAt: 2 }), lot('old', '1', { createdAt: 1 }))).toEqual(['old', 'new']));

  it('keeps the order of events where nothing else tells', () =>
    expect(ordered(lot('first', '1'), lot('second', '1'))).toEqual(['first', 'second']));
});

describe('credit that is alive', () => {
  it('ends at the instant of expiry', () => {
    const lots = lotsOf([lot('a', '1'), lot('b', '2', { expiresAt: 2_000 })]);
    expect(aliveCredit(lots, 999)).toBe(usd('3'));
    expect(aliveCredit(lots, 1_000)).toBe(usd('2'));
    expect(aliveCredit(lots, 2_000)).toBe(ZERO);
  });
});

const lots = () => [lot('a', '1'), lot('empty', '0'), lot('b', '2')];

describe('taking', () => {
  it('takes from one lot after another, and none from an empty one', () =>
    expect(take(lots(), usd('2.5'), 0)).toEqual({
      slices: [
        { lotId: 'a', amount: '1.00' },
        { lotId: 'b', amount: '1.50' },
      ],
      uncovered: ZERO,
    }));

  it('takes nothing for nothing', () => expect(take(lots(), ZERO, 0)).toEqual({ slices: [], uncovered: ZERO }));

  it('says what no lot covers', () => expect(take(lots(), usd('5'), 0).uncovered).toBe(usd('2')));

  it('leaves out lots that had expired', () =>
    expect(take(lots(), usd('1'), 1_000)).toEqual({ slices: [], uncovered: usd('1') }));

  it('changes no lot, and touches none but those it takes from', () => {
    const before = lotsOf(lots());
    const touched: string[] = [];
    const seen = function* () {
      for (const each of aliveLots(before, 0)) {
        touched.push(each.id);
        yield each;
      }
    };
    takeFrom(seen(), usd('0.5'));
    expect(touched).toEqual(['a']);
    expect(before).toEqual(lotsOf(lots()));
  });
});

describe('applying slices', () => {
  it('takes them out of their lots', () => {
    const taken = lotsOf([lot('a', '1'), lot('b', '2')]);
    applySlices(taken, [
      { lotId: 'b', amount: '0.50' },
      { lotId: 'b', amount: '0.25' },
    ]);
    expect(Array.from(openLots(taken), ({ remaining }) => remaining)).toEqual([usd('1'), usd('1.25')]);
  });

  it.each([
    ['more than a lot holds', { lotId: 'a', amount: '1.000000000001' }],
    ['nothing', { lotId: 'a', amount: '0.00' }],
    ['less than nothing', { lotId: 'a', amount: '-0.50' }],
    ['from a lot there is not', { lotId: 'x', amount: '0.50' }],
  ])('throws on taking %s', (_what, slice) => {
    expect(() => applySlices(lotsOf([lot('a', '1')]), [slice])).toThrow(/impossible history/);
  });

  it.each([
    ['nothing', { lotId: 'a', amount: '0.00' }],
    ['less than nothing', { lotId: 'a', amount: '-0.50' }],
    ['to a lot there is not', { lotId: 'x', amount: '0.50' }],
  ])('throws on giving back %s', (_what, slice) => {
    expect(() => returnSlices(lotsOf([lot('a', '1')]), [slice], 0)).toThrow(/impossible history/);
  });
});

it('lots are what a plain list of them is, whatever is taken and given back', () => {
  const made = fc.record({
    kind: fc.constantFrom('paid' as const, 'bonus' as const),
    expiresAt: fc.nat(5),
    createdAt: fc.nat(3),
  });
  const step = fc.record({ index: fc.nat(20), pico: fc.bigInt(1n, 4n), back: fc.boolean() });
  const property = fc.property(fc.array(made, { maxLength: 20 }), fc.array(step), fc.nat(6), (terms, steps, at) => {
    const list = terms.map((more, index) => ({ ...lot(`l${index}`, '0'), remaining: picoUsd(2n), ...more }));
    const all = lotsOf(list);
    for (const { index, pico, back } of steps) {
      const one = list[index];
      if (one === undefined || (!back && pico > one.remaining)) continue;
      const slice = { lotId: one.id, amount: `0.${pico.toString().padStart(12, '0')}` };
      if (back) returnSlices(all, [slice], 0);
      else applySlices(all, [slice]);
      one.remaining = picoUsd(one.remaining + (back ? pico : -pico));
    }
    const order = list
      .filter(({ remaining }) => remaining > ZERO)
      .toSorted((a, b) => a.kind.localeCompare(b.kind) || a.expiresAt - b.expiresAt || a.createdAt - b.createdAt);
    const alive = order.filter(({ expiresAt }) => expiresAt > at);
    expect(Array.from(openLots(all), ({ id }) => id)).toEqual(order.map(({ id }) => id));
    expect(Array.from(aliveLots(all, at), ({ id }) => id)).toEqual(alive.map(({ id }) => id));
    expect(aliveCredit(all, at)).toBe(alive.reduce((total, { remaining }) => total + remaining, 0n));
    expect(copyOfLots(all)).toEqual(all);
  });
  fc.assert(property);
});

it('what is left of slices after some of them went back is in the order of taking', () => {
  const slices = [
    { lotId: 'a', amount: '1.00' },
    { lotId: 'b', amount: '2.00' },
    { lotId: 'c', amount: '3.00' },
  ];
  expect(unwind(slices, usd('4'))).toEqual({
    back: [
      { lotId: 'c', amount: '3.00' },
      { lotId: 'b', amount: '1.00' },
    ],
    left: [
      { lotId: 'a', amount: '1.00' },
      { lotId: 'b', amount: '1.00' },
    ],
  });
});
