// Proofs over the tree: that a leaf is in it (RFC 6962, section 2.1.1), and that a later tree only adds to an earlier one (section 2.1.2).
// They are verified as RFC 9162, sections 2.1.3.2 and 2.1.4.2, describe. Pure.
import { half, type LeafRange, nodeHash, nodesOf, rootOf, type TreeNode } from './merkle-tree.js';

/** Hashes from the leaf upwards. */
export type Proof = readonly Uint8Array[];

/** Gives the hash of a complete subtree. */
export type NodeHashes = (node: TreeNode) => Uint8Array;

export interface Inclusion {
  /** Counts from 0. */
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
}

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The ranges of leaves whose roots prove that leaf `index` is in the tree of `size` leaves. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.unshift({ from: middle, to });
      to = middle;
    } else {
      ranges.unshift({ from, to: middle });
      from = middle;
    }
  }
  return ranges;
}

/** The ranges of leaves whose roots prove that the tree of `later` leaves begins with the tree of `earlier` leaves. */
export function consistencyRanges(earlier: number, later: number): LeafRange[] {
  if (earlier === 0) return [];
  const ranges: LeafRange[] = [];
  let [from, to] = [0, later];
  while (earlier !== to) {
    const middle = from + splitOf(to - from);
    if (earlier <= middle) {
      ranges.unshift({ from: middle, to });
      to = middle;
    } else {
      ranges.unshift({ from, to: middle });
      from = middle;
    }
  }
  return from === 0 ? ranges : [{ from, to }, ...ranges];
}

/** The proof that consists of the roots of ranges. */
export const proofOf = (ranges: readonly LeafRange[], hashOf: NodeHashes): Buffer[] =>
  ranges.map((range) => rootOf(nodesOf(range).map(hashOf)));

/** The largest power of two below a size of at least 2. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

const isOdd = (number: number): boolean => number % 2 === 1;
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether the proof shows that the leaf is in the tree with this root. */
export function verifyInclusion({ index, size, leaf, root }: Inclusion, proof: Proof): boolean {
  if (!isLeafOf(index, size)) return false;
  let [node, last] = [index, size - 1];
  let hash: Uint8Array = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      [node, last] = toOdd(node, last);
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSame(hash, root);
}

const isLeafOf = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;

/** Goes up to where the path turns left, or to the root. */
function toOdd(node: number, last: number): [number, number] {
  while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
  return [node, last];
}

/** Whether the proof shows that the tree `later` begins with all leaves of the tree `earlier`, in their order. */
export function verifyConsistency(earlier: TreeHead, later: TreeHead, proof: Proof): boolean {
  if (!isLeafOf(earlier.size, later.size + 1)) return false;
  if (earlier.size === later.size) return proof.length === 0 && isSame(earlier.root, later.root);
  if (earlier.size === 0) return proof.length === 0;
  const isComplete = nodesOf({ from: 0, to: earlier.size }).length === 1;
  const [first, ...others] = isComplete ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let before: Uint8Array = first;
  let after: Uint8Array = first;
  for (const sibling of others) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      [node, last] = toOdd(node, last);
    } else {
      after = nodeHash(after, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSame(before, earlier.root) && isSame(after, later.root);
}
