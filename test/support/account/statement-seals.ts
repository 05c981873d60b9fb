// The seals of a ledger in memory, for tests of statements: the whole tree is built anew each time.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { StatementSeals } from '../../../src/account/statements/index.js';
import { type EventStore, type RecordedEvent, START } from '../../../src/event-store/index.js';
import {
  checkpointText,
  GrowingTree,
  inclusionRanges,
  leafInput,
  leafOf,
  LedgerKeys,
  proofOf,
  signNote,
  type TreeNode,
} from '../../../src/seals/index.js';

export const newLedgerKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

export function sealsOf(store: EventStore, keys = new LedgerKeys([newLedgerKey()])): StatementSeals {
  const sign = (text: string): string => signNote(text, keys.signing);
  return {
    keys: keys.all.map(({ verifierKey }) => verifierKey),
    sign,
    async prove(events) {
      const tree = new GrowingTree();
      const nodes = new Map<string, Buffer>();
      const indexes = new Map<string, number>();
      for (const event of await store.readAll(START, 100_000)) {
        indexes.set(nameOf(event), indexes.size);
        tree.add(leafOf(event), ({ level, index }, hash) => nodes.set(`${level}/${index}`, hash));
      }
      const hashOf = ({ level, index }: TreeNode): Buffer => nodes.get(`${level}/${index}`) ?? Buffer.alloc(0);
      const size = indexes.size;
      const places = events.map((event) => {
        const index = indexes.get(nameOf(event)) ?? -1;
        const proof = proofOf(inclusionRanges(index, size), hashOf).map((hash) => hash.toString('base64'));
        return { index, leaf: leafInput(event), proof };
      });
      return { checkpoint: sign(checkpointText({ origin: keys.origin, size, root: tree.root })), places };
    },
  };
}

const nameOf = ({ stream, revision }: RecordedEvent): string => `${stream} ${revision}`;
