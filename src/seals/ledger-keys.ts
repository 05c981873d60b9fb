// The keys of a ledger: Ed25519 private keys in PKCS#8 PEM files. The first signs and authenticates events; the others are earlier ones.
import { createPrivateKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import { noteSigner, type NoteSigner, type NoteVerifier, noteVerifier, rawPublicKey, verifierKey } from './note.js';

/** A key file that can't be used. The message says why. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}

/** One key of a ledger. */
export interface LedgerKey extends NoteVerifier, NoteSigner {
  /** The key that its events are authenticated with (HMAC-SHA256), and its id. */
  readonly mac: { readonly id: string; readonly key: Buffer };
  /** The public key in the form of c2sp.org/signed-note. */
  readonly verifierKey: string;
}

/** HKDF (RFC 5869) derives the key of the MACs from the seed of the private key with this as its info. */
const MAC_INFO = 'token-hub event mac v1';

/** @throws UnusableKey for text that is not an Ed25519 private key in PKCS#8 PEM */
export function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new UnusableKey('is not a private key in PEM: make one with "openssl genpkey -algorithm ed25519"', { cause });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new UnusableKey(
    `is a key of type ${key.asymmetricKeyType}: make one with "openssl genpkey -algorithm ed25519"`,
  );
}

/** The identity of a ledger: it comes from its oldest key, and stays the same when later keys sign. */
const originOf = (oldest: KeyObject): string => `token-hub/${hash('sha256', rawPublicKey(oldest)).slice(0, 16)}`;

/** The keys of a ledger, newest first. */
export class LedgerKeys {
  /** The first line of its checkpoints, and the name of its keys. */
  readonly origin: string;
  /** The one that signs. */
  readonly newest: LedgerKey;
  readonly all: readonly LedgerKey[];

  /** @throws RangeError without any key */
  constructor(privateKeys: readonly KeyObject[]) {
    const oldest = privateKeys.at(-1);
    if (oldest === undefined) throw new RangeError('a ledger needs a key');
    this.origin = originOf(oldest);
    this.all = privateKeys.map((key) => ledgerKey(this.origin, key));
    this.newest = this.all[0] as LedgerKey;
  }
}

function ledgerKey(origin: string, key: KeyObject): LedgerKey {
  const publicKey = rawPublicKey(key);
  const seed = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const mac = Buffer.from(hkdfSync('sha256', seed, '', MAC_INFO, 32));
  return {
    ...noteSigner(origin, key),
    ...noteVerifier(origin, publicKey),
    verifierKey: verifierKey(origin, publicKey),
    mac: { id: hash('sha256', publicKey).slice(0, 8), key: mac },
  };
}
