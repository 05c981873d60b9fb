import { describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { NO_STREAM, START, ViewBehind, type ViewDefinition, WaitFor } from './index.js';

const view: ViewDefinition = { name: 'counts-1', indexes: [] };
const event = { id: '6f1b2f0e-6d0a-4c57-9a3e-2f5d8c1f7a11', type: 'Counted', data: {}, metadata: {} };
const SOON_MS = 150;

function setup(timeoutMs = 10_000) {
  const [store, readModels] = [new MemoryEventStore(), new MemoryReadModelStore()];
  const move = (from: number, to: number) => readModels.apply(view, { rows: [], checkpoint: { from, to } });
  return { store, readModels, move, waitFor: new WaitFor(store, readModels, timeoutMs) };
}

const behind = async (wait: Promise<void>): Promise<ViewBehind> => {
  const error: unknown = await wait.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ViewBehind) return error;
  throw new Error(`not behind: ${String(error)}`);
};

describe('waiting for a view', () => {
  it('ends at once where the view is there already', async () => {
    const { waitFor, move } = setup();
    await move(START, 7);
    await expect(waitFor.position(view, 7)).resolves.toBeUndefined();
    await expect(waitFor.position({ ...view, name: 'empty-1' }, START)).resolves.toBeUndefined();
  });

  it('ends when the view has taken in what is in the log at the time of the call', async () => {
    const { store, waitFor, move } = setup();
    await store.append('a', NO_STREAM, [event]);
    let isThere = false;
    const wait = waitFor.head(view).then(() => (isThere = true));
    await new Promise((resolve) => setTimeout(resolve, SOON_MS));
    expect(isThere).toBe(false);
    await move(START, 0);
    await wait;
  });

  it('ends for each of many at its own position, and asks the store for all of them at once', async () => {
    const { readModels, waitFor, move } = setup();
    let asked = 0;
    const checkpoint = readModels.checkpoint.bind(readModels);
    readModels.checkpoint = (which) => {
      asked++;
      return checkpoint(which);
    };
    const order: number[] = [];
    const waits = [30, 10, 20, ...Array.from({ length: 200 }, () => 30)].map(async (target) => {
      await waitFor.position(view, target);
      order.push(target);
    });
    for (const [from, to] of [
      [START, 10],
      [10, 20],
      [20, 30],
    ] as const) {
      await move(from, to);
      await expect.poll(() => order.at(-1)).toBe(to);
    }
    await Promise.all(waits);
    expect(order.slice(0, 2)).toEqual([10, 20]);
    expect(asked).toBeLessThan(200);
  });

  it('gives up in time and says how far the view is', async () => {
    const { waitFor, move } = setup(SOON_MS);
    await move(START, 40);
    const error = await behind(waitFor.position(view, 100));
    expect(error).toMatchObject({ view: 'counts-1', reached: { position: 40, target: 100 }, secondsLeft: undefined });
    expect(error.message).toBe('counts-1 has not seen yet all that it must show, but about 40 % of the ledger');
  });

  it('tells how long a view that moves will take', async () => {
    const { waitFor, move } = setup(500);
    let at = START;
    const mover = setInterval(() => void move(at, ++at), 10);
    const { secondsLeft } = await behind(waitFor.position(view, 1_000_000));
    clearInterval(mover);
    expect(secondsLeft).toBeGreaterThan(100);
  });

  it('stands a store that fails for a while', async () => {
    const { readModels, waitFor, move } = setup();
    const checkpoint = readModels.checkpoint.bind(readModels);
    readModels.checkpoint = () => Promise.reject(new Error('no server'));
    const wait = waitFor.position(view, 3);
    await new Promise((resolve) => setTimeout(resolve, SOON_MS));
    readModels.checkpoint = checkpoint;
    await move(START, 3);
    await expect(wait).resolves.toBeUndefined();
  });

  it('gives up in time on a store that stays away, or never answers, and says why', async () => {
    const { readModels, waitFor } = setup(SOON_MS);
    readModels.checkpoint = () => Promise.reject(new Error('no server'));
    const error = await behind(waitFor.position(view, 3));
    expect(error.message).toBe('counts-1 can’t be read');
    expect(error.cause).toEqual(new Error('no server'));
    readModels.checkpoint = () => new Promise(() => {});
    const other = { ...view, name: 'other-1' };
    await behind(waitFor.position(other, 3));
  });
});
