import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { EditedStore } from '../../test/support/ledger/edited-store.js';
import { happen, newKey, sealing } from '../../test/support/seals/sealing.js';
import { type EventStore, START } from '../event-store/index.js';
import type { JsonObject } from '../kernel/index.js';
import { AuthenticatedEventStore } from './event-mac.js';
import { LedgerKeys, readLedgerKey } from './ledger-keys.js';
import { LogAltered } from './sealer.js';
import { LEDGER_KEYS_STREAM } from './ledger-key.events.js';

const [old, next] = [newKey(), newKey()];
const keyId = new LedgerKeys([old]).newest.mac.id;
const said = { keyId, by: 'olga', reason: 'the disk with it burnt' };

describe('a key that is lost for good', () => {
  let made: ReturnType<typeof sealing>;
  /** A process with these keys. */
  const having = (ring: readonly ReturnType<typeof newKey>[], store: EventStore = made.store) =>
    made.again(ring, new AuthenticatedEventStore(store, new LedgerKeys(ring)));

  beforeEach(async () => {
    made = sealing([old]);
    await happen(new AuthenticatedEventStore(made.store, new LedgerKeys([old])));
    await having([old]).sealer.seal();
  });

  it('keeps another one from sealing until somebody says so; then that goes on from what was sealed last', async () => {
    const { sealer, seals } = having([next]);
    await expect(sealer.seal()).rejects.toThrow(LogAltered);
    expect(await sealer.replaceLostKey(said)).toBe(true);
    expect(await sealer.replaceLostKey(said)).toBe(false);
    const { data } = (await made.store.readStream(LEDGER_KEYS_STREAM, 0, 1))[0]!;
    const { rootHash } = (await seals.list(9)).checkpoints.at(-1)!;
    expect(data).toMatchObject({ ...said, size: 1, rootHash, replacedBy: seals.keys?.newest.verifierKey });
    expect(await sealer.seal()).toMatchObject({ isNew: true, checkpoint: { size: 3 }, failures: new Map() });
    expect([...made.place.kept.keys()]).toEqual([1, 3]);
    expect(await sealer.newest()).toMatchObject({ size: 3, keyIds: [seals.keys?.newest.keyId] });
    expect((await seals.list(9)).checkpoints.map(({ size }) => size)).toEqual([3, 1]);
  });

  it('is sealed on by a gateway that starts afterwards, and one that has not heard of it', async () => {
    const started = having([next]);
    await expect(started.sealer.seal()).rejects.toThrow(LogAltered);
    await having([next]).sealer.replaceLostKey(said);
    expect(await started.sealer.seal()).toMatchObject({ isNew: true });
    await happen(made.store);
    expect(await having([next]).sealer.seal()).toMatchObject({ isNew: true, failures: new Map() });
  });

  it('still lets its checkpoints be opened where its public key was kept, in the same name', async () => {
    const { verifierKey } = new LedgerKeys([old]).newest;
    const ring = [next, readLedgerKey(`${verifierKey}\n`)];
    const { sealer, seals } = having(ring);
    await sealer.replaceLostKey(said);
    const { checkpoint } = (await sealer.seal())!;
    expect(checkpoint?.origin).toBe(new LedgerKeys([old]).origin);
    expect(seals.openCheckpoint(made.place.kept.get(1)!).size).toBe(1);
  });

  it.each([
    ['is named', [next, old], keyId, 'it is not lost'],
    ['is none of the ledger', [next], '01234567', 'is by a key "01234567"'],
  ])('is refused where it %s', async (_what, ring, lost, words) => {
    await expect(having(ring).sealer.replaceLostKey({ ...said, keyId: lost })).rejects.toThrow(words);
  });

  it('is refused where the log is not what it sealed last', async () => {
    const [first, ...others] = await made.store.readAll(START, 9);
    const altered = new EditedStore([
      { ...first!, metadata: { ...first!.metadata, hash: 'ab'.repeat(32) } },
      ...others,
    ]);
    await expect(having([next], altered).sealer.replaceLostKey(said)).rejects.toThrow(
      'are not those of its newest checkpoint',
    );
  });

  it.each([
    ['without the new key', (data: JsonObject) => ({ data, mac: false })],
    ['about more than was sealed', (data: JsonObject) => ({ data: { ...data, size: 99 }, mac: true })],
  ])('is not what somebody writes into the store %s', async (_what, forge) => {
    await having([next]).sealer.replaceLostKey(said);
    const events = await made.store.readAll(START, 9);
    const forged = events.map((event) => {
      if (event.type !== 'LedgerKeyLost') return event;
      const { data, mac } = forge(event.data);
      return { ...event, data, metadata: mac ? event.metadata : { hash: event.metadata['hash']! } };
    });
    await expect(having([next], new EditedStore(forged)).sealer.seal()).rejects.toThrow(LogAltered);
  });
});

describe('the files of keys', () => {
  it('have private keys, and public ones as they are printed', () => {
    const { verifierKey } = new LedgerKeys([old]).newest;
    expect(readLedgerKey(verifierKey).type).toBe('public');
    expect(() => readLedgerKey(verifierKey.replace('+', '+0'))).toThrow('is not a private key in PEM');
    expect(() => readLedgerKey(`${verifierKey.slice(0, -4)}AAAA`)).toThrow('has no public key of a ledger');
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(() => new LedgerKeys([publicKey, old])).toThrow('the first one signs');
  });
});
