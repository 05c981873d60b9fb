import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { type RecordedEvent, type Row, START } from '../event-store/index.js';
import { leafOf } from './leaf.js';
import { LedgerKeys } from './ledger-keys.js';
import { LogTree, logTreeView } from './log-tree.js';
import { verifyConsistency, verifyInclusion } from './merkle-proofs.js';
import { GrowingTree } from './merkle-tree.js';
import { AuthenticatedReadModelStore } from './row-mac.js';

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A log of so many events in three streams, with its roots at every size. */
async function logOf(size: number) {
  const store = new MemoryEventStore();
  for (let number = 0; number < size; number++) {
    const event = { id: uuid(number), type: 'Happened', data: { number }, metadata: { hash: String(number) } };
    await store.append(`s-${number % 3}`, (number - (number % 3)) / 3 - 1, [event]);
  }
  const events = await store.readAll(START, size);
  const tree = new GrowingTree();
  const roots = [tree.root, ...events.map((event) => (tree.add(leafOf(event)), tree.root))];
  return { store, events, roots };
}

const SIZE = 1_300;
let log: Awaited<ReturnType<typeof logOf>>;
beforeAll(async () => {
  log = await logOf(SIZE);
});

describe.each([
  ['that was never kept', 0],
  ['that was kept a while ago', 1],
  ['that is kept to the end', 2],
])('a tree %s', (_what, growths) => {
  let tree: LogTree;
  beforeAll(async () => {
    const readModels = new MemoryReadModelStore();
    tree = new LogTree(log.store, readModels);
    const earlier = Object.assign(Object.create(log.store) as typeof log.store, {
      readAll: async (after: number, limit: number) => (after > 700 ? [] : log.store.readAll(after, limit)),
    });
    if (growths === 1) await new LogTree(earlier, readModels).grow();
    if (growths === 2) await tree.grow();
  });

  const SIZES = [1, 2, 255, 256, 257, 511, 512, 513, 768, 1_024, 1_025, 1_299, SIZE];

  it('has the root of each size', async () => {
    for (const size of [0, ...SIZES]) expect(await tree.root(size)).toEqual(log.roots[size]);
  });

  it('finds each event', async () => {
    for (const index of [0, 1, 255, 256, 700, 1_279, 1_280, SIZE - 1]) {
      expect(await tree.indexOf(log.events[index] as RecordedEvent)).toBe(index);
    }
  });

  it('proves that an event is in it', async () => {
    for (const size of SIZES) {
      for (const index of [0, size >> 1, size - 1]) {
        const proof = await tree.inclusion(index, size);
        const claim = { index, size, leaf: leafOf(log.events[index] as RecordedEvent), root: log.roots[size]! };
        expect(verifyInclusion(claim, proof!)).toBe(true);
      }
    }
  });

  it('proves that it continues an earlier one', async () => {
    for (const [at, earlier] of SIZES.entries()) {
      for (const later of SIZES.slice(at)) {
        const [from, to] = [earlier, later].map((size) => ({ size, root: log.roots[size]! }));
        expect(verifyConsistency(from!, to!, (await tree.consistency(earlier, later))!)).toBe(true);
      }
    }
  });

  it('proves nothing beyond the log', async () => {
    expect(await tree.root(SIZE + 1)).toBeUndefined();
    expect(await tree.inclusion(0, SIZE + 1)).toBeUndefined();
  });
});

it('is made anew from another log', async () => {
  const readModels = new MemoryReadModelStore();
  await new LogTree(log.store, readModels).grow();
  const { store, roots } = await logOf(300);
  const tree = await new LogTree(store, readModels).grow();
  expect(tree).toMatchObject({ size: 300, root: roots[300] });
});

it('lets others go first between pages while it grows, and ends when it is told to', async () => {
  const stop = new AbortController();
  const growing = new LogTree(log.store, new MemoryReadModelStore()).grow(stop.signal);
  setTimeout(() => stop.abort());
  expect(await growing).toBeUndefined();
});

describe('a kept tree that somebody wrote to', () => {
  const keys = new LedgerKeys([generateKeyPairSync('ed25519').privateKey]);
  type Edit = (behind: MemoryReadModelStore, rows: readonly Row[]) => Promise<unknown>;
  const rewritten =
    (change: (row: Row) => Row | undefined): Edit =>
    async (behind, rows) => {
      const position = await behind.checkpoint(logTreeView);
      const mark = await behind.mark(logTreeView);
      await behind.replace(logTreeView, { name: 'nothing', indexes: [] });
      const kept = rows.flatMap((row) => change(row) ?? []);
      await behind.apply(logTreeView, { rows: kept, checkpoint: { from: START, to: position, mark: mark! } });
    };
  const altered = (id: string): Edit =>
    rewritten((row) =>
      row.id === id ? { ...row, doc: { ...row.doc, hash: Buffer.alloc(32).toString('base64') } } : row,
    );

  it.each<[string, Edit]>([
    ['and altered its newest block', altered('8/4')],
    ['and altered a block below', altered('8/1')],
    ['and altered a subtree above', altered('10/0')],
    ['and removed the subtrees above', rewritten((row) => (row.id.startsWith('8/') ? row : undefined))],
    ['and removed a block', rewritten((row) => (row.id === '8/2' ? undefined : row))],
    ['and removed its newest block', rewritten((row) => (row.id === '8/4' ? undefined : row))],
    ['and removed its rows', rewritten(() => undefined)],
    ['and emptied it', (behind) => behind.replace(logTreeView, { name: 'nothing', indexes: [] })],
    [
      'and set its checkpoint past the head of the log',
      (behind) => behind.apply(logTreeView, { rows: [], checkpoint: { from: 1_279, to: 9_999 } }),
    ],
  ])('%s still has the roots and proofs of the events, before it grows and after', async (_what, edit) => {
    const behind = new MemoryReadModelStore();
    const tree = new LogTree(log.store, new AuthenticatedReadModelStore(behind, keys));
    await tree.grow();
    await edit(behind, await behind.find(logTreeView, {}));
    for (const look of [0, 1]) {
      const grown = look === 0 ? undefined : await tree.grow();
      expect(grown?.root).toEqual(look === 0 ? undefined : log.roots[SIZE]);
      for (const size of [256, 700, 1_024, SIZE]) expect(await tree.root(size)).toEqual(log.roots[size]);
      for (const index of [0, 300, 600, 1_200, SIZE - 1]) {
        const event = log.events[index] as RecordedEvent;
        expect(await tree.indexOf(event)).toBe(index);
        const claim = { index, size: SIZE, leaf: leafOf(event), root: log.roots[SIZE]! };
        expect(verifyInclusion(claim, (await tree.inclusion(index, SIZE))!)).toBe(true);
      }
    }
  });
});
