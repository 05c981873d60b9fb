import { describe, expect, it } from 'vitest';
import { happen, newKey, sealing } from '../../test/support/seals/sealing.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { openCheckpoint } from './checkpoint.js';
import { verifyInclusion } from './merkle-proofs.js';
import { leafHash } from './merkle-tree.js';
import { LogAltered } from './sealer.js';

describe('the sealer', () => {
  it('signs a log that has grown, records the checkpoint, and writes it outside', async () => {
    const { store, place, seals, sealer } = sealing();
    await happen(store);
    expect(await sealer.seal()).toMatchObject({ isNew: true, checkpoint: { size: 1 } });
    const newest = await seals.newest();
    expect(newest).toMatchObject({ size: 1 });
    expect([...place.kept]).toEqual([[1, newest?.note]]);
    expect(openCheckpoint(newest?.note ?? '', seals.keys?.all ?? []).size).toBe(1);
  });

  it('signs nothing for its own checkpoint, nor for an empty log', async () => {
    const { store, sealer } = sealing();
    expect(await sealer.seal()).toMatchObject({ isNew: false, checkpoint: undefined });
    await happen(store);
    await sealer.seal();
    expect(await sealer.seal()).toMatchObject({ isNew: false, checkpoint: { size: 1 } });
    await happen(store);
    expect(await sealer.seal()).toMatchObject({ isNew: true, checkpoint: { size: 3 } });
  });

  it('writes to a place that was down as soon as it is up again', async () => {
    const { store, place, sealer } = sealing();
    await happen(store);
    place.isDown = true;
    expect((await sealer.seal())?.failures).toEqual(new Map([['memory', 'it is down']]));
    place.isDown = false;
    expect(await sealer.seal()).toMatchObject({ isNew: false, failures: new Map() });
    expect([...place.kept.keys()]).toEqual([1]);
  });

  it('takes no checkpoint of a place for another that it has by a false name', async () => {
    const { store, place, again, sealer } = sealing();
    await happen(store);
    await sealer.seal();
    place.kept.set(1_000_000, place.kept.get(1) ?? '');
    await happen(store);
    const restarted = again().sealer;
    await expect(restarted.seal()).rejects.toThrow(
      'the checkpoint of 1000000 events in memory is not signed by a key of LEDGER_KEY_FILE, or is none (it seals 1 event)',
    );
    await expect(restarted.seal()).rejects.toThrow(LogAltered);
    place.kept.delete(1_000_000);
    expect(await restarted.seal()).toMatchObject({ isNew: true });
    expect([...place.kept.keys()]).toEqual([1, 3]);
  });

  it('takes what another gateway signs meanwhile for no cut', async () => {
    const { store, seals, sealer, again } = sealing();
    await happen(store);
    const { tree } = seals;
    const grow = tree.grow.bind(tree);
    tree.grow = async (signal) => {
      const grown = await grow(signal);
      await happen(store);
      await again().sealer.seal();
      return grown;
    };
    expect(await sealer.seal()).toMatchObject({ isNew: false });
    expect(await seals.newest()).toMatchObject({ size: 2 });
  });

  it('signs nothing after the log was cut', async () => {
    const { store, again, sealer, keys } = sealing();
    await happen(store);
    await happen(store);
    await sealer.seal();
    const cut = new MemoryEventStore();
    await happen(cut);
    await expect(again(keys, cut).sealer.seal()).rejects.toThrow(LogAltered);
    await expect(again(keys, cut).sealer.seal()).rejects.toThrow('the log has 1 event; a checkpoint seals 2');
  });

  it.each(['cut', 'altered'])('signs nothing in later turns either after the log was %s', async (how) => {
    const { store, again, sealer, keys } = sealing();
    await happen(store);
    await happen(store);
    await sealer.seal();
    const other = new MemoryEventStore();
    for (let count = 0; count < (how === 'cut' ? 1 : 3); count++) await happen(other);
    const restarted = again(keys, other);
    for (let turns = 0; turns < 3; turns++) await expect(restarted.sealer.seal()).rejects.toThrow(LogAltered);
    expect(await restarted.seals.newest()).toBeUndefined();
  });

  it('signs nothing after the log was altered', async () => {
    const { store, again, sealer, keys } = sealing();
    await happen(store);
    await sealer.seal();
    const altered = new MemoryEventStore();
    for (let count = 0; count < 3; count++) await happen(altered);
    await expect(again(keys, altered).sealer.seal()).rejects.toThrow('they were altered');
  });

  it('signs with the old key, too, when there is a new one, and then with that alone', async () => {
    const { store, keys, again, sealer, place } = sealing();
    await happen(store);
    await sealer.seal();
    const rotated = again([newKey(), ...keys]);
    const signed = async (): Promise<number> => {
      await happen(store);
      const size = (await rotated.sealer.seal())?.checkpoint?.size ?? 0;
      return rotated.seals.openCheckpoint(place.kept.get(size) ?? '').keyIds.length;
    };
    expect(await signed()).toBe(2);
    expect(await signed()).toBe(1);
  });

  it('does not go on from a checkpoint of a key that it does not know', async () => {
    const { store, again, sealer } = sealing();
    await happen(store);
    await sealer.seal();
    await expect(again([newKey()]).sealer.seal()).rejects.toThrow('not signed by a key of LEDGER_KEY_FILE');
  });
});

describe('a proof for an event', () => {
  it('is there once a checkpoint covers it', async () => {
    const { store, seals, sealer } = sealing();
    await happen(store, 'first');
    await happen(store, 'second');
    expect(await seals.prove('second', 0)).toBeUndefined();
    await sealer.seal();
    const { checkpoint, index, leaf, proof } = (await seals.prove('second', 0))!;
    const { size, root } = openCheckpoint(checkpoint, seals.keys?.all ?? []);
    const hashes = proof.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyInclusion({ index, size, leaf: leafHash(leaf), root }, hashes)).toBe(true);
    await expect(seals.prove('third', 0)).rejects.toThrow(RangeError);
  });
});
