import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import type { Row, ViewDefinition } from '../event-store/index.js';
import { LedgerKeys } from './ledger-keys.js';
import { AuthenticatedReadModelStore } from './row-mac.js';

const newKey = () => generateKeyPairSync('ed25519').privateKey;
const [first, second] = [newKey(), newKey()];
const view: ViewDefinition = { name: 'purses-1', indexes: [], believed: true };
const row: Row = { id: 'a', position: 3, doc: { hash: 'ab', state: { amount: '1.00', holds: [['c1', '0.20']] } } };

async function written(keys = new LedgerKeys([first])) {
  const behind = new MemoryReadModelStore();
  const store = new AuthenticatedReadModelStore(behind, keys);
  await store.apply(view, { rows: [row] });
  const [stored] = await behind.find(view, {});
  /** What is believed after somebody wrote this in place of what is there. */
  const believed = async (forged: Partial<Row>, of = view): Promise<readonly Row[]> => {
    const others = new MemoryReadModelStore();
    await others.apply(of, { rows: [{ ...(stored as Row), ...forged }] });
    const read = new AuthenticatedReadModelStore(others, keys);
    const found = await read.find(of, {});
    expect([...(await read.load(of, [forged.id ?? 'a'])).values()]).toEqual(found);
    return found;
  };
  return { behind, stored: stored as Row, believed };
}

it('a row that was written is believed, in whatever order its fields come back', async () => {
  const { stored, believed } = await written();
  expect(await believed({})).toEqual([stored]);
  const { hash, state, mac } = stored.doc;
  expect(await believed({ doc: { mac: mac ?? null, state: state ?? null, hash: hash ?? null } })).toHaveLength(1);
});

it.each<[string, (stored: Row) => Partial<Row>]>([
  ['with another amount', ({ doc }) => ({ doc: { ...doc, state: { amount: '9.00', holds: [['c1', '0.20']] } } })],
  ['with a field more', ({ doc }) => ({ doc: { ...doc, more: 1 } })],
  ['without its MAC', () => ({ doc: row.doc })],
  ['of another row', () => ({ id: 'b' })],
  ['of another position', () => ({ position: 4 })],
])('a row %s is as if it were not there', async (_what, change) => {
  const { stored, believed } = await written();
  expect(await believed(change(stored))).toEqual([]);
});

it('a row of another view is as if it were not there', async () => {
  const { believed } = await written();
  expect(await believed({}, { ...view, name: 'purses-2' })).toEqual([]);
});

it('is believed after the key was changed, as long as the old one is named, and no longer', async () => {
  const { behind, stored } = await written();
  const later = (...keys: (typeof first)[]) => new AuthenticatedReadModelStore(behind, new LedgerKeys(keys));
  expect((await later(second, first).load(view, ['a'])).get('a')).toEqual(stored);
  expect((await later(second).load(view, ['a'])).size).toBe(0);
});

it('rows that are compared with their events have no MAC', async () => {
  const behind = new MemoryReadModelStore();
  const plain: ViewDefinition = { name: 'balances-1', indexes: [] };
  await new AuthenticatedReadModelStore(behind, new LedgerKeys([first])).apply(plain, { rows: [row] });
  expect(await behind.find(plain, {})).toEqual([row]);
});
