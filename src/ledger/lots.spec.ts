import { describe, expect, it } from 'vitest';
import { usd, ZERO } from '../kernel/index.js';
import { aliveCredit, applySlices, type Lot, take, withLot } from './lots.js';

const lot = (id: string, remaining: string, more: Partial<Lot> = {}): Lot => ({
  id,
  kind: 'paid',
  amount: usd('100'),
  remaining: usd(remaining),
  expiresAt: 1_000,
  createdAt: 0,
  ...more,
});
const ordered = (...lots: Lot[]) => lots.reduce<Lot[]>(withLot, []).map(({ id }) => id);

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

  it('leaves the lots it was given alone', () => {
    const lots = [lot('a', '1')];
    withLot(lots, lot('b', '1', { kind: 'bonus' }));
    expect(lots.map(({ id }) => id)).toEqual(['a']);
  });
});

describe('credit that is alive', () => {
  it('ends at the instant of expiry', () => {
    const lots = [lot('a', '1'), lot('b', '2', { expiresAt: 2_000 })];
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

  it('changes no lot', () => {
    const before = lots();
    take(before, usd('2.5'), 0);
    expect(before).toEqual(lots());
  });
});

describe('applying slices', () => {
  it('takes them out of their lots', () => {
    const taken = [lot('a', '1'), lot('b', '2')];
    applySlices(taken, [
      { lotId: 'b', amount: '0.50' },
      { lotId: 'b', amount: '0.25' },
    ]);
    expect(taken.map(({ remaining }) => remaining)).toEqual([usd('1'), usd('1.25')]);
  });

  it.each([
    ['more than a lot holds', { lotId: 'a', amount: '1.000000000001' }],
    ['nothing', { lotId: 'a', amount: '0.00' }],
    ['less than nothing', { lotId: 'a', amount: '-0.50' }],
    ['from a lot there is not', { lotId: 'x', amount: '0.50' }],
  ])('throws on taking %s', (_what, slice) => {
    expect(() => applySlices([lot('a', '1')], [slice])).toThrow(/impossible history/);
  });
});
