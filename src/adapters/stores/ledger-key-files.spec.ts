import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../platform/config.js';
import { keyFileBeside, openLedgerKeys } from './ledger-key-files.js';

let folder: string;
beforeEach(() => {
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

describe('the key of a ledger that is a file', () => {
  it('is made beside it at the first start, for its owner alone, and is the same at the next', () => {
    const config = onFile();
    const first = openLedgerKeys(config);
    expect(statSync(keyFileBeside(config)).mode & 0o777).toBe(0o600);
    expect(openLedgerKeys(config)?.newest.verifierKey).toBe(first?.newest.verifierKey);
    expect(readdirSync(join(folder, 'data'))).toEqual(['events.db.key']);
  });

  it('may be another one, which is named', () => {
    const config = { ...onFile(), LEDGER_KEY_FILE: keyFile('own.key') };
    expect(openLedgerKeys(config)?.all).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['own.key']);
  });
});

describe('the keys of a ledger on a server', () => {
  it('are those that are named, and none where none are', () => {
    expect(openLedgerKeys({ ...onServer(), LEDGER_KEY_FILE: undefined })).toBeUndefined();
  });

  it('are rotated by naming the new one first: the identity of the ledger stays', () => {
    const [old, next] = [keyFile('old.key'), keyFile('new.key')];
    const before = openLedgerKeys(onServer(old));
    const after = openLedgerKeys(onServer(next, old));
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
  ])('can’t be %s', (_what, make, sentence) => {
    const file = make();
    expect(() => openLedgerKeys(onServer(file))).toThrow(ConfigurationError);
    expect(() => openLedgerKeys(onServer(file))).toThrow(`LEDGER_KEY_FILE: ${file} `);
    expect(() => openLedgerKeys(onServer(file))).toThrow(sentence);
  });

  it('are never quoted in a fault', () => {
    const file = keyFile('torn.key');
    const pem = readFileSync(file, 'utf8');
    writeFileSync(file, pem.slice(0, 60));
    expect(() => openLedgerKeys(onServer(file))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(pem.slice(28, 50)) }),
    );
  });
});
