import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { START } from '../../src/event-store/event-store.js';
import type { ViewDefinition } from '../../src/event-store/read-model-store.js';
import { markAt, row, type ViewFixture } from './read-model-store.fixture.js';

const rebuiltOf = (live: ViewDefinition): ViewDefinition => ({ ...live, name: `${live.name}-rebuild` });

export function replacements(fixture: ViewFixture): void {
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

  it('brings its mark, and takes away the one of the view it replaces', async () => {
    const { store, view } = fixture;
    await store.apply(view, { rows: [], checkpoint: { from: START, to: 9, mark: markAt(9) } });
    await store.apply(rebuiltOf(view), { rows: [], checkpoint: { from: START, to: 5, mark: markAt(5) } });
    await store.replace(view, rebuiltOf(view));
    expect(await store.mark(view)).toEqual(markAt(5));
    expect(await store.mark(rebuiltOf(view))).toBeUndefined();
    await store.replace(view, rebuiltOf(view));
    expect(await store.mark(view)).toBeUndefined();
  });

  it('that no one wrote to empties the live one', async () => {
    const { store, view } = fixture;
    await store.apply(view, { rows: [row('a', 1)], checkpoint: { from: START, to: 1 } });
    await store.replace(view, rebuiltOf(view));
    expect(await store.find(view, {})).toEqual([]);
    expect(await store.checkpoint(view)).toBe(START);
  });

  it('is put there only while both stand where they are thought to', async () => {
    const { store, view } = fixture;
    const rebuilt = rebuiltOf(view);
    await store.apply(view, { rows: [row('live', 7)], checkpoint: { from: START, to: 7 } });
    await store.apply(rebuilt, { rows: [row('rebuilt', 5)], checkpoint: { from: START, to: 5 } });
    for (const at of [
      { live: 6, rebuilt: 5 },
      { live: 7, rebuilt: START },
    ]) {
      expect(await store.replace(view, rebuilt, at)).toBe(false);
      expect([await store.checkpoint(view), await store.checkpoint(rebuilt)]).toEqual([7, 5]);
      expect(await store.find(view, {})).toEqual([row('live', 7)]);
      expect(await store.find(rebuilt, {})).toEqual([row('rebuilt', 5)]);
    }
    expect(await store.replace(view, rebuilt, { live: 7, rebuilt: 5 })).toBe(true);
    expect(await store.find(view, {})).toEqual([row('rebuilt', 5)]);
    expect(await store.checkpoint(view)).toBe(5);
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
