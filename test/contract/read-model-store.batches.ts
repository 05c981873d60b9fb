import { expect, it } from 'vitest';
import { START } from '../../src/event-store/event-store.js';
import { markAt, newView, row, type ViewFixture } from './read-model-store.fixture.js';

export function batches(fixture: ViewFixture): void {
  it('has not been written to a new view, which is empty and at START', async () => {
    const { store, view } = fixture;
    expect(await store.checkpoint(view)).toBe(START);
    expect(await store.mark(view)).toBeUndefined();
    expect(await store.load(view, ['a'])).toEqual(new Map());
    expect(await store.find(view, {})).toEqual([]);
  });

  it('is returned as it was written, whatever JSON it is', async () => {
    const { store, view } = fixture;
    const doc = {
      amount: '0.000003750000',
      text: 'Grüße 你好 👩‍👩‍👧 "\\',
      deep: [{ er: null }],
      yes: true,
      none: null,
      many: 1.5,
    };
    const id = "it's 🪙; DROP TABLE --";
    expect(await store.apply(view, { rows: [row(id, 0, doc), row('b', 1)] })).toBe(true);
    expect(await store.load(view, [id, 'b', 'absent', id])).toEqual(
      new Map([
        [id, row(id, 0, doc)],
        ['b', row('b', 1)],
      ]),
    );
  });

  it('overwrites a row by a later position only', async () => {
    const { store, view } = fixture;
    await store.apply(view, { rows: [row('a', 5, { n: 1 })] });
    await store.apply(view, { rows: [row('a', 5, { n: 2 })] });
    await store.apply(view, { rows: [row('a', 4, { n: 3 })] });
    expect((await store.load(view, ['a'])).get('a')).toEqual(row('a', 5, { n: 1 }));
    await store.apply(view, { rows: [row('a', 6, { n: 4 })] });
    expect((await store.load(view, ['a'])).get('a')).toEqual(row('a', 6, { n: 4 }));
  });

  it('moves the checkpoint with its rows, and without any', async () => {
    const { store, view } = fixture;
    expect(await store.apply(view, { rows: [row('a', 1)], checkpoint: { from: START, to: 10 } })).toBe(true);
    expect(await store.apply(view, { rows: [], checkpoint: { from: 10, to: 20 } })).toBe(true);
    expect(await store.apply(view, { rows: [row('b', 2)] })).toBe(true);
    expect(await store.checkpoint(view)).toBe(20);
  });

  it('leaves its mark with the checkpoint, with rows and without any', async () => {
    const { store, view } = fixture;
    await store.apply(view, { rows: [row('a', 1)], checkpoint: { from: START, to: 10, mark: markAt(10) } });
    expect(await store.mark(view)).toEqual(markAt(10));
    const unhashed = { ...markAt(20), hash: null };
    expect(await store.apply(view, { rows: [], checkpoint: { from: 10, to: 20, mark: unhashed } })).toBe(true);
    expect(await store.mark(view)).toEqual(unhashed);
    for (const rows of [[], [row('b', 30)]])
      expect(await store.apply(view, { rows, checkpoint: { from: 10, to: 30, mark: markAt(30) } })).toBe(false);
    expect(await store.mark(view)).toEqual(unhashed);
  });

  it('is not applied at all when the checkpoint is elsewhere', async () => {
    const { store, view } = fixture;
    await store.apply(view, { rows: [row('a', 1)], checkpoint: { from: START, to: 10 } });
    expect(await store.apply(view, { rows: [row('a', 9), row('b', 9)], checkpoint: { from: START, to: 9 } })).toBe(
      false,
    );
    expect(await store.apply(view, { rows: [row('b', 11)], checkpoint: { from: 11, to: 12 } })).toBe(false);
    expect(await store.find(view, {})).toEqual([row('a', 1)]);
    expect(await store.checkpoint(view)).toBe(10);
  });

  it('is applied for exactly one of two projectors that race', async () => {
    const { store, view } = fixture;
    for (let from = START; from < 30; from++) {
      const checkpoint = { from, to: from + 1 };
      const rows = ['a', 'b'].map((who) => [row(`${who}${from}`, from + 1)]);
      const applied = await Promise.all(rows.map((each) => store.apply(view, { rows: each, checkpoint })));
      expect(applied.filter(Boolean)).toHaveLength(1);
    }
    expect(await store.find(view, {})).toHaveLength(31);
  });

  it.each([[[[], []]], [[[row('a', 1)], []]]])('without rows is applied for one of two that race: %j', async (rows) => {
    const { store, view } = fixture;
    for (let from = START; from < 30; from++) {
      const checkpoint = { from, to: from + 1, mark: markAt(from + 1) };
      const applied = await Promise.all(rows.map((each) => store.apply(view, { rows: each, checkpoint })));
      expect(applied.filter(Boolean)).toHaveLength(1);
      expect(await store.mark(view)).toEqual(markAt(from + 1));
    }
  });

  it('of thousands of rows is written whole', async () => {
    const { store, view } = fixture;
    const rows = Array.from({ length: 5_000 }, (_, n) => row(`row ${n}`, n, { n }));
    await store.apply(view, { rows, checkpoint: { from: START, to: 5_000 } });
    expect(
      await store.load(
        view,
        rows.map(({ id }) => id),
      ),
    ).toEqual(new Map(rows.map((each) => [each.id, each])));
  });

  it('leaves other views alone', async () => {
    const { store, view } = fixture;
    const other = newView();
    await store.apply(view, { rows: [row('a', 1)], checkpoint: { from: START, to: 1 } });
    expect(await store.find(other, {})).toEqual([]);
    expect(await store.checkpoint(other)).toBe(START);
  });
}
