// What the seals say, checked by programs that nobody here wrote: Go's golang.org/x/mod/sumdb (roots, proofs, notes), and openssl (signatures).
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  checkpointText,
  consistencyRanges,
  GrowingTree,
  inclusionRanges,
  leafHash,
  LedgerKeys,
  parseNote,
  proofOf,
  signNote,
  type TreeNode,
} from '../../src/seals/index.js';

const ORACLE = fileURLToPath(new URL('../support/ledger/tlog-oracle', import.meta.url));
const LEAVES = Array.from({ length: 130 }, (_, index) => `leaf ${index}`);

const privateKey = generateKeyPairSync('ed25519').privateKey;
const keys = new LedgerKeys([privateKey]);
const nodes = new Map<string, Buffer>();
const tree = new GrowingTree();
const roots = [tree.root];
for (const leaf of LEAVES) {
  tree.add(leafHash(leaf), ({ level, index }, hash) => nodes.set(`${level}/${index}`, hash));
  roots.push(tree.root);
}
const hashOf = ({ level, index }: TreeNode): Buffer => nodes.get(`${level}/${index}`)!;
const note = signNote(checkpointText({ origin: keys.origin, size: tree.size, root: tree.root }), [keys.newest]);

/** False where a program is missing; then it has been said on the console. In CI that is an error. */
function isHere(program: string, argument: string): boolean {
  if (spawnSync(program, [argument]).status === 0) return true;
  if (process.env['CI']) throw new Error(`${program} is missing`);
  console.warn(`SKIPPED, what ${program} checks: it is missing`);
  return false;
}

const base64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'));

const claims = () => {
  const pairs = roots.flatMap((_, to) => roots.slice(0, to).map((_root, from) => ({ from, to })));
  return {
    Leaves: LEAVES,
    Roots: base64(roots),
    Inclusions: pairs.map(({ from: index, to: size }) => ({
      Index: index,
      Size: size,
      Proof: base64(proofOf(inclusionRanges(index, size), hashOf)),
    })),
    Consistencies: pairs
      .filter(({ from }) => from > 0)
      .map(({ from, to }) => ({ From: from, To: to, Proof: base64(proofOf(consistencyRanges(from, to), hashOf)) })),
    Note: note,
    Key: keys.newest.verifierKey,
  };
};

describe.runIf(isHere('go', 'version'))('Go’s transparency log', () => {
  const found = (told: object): string =>
    execFileSync('go', ['run', '.'], { cwd: ORACLE, input: JSON.stringify(told), encoding: 'utf8' });

  it('agrees on every root, proof and note', () => {
    expect(found(claims())).toBe('');
  });

  it('would tell of another root', () => {
    expect(found({ ...claims(), Roots: base64(roots.with(7, leafHash('another'))) })).toMatch('root of 7 leaves');
  });
});

describe.runIf(isHere('openssl', 'version'))('openssl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const put = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('verifies the signature of a checkpoint', () => {
    const { text, signatures } = parseNote(note);
    const key = put('key.pem', createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
    const signature = put('signature', signatures[0]?.bytes ?? Buffer.alloc(0));
    const options = ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-sigfile', signature, '-in'];
    const verify = (content: string) => spawnSync('openssl', [...options, put('text', content)]).status;
    expect([verify(text), verify(text.replace('130', '131'))]).toEqual([0, 1]);
  });
});
