import { describe, expect, it } from 'vitest';
import { happen, newKey, sealing } from '../../../test/support/seals/sealing.js';
import { openCheckpoint } from '../checkpoint.js';
import { verifyConsistency } from '../merkle-proofs.js';
import { readVerifierKey } from '../note.js';
import { LogController } from './log.controller.js';

const hashesOf = (proof: readonly string[]): Buffer[] => proof.map((hash) => Buffer.from(hash, 'base64'));

describe('the log', () => {
  it('shows the newest checkpoint, and proves that it continues every earlier one', async () => {
    const { store, seals, sealer } = sealing();
    const log = new LogController(seals);
    const notes: string[] = [];
    for (let count = 0; count < 4; count++) {
      await happen(store);
      await sealer.seal();
      notes.push(await log.checkpoint());
    }
    const checkpoints = notes.map((note) => openCheckpoint(note, seals.keys?.all ?? []));
    expect(checkpoints.map(({ size }) => size)).toEqual([1, 3, 5, 7]);
    for (const [index, earlier] of checkpoints.entries()) {
      for (const later of checkpoints.slice(index)) {
        const answer = await log.consistency({ from: earlier.size, to: later.size });
        expect(answer).toMatchObject({ object: 'consistency_proof', from: earlier.size, to: later.size });
        expect(verifyConsistency(earlier, later, hashesOf(answer.proof))).toBe(true);
      }
    }
  });

  it('says nothing of what is not sealed yet', async () => {
    const { store, seals, sealer } = sealing();
    const log = new LogController(seals);
    await expect(log.checkpoint()).rejects.toThrow('This ledger has no checkpoint yet.');
    await happen(store);
    await sealer.seal();
    await happen(store); // 3 events with the checkpoint, of which 1 is sealed
    for (const [from, to] of [
      [1, 2],
      [1, 0],
      [7, 9],
    ] as const)
      await expect(log.consistency({ from, to })).rejects.toThrow('The newest checkpoint has size 1.');
    expect((await log.consistency({ from: 0, to: 1 })).proof).toEqual([]);
  });

  it('shows the keys, newest first, in the form that checkers take', () => {
    const { seals } = sealing([newKey(), newKey()]);
    const lines = new LogController(seals).key().trimEnd().split('\n');
    expect(lines).toEqual(seals.keys?.all.map(({ verifierKey }) => verifierKey));
    expect(lines.map((line) => readVerifierKey(line).name)).toEqual([seals.keys?.origin, seals.keys?.origin]);
  });

  it('has neither for a ledger without a key', async () => {
    const log = new LogController(sealing([]).seals);
    expect(() => log.key()).toThrow('This ledger has no key.');
    await expect(log.checkpoint()).rejects.toThrow('no checkpoint yet');
  });
});
