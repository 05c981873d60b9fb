import { describe, expect, it } from 'vitest';
import { PriceBook } from './price-book.js';
import type { PriceListEvent } from './price-list.js';

const published = (version: number, effectiveFrom: string): PriceListEvent => ({
  type: 'PriceListPublished',
  data: {
    version,
    effectiveFrom,
    models: [{ model: 'm', bands: [{ price: { input: '1', output: '2' } }] }],
    at: '2026-01-01T00:00:00.000Z',
  },
});
const withdrawn = (version: number): PriceListEvent => ({
  type: 'PriceListWithdrawn',
  data: { version, by: 'u1', reason: 'a mistake', at: '2026-01-15T00:00:00.000Z' },
});
const bookOf = (...events: PriceListEvent[]): PriceBook => {
  const book = new PriceBook();
  for (const event of events) book.apply(event);
  return book;
};
const JANUARY = '2026-01-01T00:00:00.000Z';
const FEBRUARY = '2026-02-01T00:00:00.000Z';
const MARCH = '2026-03-01T00:00:00.000Z';

describe('the price book', () => {
  const book = bookOf(published(1, JANUARY), published(2, MARCH), published(3, FEBRUARY), published(4, FEBRUARY));

  it.each([
    ['before the first version', Date.parse(JANUARY) - 1, undefined],
    ['from the instant of a version', Date.parse(JANUARY), 1],
    ['until that of the next', Date.parse(FEBRUARY) - 1, 1],
    ['the newest of those effective at once', Date.parse(FEBRUARY), 4],
    ['a scheduled one, though others were published after it', Date.parse(MARCH), 2],
  ])('knows what is in force %s', (_, atMs, version) => expect(book.inForce(atMs)?.version).toBe(version));

  it('keeps every version for recomputing', () => {
    expect(book.version(2)?.effectiveFromMs).toBe(Date.parse(MARCH));
    expect(book.version(0)).toBeUndefined();
    expect(book.version(5)).toBeUndefined();
    expect(book.newest()?.version).toBe(4);
  });

  it('prices by what is left when a version is withdrawn, and keeps that one', () => {
    const without = bookOf(published(1, JANUARY), published(2, FEBRUARY), withdrawn(2));
    expect(without.inForce(Date.parse(MARCH))?.version).toBe(1);
    expect(without.version(2)?.version).toBe(2);
    expect(without.versions[1]?.withdrawn).toMatchObject({ by: 'u1' });
  });

  it('takes an event once, however often it is delivered', () => {
    const events = [published(1, JANUARY), published(2, FEBRUARY), withdrawn(2)];
    expect(bookOf(...events, ...events).versions).toEqual(bookOf(...events).versions);
  });

  it('throws when a version is missing in between', () => {
    expect(() => bookOf(published(1, JANUARY), published(3, FEBRUARY))).toThrow('price list 3 follows version 1');
    expect(() => bookOf(published(1, JANUARY), withdrawn(2))).toThrow('price list 2 is withdrawn, and does not exist');
  });
});
