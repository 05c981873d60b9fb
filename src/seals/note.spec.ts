import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointText, openCheckpoint, parseCheckpoint } from './checkpoint.js';
import { LedgerKeys, readPrivateKey } from './ledger-keys.js';
import { EMPTY_ROOT } from './merkle-tree.js';
import { InvalidNote, openNote, parseNote, readVerifierKey, signNote, verifierOf } from './note.js';

const newKey = () => generateKeyPairSync('ed25519').privateKey;

/** The example of Go's golang.org/x/mod/sumdb/note, which c2sp.org/signed-note describes. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETERS_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

describe('a signed note', () => {
  it('of another implementation is read', () => {
    const { text, by } = openNote(PETERS_NOTE, [verifierOf(PETER)]);
    expect(text).toMatch(/^If you think[^]*is\.\n$/);
    expect(by).toHaveLength(1);
  });

  it('is trusted when a known key signed it, beside keys that are not known', () => {
    const [known, unknown] = [new LedgerKeys([newKey()]), new LedgerKeys([newKey()])];
    const note = signNote('a text\n\nwith an empty line\n', [unknown.newest, known.newest]);
    expect(openNote(note, [known.newest]).text).toBe('a text\n\nwith an empty line\n');
    expect(parseNote(note).signatures.map(({ name }) => name)).toEqual([unknown.origin, known.origin]);
    expect(() => openNote(note, [])).toThrow(InvalidNote);
  });

  it('with any change is refused', () => {
    const { newest } = new LedgerKeys([newKey()]);
    const note = signNote('12\n', [newest]);
    for (const changed of [note.replace('12', '13'), note.replace('\n\n', '\n'), note.slice(0, -1), `${note}x\n`]) {
      expect(() => openNote(changed, [newest])).toThrow(InvalidNote);
    }
  });

  it.each([PETER.replace('c74f', 'c74e'), PETER.replace('+AR', '+BB'), 'PeterNeumann', ''])(
    'is not checked with "%s", which is no verifier key',
    (vkey) => expect(() => verifierOf(vkey)).toThrow(InvalidNote),
  );
});

describe('a checkpoint', () => {
  const keys = new LedgerKeys([newKey()]);
  const text = checkpointText({ origin: keys.origin, size: 3, root: EMPTY_ROOT });

  it('is the text of a note', () => {
    expect(text).toBe(`${keys.origin}\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`);
    const { size, origin, by } = openCheckpoint(signNote(text, [keys.newest]), keys.all);
    expect({ size, origin, by }).toEqual({ size: 3, origin: keys.origin, by: [keys.newest] });
  });

  it('may have more lines, and no other form', () => {
    expect(parseCheckpoint(`${text}more\n`).size).toBe(3);
    for (const wrong of [text.replace('\n3\n', '\n03\n'), text.replace('47DE', '47D'), text.replace('\n3\n', '\n\n')]) {
      expect(() => parseCheckpoint(wrong)).toThrow(InvalidNote);
    }
  });

  it('of another log is refused, whoever signed it', () => {
    const other = signNote(text.replace(keys.origin, 'another.example'), [keys.newest]);
    expect(() => openCheckpoint(other, keys.all)).toThrow('another log');
  });
});

describe('the keys of a ledger', () => {
  const [first, second] = [newKey(), newKey()];

  it('name the ledger after the oldest, so that its name stays when they are changed', () => {
    const [before, after] = [new LedgerKeys([first]), new LedgerKeys([second, first])];
    expect(after.origin).toBe(before.origin);
    expect(after.newest.keyId).not.toBe(before.newest.keyId);
    expect(after.all[1]?.verifierKey).toBe(before.newest.verifierKey);
    expect(after.all[1]?.mac).toEqual(before.newest.mac);
  });

  it('are told by their public halves alone', () => {
    const { newest } = new LedgerKeys([first]);
    expect(verifierOf(newest.verifierKey)).toMatchObject({ name: newest.name, keyId: newest.keyId });
    expect(readVerifierKey(newest.verifierKey)).toMatchObject({ type: 1 });
  });

  it('must be Ed25519 keys in PEM', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey;
    expect(() => readPrivateKey(rsa.export({ type: 'pkcs8', format: 'pem' }) as string)).toThrow('of type rsa');
    expect(() => readPrivateKey('secret')).toThrow('openssl genpkey -algorithm ed25519');
  });
});
