// The Merkle tree of RFC 6962, section 2.1: SHA-256, with a byte before each input that tells leaves from nodes. Pure.
import { hash } from 'node:crypto';

/** A third faster than letting `hash` make the buffer. */
const sha256 = (input: string | Uint8Array): Buffer => Buffer.from(hash('sha256', input), 'hex');

/** The root of a tree without leaves: the SHA-256 of nothing. */
export const EMPTY_ROOT: Buffer = sha256('');

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The hash of a leaf; a text is taken in UTF-8. */
export const leafHash = (input: string | Uint8Array): Buffer =>
  sha256(typeof input === 'string' ? `\0${input}` : Buffer.concat([LEAF, input]));

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.concat([NODE, left, right]));

/** A complete subtree: 2^level leaves, the first of which is leaf index × 2^level. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** A half-open range of leaves. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** Half of a number, rounded down. Tree sizes may exceed the 32 bits of the shift operators. */
export const half = (number: number): number => (number - (number % 2)) / 2;

/** The complete subtrees that make up the tree over a range, from the left, each smaller than the one before it. */
export function nodesOf({ from, to }: LeafRange): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let start = from; start < to;) {
    let level = 0;
    let size = 1;
    while (size * 2 <= to - start) {
      size *= 2;
      level++;
    }
    nodes.push({ level, index: start / size });
    start += size;
  }
  return nodes;
}

/** The root over complete subtrees that get smaller from left to right. */
export const rootOf = (hashes: readonly Uint8Array[]): Buffer =>
  hashes.length === 0 ? EMPTY_ROOT : Buffer.from(hashes.reduceRight((right, left) => nodeHash(left, right)));

/** A tree that grows. It keeps only the roots of its largest complete subtrees, so log2(size) hashes. */
export class GrowingTree {
  #size: number;
  readonly #roots: Buffer[];

  /** Continues a tree of a size whose largest complete subtrees (`nodesOf`) have these roots. */
  constructor(size = 0, roots: readonly Uint8Array[] = []) {
    this.#size = size;
    this.#roots = roots.map((root) => Buffer.from(root));
  }

  get size(): number {
    return this.#size;
  }

  get root(): Buffer {
    return rootOf(this.#roots);
  }

  /** Adds the hash of the next leaf. Tells of each complete subtree that it ends, the leaf among them. */
  add(leaf: Buffer, onNode?: (node: TreeNode, hash: Buffer) => void): void {
    let [level, index, root] = [0, this.#size, leaf];
    onNode?.({ level, index }, root);
    for (; index % 2 === 1; onNode?.({ level, index }, root)) {
      root = nodeHash(this.#roots.pop() as Buffer, root);
      index = half(index);
      level++;
    }
    this.#roots.push(root);
    this.#size++;
  }
}
