import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyRanges, inclusionRanges, proofOf, verifyConsistency, verifyInclusion } from './merkle-proofs.js';
import { EMPTY_ROOT, GrowingTree, leafHash, nodesOf, rootOf, type TreeNode } from './merkle-tree.js';

/** Leaves and roots of the reference implementation of RFC 6962 (merkletree/merkle_tree_test.cc of google/certificate-transparency). */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** A tree with all its nodes and its root at each size. */
function grown(size: number) {
  const tree = new GrowingTree();
  const roots = [tree.root];
  const nodes = new Map<string, Buffer>();
  for (let index = 0; index < size; index++) {
    tree.add(leafHash(`leaf ${index}`), (node, hash) => nodes.set(`${node.level}/${node.index}`, hash));
    roots.push(tree.root);
  }
  const hashOf = ({ level, index }: TreeNode): Buffer => nodes.get(`${level}/${index}`)!;
  return { roots: roots as [Buffer, ...Buffer[]], hashOf };
}

const MOST = 70;
const { roots, hashOf } = grown(MOST);
const sizes = fc.tuple(fc.nat({ max: MOST }), fc.nat({ max: MOST })).map(([a, b]) => (a < b ? [a, b] : [b, a]));

describe('the tree', () => {
  it('has the roots of the reference implementation', () => {
    const tree = new GrowingTree();
    const found = LEAVES.map((leaf) => (tree.add(leafHash(Buffer.from(leaf, 'hex'))), tree.root.toString('hex')));
    expect(found).toEqual(ROOTS);
  });

  it('has the hash of nothing as its root while it is empty', () =>
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'));

  it('continues from the roots of its complete subtrees', () => {
    for (let size = 0; size <= MOST; size++) {
      const tree = new GrowingTree(size, nodesOf({ from: 0, to: size }).map(hashOf));
      for (let index = size; index < MOST; index++) tree.add(leafHash(`leaf ${index}`));
      expect(tree.root).toEqual(roots[MOST]);
    }
  });

  it('takes sizes beyond 32 bits', () => {
    const nodes = nodesOf({ from: 0, to: 2 ** 40 + 3 });
    expect(nodes).toEqual([
      { level: 40, index: 0 },
      { level: 1, index: 2 ** 39 },
      { level: 0, index: 2 ** 40 + 2 },
    ]);
  });
});

describe('a proof of inclusion', () => {
  const proven = (index: number, size: number) => proofOf(inclusionRanges(index, size), hashOf);

  it('shows each leaf in each tree', () => {
    for (let size = 1; size <= MOST; size++) {
      for (let index = 0; index < size; index++) {
        const claim = { index, size, leaf: leafHash(`leaf ${index}`), root: roots[size]! };
        expect(verifyInclusion(claim, proven(index, size))).toBe(true);
      }
    }
  });

  it('shows nothing else', () =>
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), ([index = 0, size = 0], other, at) => {
        fc.pre(index < size);
        const proof = proven(index, size);
        const claim = { index, size, leaf: leafHash(`leaf ${index}`), root: roots[size]! };
        const elsewhere = other % (size + 1);
        expect(verifyInclusion({ ...claim, index: elsewhere }, proof)).toBe(elsewhere === index);
        expect(verifyInclusion({ ...claim, leaf: leafHash('another') }, proof)).toBe(false);
        expect(verifyInclusion({ ...claim, root: leafHash('another') }, proof)).toBe(false);
        expect(verifyInclusion(claim, [...proof, roots[1]!])).toBe(false);
        if (proof.length === 0) return;
        expect(verifyInclusion(claim, proof.slice(1))).toBe(false);
        const changed = proof.with(at % proof.length, leafHash('another'));
        expect(verifyInclusion(claim, changed)).toBe(false);
      }),
    ));
});

describe('a proof of consistency', () => {
  const proven = (from: number, to: number) => proofOf(consistencyRanges(from, to), hashOf);
  const head = (size: number) => ({ size, root: roots[size]! });

  it('shows each tree to be the beginning of each later one', () => {
    for (let to = 0; to <= MOST; to++) {
      for (let from = 0; from <= to; from++) {
        expect(verifyConsistency(head(from), head(to), proven(from, to))).toBe(true);
      }
    }
  });

  it('shows nothing else', () =>
    fc.assert(
      fc.property(sizes, fc.nat(), ([from = 0, to = 0], at) => {
        fc.pre(from > 0);
        const proof = proven(from, to);
        const another = leafHash('another');
        expect(verifyConsistency({ size: from, root: another }, head(to), proof)).toBe(false);
        expect(verifyConsistency(head(from), { size: to, root: another }, proof)).toBe(false);
        expect(verifyConsistency(head(from), head(to), [...proof, another])).toBe(false);
        if (proof.length === 0) return;
        expect(verifyConsistency(head(from), head(to), proof.slice(1))).toBe(false);
        expect(verifyConsistency(head(from), head(to), proof.with(at % proof.length, another))).toBe(false);
        expect(verifyConsistency(head(to), head(from), proof)).toBe(false);
      }),
    ));
});

it('an empty range has the empty root', () => expect(rootOf([])).toEqual(EMPTY_ROOT));
