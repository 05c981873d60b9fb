import { describe, expect, it } from 'vitest';
import { PriceBook } from './price-book.js';
import type { PriceListPublished } from './price-list.js';

const published = (version: number, effectiveFrom: string): PriceListPublished => ({
  version,
  effectiveFrom,
  models: [{ model: 'm', bands: [{ price: { input: '1', output: '2' } }] }],
  at: '2026-01-01T00:00:00.000Z',
});
const bookOf = (...events: PriceListPublished[]): PriceBook => {
  const book = new PriceBook();
  for (const event of events) book.apply(event);
  return book;
};
const JANUARY = '2026-01-01T00:00:00.000Z';
const FEBRUARY = '2026-02-01T00:00:00.000Z';

describe('the price book', () => {
  const book = bookOf(published(1, JANUARY), published(2, FEBRUARY), published(3, FEBRUARY));

  it.each([
    ['before the first version', Date.parse(JANUARY) - 1, undefined],
    ['from the instant of a version', Date.parse(JANUARY), 1],
    ['until that of the next', Date.parse(FEBRUARY) - 1, 1],
    ['the newest of those effective at once', Date.parse(FEBRUARY), 3],
  ])('knows what is in force %s', (_, atMs, version) => expect(book.inForce(atMs)?.version).toBe(version));

  it('keeps every version for recomputing', () => {
    expect(book.version(2)?.effectiveFromMs).toBe(Date.parse(FEBRUARY));
    expect(book.version(0)).toBeUndefined();
    expect(book.version(4)).toBeUndefined();
    expect(book.newest()?.version).toBe(3);
  });

  it('takes an event once, however often it is delivered', () => {
    const again = bookOf(published(1, JANUARY), published(1, JANUARY), published(2, FEBRUARY));
    expect(again.newest()?.version).toBe(2);
  });

  it('throws when a version is missing in between', () => {
    expect(() => bookOf(published(1, JANUARY), published(3, FEBRUARY))).toThrow('price list 3 follows version 1');
  });
});
