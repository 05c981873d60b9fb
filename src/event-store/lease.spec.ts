import { describe, expect, it } from 'vitest';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { Lease } from './index.js';

const TTL = 1_000;

function leases() {
  const store = new MemoryReadModelStore();
  return { a: new Lease(store, 'projections', 'a', TTL), b: new Lease(store, 'projections', 'b', TTL), store };
}

describe('a lease', () => {
  it('goes to the first who asks, and not to a second', async () => {
    const { a, b } = leases();
    expect([await a.acquire(0), await b.acquire(1)]).toEqual([true, false]);
  });

  it('is renewed by its owner', async () => {
    const { a, b } = leases();
    await a.acquire(0);
    expect(await a.acquire(900)).toBe(true);
    expect(await b.acquire(1_800)).toBe(false);
  });

  it('is renewed by its owner without reading it first, unless it is unknown what a renewal came to', async () => {
    const { a, b, store } = leases();
    const [load, apply] = [store.load.bind(store), store.apply.bind(store)];
    let loads = 0;
    store.load = (...which) => {
      loads++;
      return load(...which);
    };
    await a.acquire(0);
    loads = 0;
    expect([await a.acquire(100), await a.acquire(200), loads]).toEqual([true, true, 2]);
    store.apply = async (...what) => {
      await apply(...what);
      throw new Error('the answer was lost');
    };
    await expect(a.acquire(300)).rejects.toThrow('lost');
    store.apply = apply;
    expect([await a.acquire(900), await b.acquire(900 + TTL - 1)]).toEqual([true, false]);
    expect((await b.read()).until).toBe(900 + TTL);
  });

  it('is taken over when its owner has not renewed it', async () => {
    const { a, b } = leases();
    await a.acquire(0);
    expect(await b.acquire(TTL)).toBe(true);
    expect(await a.acquire(TTL + 1)).toBe(false);
  });

  it('is taken over from a clock that was ahead by more than minutes', async () => {
    const { a, b } = leases();
    await a.acquire(2 * 86_400_000);
    expect(await b.acquire(0)).toBe(true);
    expect(await a.acquire(1)).toBe(false);
  });

  it('is not taken over from a clock that is minutes ahead', async () => {
    const { a, b } = leases();
    await a.acquire(5 * 60_000);
    expect(await b.acquire(0)).toBe(false);
  });

  it('is free at once when its owner releases it', async () => {
    const { a, b } = leases();
    await a.acquire(0);
    await b.release(1);
    expect(await b.acquire(1)).toBe(false);
    await a.release(2);
    expect(await b.acquire(2)).toBe(true);
  });

  it('lists its owner, its end and the owner’s note', async () => {
    const { a, b, store } = leases();
    expect(await a.read()).toMatchObject({ owner: '', until: 0, note: {} });
    await a.acquire(5, { release: '1.2.3' });
    expect(await b.read()).toMatchObject({ owner: 'a', until: 5 + TTL, note: { release: '1.2.3' } });
    await a.release(7);
    await new Lease(store, 'sweep', 'b', TTL).acquire(0);
    expect(await Lease.all(store)).toEqual([
      { name: 'projections', owner: 'a', until: 7, note: { release: '1.2.3' } },
      { name: 'sweep', owner: 'b', until: TTL, note: {} },
    ]);
  });

  it('goes to exactly one of many who ask at once, round after round', async () => {
    const { store } = leases();
    const owners = Array.from({ length: 20 }, (_, index) => new Lease(store, 'sweep', `owner-${index}`, TTL));
    for (let round = 0; round < 10; round++) {
      const won = await Promise.all(owners.map((lease) => lease.acquire(round * TTL)));
      expect(won.filter(Boolean)).toHaveLength(1);
    }
  });

  it('is one of many by its name', async () => {
    const { store } = leases();
    expect(await new Lease(store, 'x', 'a', TTL).acquire(0)).toBe(true);
    expect(await new Lease(store, 'y', 'b', TTL).acquire(0)).toBe(true);
  });
});
