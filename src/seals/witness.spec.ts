import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isCosigned } from '../../test/support/seals/is-cosigned.js';
import { checkpointText } from './checkpoint.js';
import { LedgerKeys } from './ledger-keys.js';
import { consistencyRanges, proofOf } from './merkle-proofs.js';
import { GrowingTree, leafHash, type TreeNode } from './merkle-tree.js';
import { readVerifierKey, signNote } from './note.js';
import { assertConsistent, Cosigner, Fork, see } from './witness.js';

const newKey = () => generateKeyPairSync('ed25519').privateKey;
const keys = new LedgerKeys([newKey()]);

/** A ledger whose leaves have these texts. */
function ledgerOf(leaves: readonly string[]) {
  const nodes = new Map<string, Buffer>();
  const tree = new GrowingTree();
  const notes = leaves.map((leaf) => {
    tree.add(leafHash(leaf), ({ level, index }, hash) => nodes.set(`${level}/${index}`, hash));
    return signNote(checkpointText({ origin: keys.origin, size: tree.size, root: tree.root }), [keys.newest]);
  });
  const hashOf = ({ level, index }: TreeNode): Buffer => nodes.get(`${level}/${index}`)!;
  const seenAt = (size: number) => see(notes[size - 1] ?? '', keys.all);
  return { seenAt, prove: async (from: number, to: number) => proofOf(consistencyRanges(from, to), hashOf) };
}

describe('a witness', () => {
  const { seenAt, prove } = ledgerOf(['a', 'b', 'c', 'd', 'e']);

  it('takes a checkpoint that continues, or precedes, what it saw', async () => {
    await expect(assertConsistent(seenAt(2), seenAt(5), prove)).resolves.toBeUndefined();
    await expect(assertConsistent(seenAt(5), seenAt(3), prove)).resolves.toBeUndefined();
    await expect(assertConsistent(seenAt(3), seenAt(3), prove)).resolves.toBeUndefined();
  });

  it('refuses a fork, and names both checkpoints', async () => {
    const other = ledgerOf(['a', 'x', 'c', 'd', 'e', 'f']);
    const fork = assertConsistent(seenAt(3), other.seenAt(6), other.prove);
    await expect(fork).rejects.toThrow(Fork);
    await expect(fork).rejects.toThrow(seenAt(3).note);
    await expect(fork).rejects.toThrow(other.seenAt(6).note);
    await expect(assertConsistent(seenAt(3), other.seenAt(3), other.prove)).rejects.toThrow(Fork);
  });

  it('cosigns what it saw, which others can check', () => {
    const cosigner = new Cosigner('witness.example', newKey());
    const note = cosigner.cosign(seenAt(5).note, Date.parse('2026-03-01T12:00:00Z'));
    const { name, type, publicKey } = readVerifierKey(cosigner.verifierKey);
    expect(type).toBe(4);
    expect(isCosigned(note, name, publicKey)).toBe(true);
    expect(isCosigned(note.replace(/^5$/m, '4'), name, publicKey)).toBe(false);
    expect(isCosigned(seenAt(5).note, name, publicKey)).toBe(false);
    expect(see(note, keys.all).checkpoint.size).toBe(5);
  });
});
