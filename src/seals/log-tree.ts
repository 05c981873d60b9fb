// The tree over the log. Subtrees of 256 leaves and more are kept as rows of a view (0.3 rows a hundred events), which can be thrown away; what
// is below is computed from the events. So a proof reads two dozen rows and 512 events at most, however long the log is.
import {
  emptyView,
  type EventEnvelope,
  type EventStore,
  logFault,
  markOf,
  type ReadModelStore,
  type Row,
  START,
  type ViewDefinition,
} from '../event-store/index.js';
import { type JsonObject, pause } from '../kernel/index.js';
import { leafOf } from './leaf.js';
import { consistencyRanges, inclusionRanges, proofOf } from './merkle-proofs.js';
import { GrowingTree, type LeafRange, nodeHash, nodesOf, type TreeNode } from './merkle-tree.js';

/** The level of the smallest subtrees that are kept, and their leaves. */
const BLOCK_LEVEL = 8;
const BLOCK = 2 ** BLOCK_LEVEL;
/** Calls wait for a page, which takes half a millisecond, and go first in the rest after it. */
const PAGE = 64;
const REST_MS = 4;

interface NodeDoc extends JsonObject {
  readonly level: number;
  readonly index: number;
  readonly hash: string;
  /** The position of the event before its first leaf. */
  readonly after: number;
}

/** What is signed is made of its rows, without the events below them: whoever writes to the read models must not choose it. */
export const logTreeView: ViewDefinition = { name: 'log-tree-2', indexes: [['level', 'after']], believed: true };
const VIEW = logTreeView;

const rowId = ({ level, index }: TreeNode): string => `${level}/${index}`;

/** How far the rows go: the blocks, and the position of the last event in them. */
interface Kept {
  readonly blocks: number;
  readonly position: number;
}

/** Reads the tree; `grow` alone writes, and needs no more than one process to do so at a time. */
export class LogTree {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
  ) {}

  /**
   * Takes in the log to its present end, and keeps the subtrees that were completed. Rests after each page, unless it can’t be ended by a signal.
   * Returns undefined when one ended it.
   */
  async grow(signal?: AbortSignal): Promise<GrowingTree | undefined> {
    const { tree, start } = await this.#begun();
    const growth = new Growth(this.readModels, tree, start);
    for (let position = start; ;) {
      const page = await this.store.readEnvelopes(position, PAGE);
      const last = page.at(-1);
      if (last === undefined) return tree;
      await growth.take(page);
      position = last.position;
      if (signal !== undefined && page.length === PAGE) await pause(REST_MS, signal);
      if (signal?.aborted) return undefined;
    }
  }

  /** As far as it is kept; from nothing where what is kept is of another log, or rows of it are gone or nobody's. */
  async #begun(): Promise<{ readonly tree: GrowingTree; readonly start: number }> {
    const { blocks, position } = await this.#kept();
    const roots = await this.#hashes(nodesOf({ from: 0, to: blocks * BLOCK }));
    const known = roots.filter((root) => root !== undefined);
    const isWhole = known.length === roots.length && (blocks > 0 || (await this.readModels.checkpoint(VIEW)) === START);
    if (isWhole && (await logFault(this.store, this.readModels, VIEW)) === undefined)
      return { tree: new GrowingTree(blocks * BLOCK, known), start: position };
    await emptyView(this.readModels, VIEW);
    return { tree: new GrowingTree(), start: START };
  }

  /** The root of the first `size` leaves; undefined when the log has fewer. */
  async root(size: number): Promise<Buffer | undefined> {
    return (await this.treeOf(size))?.root;
  }

  /** The tree of the first `size` leaves, to be continued; undefined when the log has fewer. */
  async treeOf(size: number): Promise<GrowingTree | undefined> {
    const hashOf = await this.#hashOfRanges([{ from: 0, to: size }]);
    return hashOf && new GrowingTree(size, nodesOf({ from: 0, to: size }).map(hashOf));
  }

  /** The proof that the leaf is in the tree of `size` leaves; undefined when the log has fewer. */
  inclusion(index: number, size: number): Promise<readonly Buffer[] | undefined> {
    return this.#proof(inclusionRanges(index, size));
  }

  /** The proof that the tree of `later` leaves begins with that of `earlier`; undefined when the log has fewer. */
  consistency(earlier: number, later: number): Promise<readonly Buffer[] | undefined> {
    return this.#proof(consistencyRanges(earlier, later));
  }

  /** Which leaf an event of the log is. */
  async indexOf({ position }: EventEnvelope): Promise<number> {
    const query = {
      where: { level: BLOCK_LEVEL },
      below: { after: position },
      orderBy: 'after',
      descending: true,
      limit: 1,
    };
    const [row] = (await this.readModels.find(VIEW, query)) as Row<NodeDoc>[];
    let [index, after] = row === undefined ? [0, START] : [row.doc.index * BLOCK, row.doc.after];
    for (;;) {
      const page = await this.store.readEnvelopes(after, BLOCK);
      const found = page.findIndex((event) => event.position >= position);
      if (found >= 0) return index + found;
      if (page.length === 0) throw new Error(`the log has no event at position ${position}`);
      index += page.length;
      after = page.at(-1)?.position ?? after;
    }
  }

  /** The position of the event before leaf `index`; `START` before the first. */
  async positionBefore(index: number): Promise<number> {
    const start = await this.#startOf((index - (index % BLOCK)) / BLOCK);
    let after = start.position;
    for (let left = index - start.blocks * BLOCK; left > 0;) {
      const page = await this.store.readEnvelopes(after, Math.min(BLOCK, left));
      if (page.length === 0) return after;
      left -= page.length;
      after = page.at(-1)?.position ?? after;
    }
    return after;
  }

  async #proof(ranges: readonly LeafRange[]): Promise<readonly Buffer[] | undefined> {
    const hashOf = await this.#hashOfRanges(ranges);
    return hashOf && proofOf(ranges, hashOf);
  }

  /** Loads what the roots of ranges are made of; undefined when the log does not go that far. */
  async #hashOfRanges(ranges: readonly LeafRange[]): Promise<((node: TreeNode) => Buffer) | undefined> {
    const { blocks } = await this.#kept();
    const nodes = ranges.flatMap(nodesOf);
    const isKept = ({ level, index }: TreeNode): boolean =>
      level >= BLOCK_LEVEL && (index + 1) * 2 ** level <= blocks * BLOCK;
    const kept = nodes.filter(isKept);
    const hashes = await this.#hashes(kept);
    const known = new Map(kept.flatMap((node, at) => (hashes[at] === undefined ? [] : [[rowId(node), hashes[at]]])));
    const others = nodes.filter((each) => !known.has(rowId(each)));
    const wanted = new Set(others.map(rowId));
    for (const node of others) {
      if (!known.has(rowId(node)) && !(await this.#read(node, wanted, known))) return undefined;
    }
    return (node) => known.get(rowId(node)) as Buffer;
  }

  /** Computes a node, and others that are wanted, from the events of its blocks. False when the log has not all of them. */
  async #read({ level, index }: TreeNode, wanted: ReadonlySet<string>, known: Map<string, Buffer>): Promise<boolean> {
    const [from, to] = [index * 2 ** level, (index + 1) * 2 ** level];
    const first = from - (from % BLOCK);
    const tree = new GrowingTree(
      first,
      Array.from(nodesOf({ from: 0, to: first }), () => Buffer.alloc(32)),
    );
    const note = (node: TreeNode, hash: Buffer): void => {
      if (wanted.has(rowId(node)) && node.index * 2 ** node.level >= first) known.set(rowId(node), hash);
    };
    for (let after = await this.positionBefore(first); tree.size < to;) {
      const page = await this.store.readEnvelopes(after, Math.min(BLOCK, to - tree.size));
      if (page.length === 0) return false;
      for (const event of page) tree.add(leafOf(event), note);
      after = page.at(-1)?.position ?? after;
    }
    return true;
  }

  /** The blocks that are kept. */
  async #kept(): Promise<Kept> {
    const query = { where: { level: BLOCK_LEVEL }, orderBy: 'after', descending: true, limit: 1 };
    const [row] = (await this.readModels.find(VIEW, query)) as Row<NodeDoc>[];
    return row === undefined ? { blocks: 0, position: START } : { blocks: row.doc.index + 1, position: row.position };
  }

  /** The blocks before this one, and the position of their last event; fewer where its row is not kept, or gone. */
  async #startOf(block: number): Promise<Kept> {
    const id = rowId({ level: BLOCK_LEVEL, index: block });
    const row = (await this.readModels.load(VIEW, [id])).get(id) as Row<NodeDoc> | undefined;
    if (row !== undefined) return { blocks: block, position: row.doc.after };
    const kept = await this.#kept();
    return kept.blocks <= block ? kept : { blocks: 0, position: START };
  }

  /** Hashes of nodes, undefined where a row is gone. A server that died may have kept the children of one without it. */
  async #hashes(nodes: readonly TreeNode[]): Promise<(Buffer | undefined)[]> {
    if (nodes.length === 0) return [];
    const rows = await this.readModels.load(VIEW, nodes.map(rowId));
    const hashes: (Buffer | undefined)[] = [];
    for (const node of nodes) {
      const doc = rows.get(rowId(node))?.doc as NodeDoc | undefined;
      hashes.push(doc === undefined ? await this.#fromChildren(node) : Buffer.from(doc.hash, 'base64'));
    }
    return hashes;
  }

  async #fromChildren({ level, index }: TreeNode): Promise<Buffer | undefined> {
    if (level <= BLOCK_LEVEL) return undefined;
    const children = [index * 2, index * 2 + 1].map((child) => ({ level: level - 1, index: child }));
    const [left, right] = await this.#hashes(children);
    return left && right && nodeHash(left, right);
  }
}

/** Collects what is to be kept while the tree grows. */
class Growth {
  #blockStart: number;
  #checkpoint: number | undefined;

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly tree: GrowingTree,
    start: number,
  ) {
    this.#blockStart = start;
  }

  async take(page: readonly EventEnvelope[]): Promise<void> {
    const rows: Row<NodeDoc>[] = [];
    let newest: EventEnvelope | undefined;
    for (const event of page) {
      const { position } = event;
      this.tree.add(leafOf(event), ({ level, index }, hash) => {
        if (level < BLOCK_LEVEL) return;
        const doc = { level, index, hash: hash.toString('base64'), after: this.#blockStart };
        rows.push({ id: rowId({ level, index }), position, doc });
      });
      if (this.tree.size % BLOCK === 0) {
        this.#blockStart = position;
        newest = event;
      }
    }
    if (newest !== undefined) await this.#keep(rows, newest);
  }

  async #keep(rows: readonly Row<NodeDoc>[], newest: EventEnvelope): Promise<void> {
    this.#checkpoint ??= await this.readModels.checkpoint(VIEW);
    const checkpoint = { from: this.#checkpoint, to: newest.position, mark: markOf(newest) };
    await this.readModels.apply(VIEW, { rows, checkpoint });
    this.#checkpoint = newest.position;
  }
}
