import { generateKeyPairSync, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_STREAM } from '../../event-store/index.js';
import { ConfigurationError } from '../../platform/config.js';
import { AuthenticatedEventStore, type LedgerKeys, SEALS_STREAM } from '../../seals/index.js';
import { MemoryEventStore } from '../memory/memory-event-store.js';
import { keyFileBeside, openLedgerKeys } from './ledger-key-files.js';

let folder: string;
let store: MemoryEventStore;
beforeEach(() => {
  store = new MemoryEventStore();
  folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const onFile = () => ({ EVENT_STORE_URL: `sqlite:${join(folder, 'data', 'events.db')}`, LEDGER_KEY_FILE: undefined });
const onServer = (...files: string[]) => ({ EVENT_STORE_URL: 'esdb://hub@db:2113', LEDGER_KEY_FILE: files.join(', ') });

/** A key file. */
function keyFile(name: string, type: 'ed25519' | 'x25519' = 'ed25519'): string {
  const pair = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  const file = join(folder, name);
  writeFileSync(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return file;
}

/** Appends an event as a gateway with these keys does; without any, as one did before there were keys. */
const happen = (stream: string, keys?: LedgerKeys) =>
  (keys === undefined ? store : new AuthenticatedEventStore(store, keys)).append(stream, NO_STREAM, [
    { id: randomUUID(), type: 'Happened', data: {}, metadata: { hash: 'ab'.repeat(32) } },
  ]);

describe('the key of a ledger that is a file', () => {
  it('is made beside it at the first start, for its owner alone, and is the same at the next', async () => {
    const config = onFile();
    const first = await openLedgerKeys(config, store);
    expect(statSync(keyFileBeside(config)).mode & 0o777).toBe(0o600);
    await happen('account-1', first);
    expect((await openLedgerKeys(config, store))?.newest.verifierKey).toBe(first?.newest.verifierKey);
    expect(readdirSync(join(folder, 'data'))).toEqual(['events.db.key']);
  });

  it('is made for a ledger that had none', async () => {
    await happen('account-1');
    expect((await openLedgerKeys(onFile(), store))?.all).toHaveLength(1);
  });

  it('may be another one, which is named', async () => {
    const config = { ...onFile(), LEDGER_KEY_FILE: keyFile('own.key') };
    expect((await openLedgerKeys(config, store))?.all).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['own.key']);
  });

  describe.each([
    ['events', 'account-1'],
    ['checkpoints', SEALS_STREAM],
  ])('that has %s by it', (_what, stream) => {
    let config: ReturnType<typeof onFile>;
    let id: string | undefined;
    beforeEach(async () => {
      config = onFile();
      const keys = await openLedgerKeys(config, store);
      id = keys?.newest.mac.id;
      if (stream === SEALS_STREAM) await happen('account-1');
      await happen(stream, keys);
    });

    it('is not made anew when it is gone', async () => {
      rmSync(keyFileBeside(config));
      const opening = openLedgerKeys(config, store);
      await expect(opening).rejects.toThrow(ConfigurationError);
      await expect(opening).rejects.toThrow(`has events by the key ${id}, and ${keyFileBeside(config)} is not there`);
      expect(existsSync(keyFileBeside(config))).toBe(false);
    });

    it('is not replaced by another in silence', async () => {
      renameSync(keyFile('other.key'), keyFileBeside(config));
      await expect(openLedgerKeys(config, store)).rejects.toThrow(`${keyFileBeside(config)} is another one`);
    });

    it('is replaced by one that is named', async () => {
      rmSync(keyFileBeside(config));
      const named = { ...config, LEDGER_KEY_FILE: keyFile('other.key') };
      expect((await openLedgerKeys(named, store))?.newest.mac.id).not.toBe(id);
    });
  });
});

describe('the keys of a ledger on a server', () => {
  it('are those that are named, and none where none are', async () => {
    expect(await openLedgerKeys({ ...onServer(), LEDGER_KEY_FILE: undefined }, store)).toBeUndefined();
  });

  it('are rotated by naming the new one first: the identity of the ledger stays', async () => {
    const [old, next] = [keyFile('old.key'), keyFile('new.key')];
    const before = await openLedgerKeys(onServer(old), store);
    const after = await openLedgerKeys(onServer(next, old), store);
    expect(after?.origin).toBe(before?.origin);
    expect(after?.all[1]?.verifierKey).toBe(before?.newest.verifierKey);
    expect(after?.newest.verifierKey).not.toBe(before?.newest.verifierKey);
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none.key'), 'ENOENT'],
    [
      'no key',
      () => (writeFileSync(join(folder, 'text'), 'hello'), join(folder, 'text')),
      'is not a private key in PEM',
    ],
    ['a key of another type', () => keyFile('other.key', 'x25519'), 'is a key of type x25519'],
  ])('can’t be %s', async (_what, make, sentence) => {
    const file = make();
    const opening = openLedgerKeys(onServer(file), store);
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(`LEDGER_KEY_FILE: ${file} `);
    await expect(opening).rejects.toThrow(sentence);
  });

  it('are never quoted in a fault', async () => {
    const file = keyFile('torn.key');
    const pem = readFileSync(file, 'utf8');
    writeFileSync(file, pem.slice(0, 60));
    await expect(openLedgerKeys(onServer(file), store)).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(pem.slice(28, 50)) }),
    );
  });
});
