import { expect, it } from 'vitest';
import type { Query, ReadModelStore, Row, ViewDefinition } from '../../src/event-store/read-model-store.js';
import { row, type ViewFixture } from './read-model-store.fixture.js';

const ids = async (store: ReadModelStore, view: ViewDefinition, query: Query): Promise<string> =>
  (await store.find(view, query)).map(({ id }) => id).join('');

/** All rows of a query, fetched two at a time. */
async function pages(store: ReadModelStore, view: ViewDefinition, query: Query): Promise<string> {
  let seen: Row[] = [];
  for (;;) {
    const after = seen.at(-1);
    const page = await store.find(view, { ...query, limit: 2, ...(after && { after }) });
    expect(page.length).toBeLessThanOrEqual(2);
    if (page.length === 0) return seen.map(({ id }) => id).join('');
    seen = [...seen, ...page];
  }
}

export function finds(fixture: ViewFixture): void {
  it('returns rows by id, 100 without a limit', async () => {
    const { store, view } = fixture;
    const rows = Array.from({ length: 120 }, (_, n) => row(`${n + 100}`, n));
    await store.apply(view, { rows: rows.toReversed() });
    expect(await store.find(view, {})).toEqual(rows.slice(0, 100));
    expect(await store.find(view, { limit: 3, descending: true })).toEqual(rows.toReversed().slice(0, 3));
    expect(await store.find(view, { limit: 0 })).toEqual([]);
  });

  it('selects by equal fields: strings, numbers and booleans', async () => {
    const { store, view } = fixture;
    await store.apply(view, {
      rows: [
        row('a', 1, { owner: 'x', amount: 1, open: true }),
        row('b', 1, { owner: 'x', amount: 2, open: false }),
        row('c', 1, { owner: 'y', amount: 1, open: true }),
        row('d', 1, { owner: '1', amount: '1' }),
        row('e', 1, {}),
      ],
    });
    expect(await ids(store, view, { where: { owner: 'x' } })).toBe('ab');
    expect(await ids(store, view, { where: { owner: 'x', amount: 1 } })).toBe('a');
    expect(await ids(store, view, { where: { amount: 1 } })).toBe('ac');
    expect(await ids(store, view, { where: { amount: '1' } })).toBe('d');
    expect(await ids(store, view, { where: { open: true } })).toBe('ac');
    expect(await ids(store, view, { where: { open: false } })).toBe('b');
    expect(await ids(store, view, { where: { owner: "x' OR '1'='1" } })).toBe('');
  });

  it('selects what is below a bound, comparing strings with strings and numbers with numbers', async () => {
    const { store, view } = fixture;
    const amounts = { a: 9, b: 10, c: '10', d: '9', e: '2026-01-01T00:00:00.000Z', f: '\u{1F4B0}', g: '\uFF5E' };
    const rows = Object.entries(amounts).map(([id, amount]) => row(id, 1, { owner: 'x', amount }));
    await store.apply(view, {
      rows: [...rows, row('h', 1, { owner: 'x' }), row('i', 1, { owner: 'x', amount: null })],
    });
    expect(await ids(store, view, { below: { amount: 10 } })).toBe('a');
    expect(await ids(store, view, { below: { amount: '9' } })).toBe('ce');
    expect(await ids(store, view, { below: { amount: '2026-01-01T00:00:00.000Z' } })).toBe('c');
    // By code point, as UTF-8 sorts: U+FF5E is below U+1F4B0.
    expect(await ids(store, view, { below: { amount: '\u{1F4B0}' } })).toBe('cdeg');
    expect(await ids(store, view, { where: { owner: 'y' }, below: { amount: 10 } })).toBe('');
  });

  it('sorts by a field, by id where it is equal, in either direction', async () => {
    const { store, view } = fixture;
    const rows = ['c', 'a', 'd', 'b'].map((id) => row(id, 1, { owner: 'x', amount: id < 'c' ? 2 : 1 }));
    await store.apply(view, { rows });
    expect(await ids(store, view, { orderBy: 'amount' })).toBe('cdab');
    expect(await ids(store, view, { orderBy: 'amount', descending: true })).toBe('badc');
    expect(await ids(store, view, { where: { owner: 'x' }, orderBy: 'amount' })).toBe('cdab');
  });

  it('pages through every row once, also where the sort field is equal or missing', async () => {
    const { store, view } = fixture;
    const amounts = [2, 1, undefined, 1, null, 1, 2, undefined, 1];
    const rows = amounts.map((amount, n) =>
      row('abcdefghi'.charAt(n), 1, { owner: 'x', ...(amount !== undefined && { amount }) }),
    );
    await store.apply(view, { rows });
    const sorted = 'cehbdfiag';
    const reversed = sorted.split('').toReversed().join('');
    expect(await pages(store, view, { orderBy: 'amount' })).toBe(sorted);
    expect(await pages(store, view, { orderBy: 'amount', descending: true })).toBe(reversed);
    expect(await pages(store, view, { where: { owner: 'x' }, orderBy: 'amount' })).toBe(sorted);
    expect(await pages(store, view, {})).toBe('abcdefghi');
    expect(await pages(store, view, { descending: true })).toBe('ihgfedcba');
  });

  it('continues where it was although the row it ended with has gone elsewhere', async () => {
    const { store, view } = fixture;
    await store.apply(view, { rows: ['a', 'b', 'c', 'd'].map((id, n) => row(id, 1, { amount: n })) });
    const [, after] = await store.find(view, { orderBy: 'amount', limit: 2 });
    if (!after) throw new Error('the page has two rows');
    await store.apply(view, { rows: [row('b', 2, { amount: 99 })] });
    expect(await ids(store, view, { orderBy: 'amount', after })).toBe('cdb');
  });
}
