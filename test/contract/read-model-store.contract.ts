// What every read model store must do. The suite does not assume that it is alone in the store.
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { START } from '../../src/event-store/event-store.js';
import type { ReadModelStore, Row, ViewDefinition } from '../../src/event-store/read-model-store.js';
import type { JsonObject } from '../../src/kernel/index.js';
import { finds } from './read-model-store.finds.js';

export interface OpenedReadModelStore {
  readonly store: ReadModelStore;
  /** Closes the store and opens the same data again; absent where nothing outlives the store. */
  reopen?(): Promise<ReadModelStore>;
  close(): Promise<void>;
}

/** A freshly opened store and a view that no one has written to. */
export interface ViewFixture {
  store: ReadModelStore;
  view: ViewDefinition;
}

export const newView = (): ViewDefinition => ({
  name: `contract-${randomUUID()}-1`,
  indexes: [['owner', 'amount'], ['amount']],
});
export const row = (id: string, position: number, doc: JsonObject = {}): Row => ({ id, position, doc });

export function readModelStoreContract(name: string, { open }: { open(): Promise<OpenedReadModelStore> }): void {
  describe(`the read model store contract: ${name}`, { timeout: 30_000 }, () => {
    const fixture = {} as ViewFixture & { opened: OpenedReadModelStore };

    beforeEach(async () => {
      const opened = await open();
      Object.assign(fixture, { opened, store: opened.store, view: newView() });
    });
    afterEach(() => fixture.opened.close());

    describe('a batch', () => {
      batches(fixture);
    });
    describe('a query', () => {
      finds(fixture);
    });
    describe('a rebuilt view', () => {
      replacements(fixture);
    });

    it('keeps its rows when it is closed and opened again', async ({ skip }) => {
      const { opened, store, view } = fixture;
      if (!opened.reopen) return skip('nothing outlives this store');
      await store.apply(view, { rows: [row('a', 3, { owner: 'x' })], checkpoint: { from: START, to: 4 } });
      const reopened = await opened.reopen();
      expect(await reopened.find(view, { where: { owner: 'x' } })).toEqual([row('a', 3, { owner: 'x' })]);
      expect(await reopened.checkpoint(view)).toBe(4);
    });
  });
}

function batches(fixture: ViewFixture): void {
  it('has not been written to a new view, which is empty and at START', async () => {
    const { store, view } = fixture;
    expect(await store.checkpoint(view)).toBe(START);
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
      expect(applied.toSorted()).toEqual([false, true]);
    }
    expect(await store.find(view, {})).toHaveLength(31);
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

const rebuiltOf = (live: ViewDefinition): ViewDefinition => ({ ...live, name: `${live.name}-rebuild` });

function replacements(fixture: ViewFixture): void {
  it('takes the place of the live one with its checkpoint, and is empty afterwards', async () => {
    const { store, view } = fixture;
    const rebuilt = rebuiltOf(view);
    await store.apply(view, { rows: [row('a', 9), row('b', 9)], checkpoint: { from: START, to: 9 } });
    // Twice, because a second rebuild must find the place as clean as the first.
    for (const [to, owner] of [
      [5, 'x'],
      [7, 'y'],
    ] as const) {
      await store.apply(rebuilt, { rows: [row('a', 3, { owner })], checkpoint: { from: START, to } });
      await store.replace(view, rebuilt);
      expect(await store.find(view, {})).toEqual([row('a', 3, { owner })]);
      expect(await store.find(view, { where: { owner } })).toHaveLength(1);
      expect(await store.checkpoint(view)).toBe(to);
      expect(await store.find(rebuilt, {})).toEqual([]);
      expect(await store.checkpoint(rebuilt)).toBe(START);
    }
    expect(await store.apply(view, { rows: [row('c', 8)], checkpoint: { from: 7, to: 8 } })).toBe(true);
  });

  it('takes the place of a live one that does not exist', async () => {
    const { store, view } = fixture;
    await store.apply(rebuiltOf(view), { rows: [row('a', 1)], checkpoint: { from: START, to: 1 } });
    await store.replace(view, rebuiltOf(view));
    expect(await store.find(view, {})).toEqual([row('a', 1)]);
    expect(await store.checkpoint(view)).toBe(1);
  });

  it('that no one wrote to empties the live one', async () => {
    const { store, view } = fixture;
    await store.apply(view, { rows: [row('a', 1)], checkpoint: { from: START, to: 1 } });
    await store.replace(view, rebuiltOf(view));
    expect(await store.find(view, {})).toEqual([]);
    expect(await store.checkpoint(view)).toBe(START);
  });

  it('is never half there for a reader', async () => {
    const { store, view } = fixture;
    const rows = Array.from({ length: 50 }, (_, n) => row(`${n}`, 1));
    await store.apply(view, { rows });
    const replaced = new AbortController();
    const reader = (async () => {
      while (!replaced.signal.aborted) {
        expect(await store.find(view, {})).toHaveLength(50);
        await nextTurn();
      }
    })();
    for (let round = 0; round < 10; round++) {
      await store.apply(rebuiltOf(view), { rows });
      await store.replace(view, rebuiltOf(view));
      await nextTurn();
    }
    replaced.abort();
    await reader;
  });
}
