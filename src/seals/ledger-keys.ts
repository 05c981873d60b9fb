// The keys of a ledger: Ed25519 private keys in PKCS#8 PEM files. The first signs and authenticates events; the others are earlier ones. Of one
// that was lost there may be the public key.
import { createPrivateKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import {
  noteSigner,
  type NoteSigner,
  type NoteVerifier,
  noteVerifier,
  publicKeyOf,
  rawPublicKey,
  readVerifierKey,
  verifierKey,
} from './note.js';

/** A key file that can't be used. The message says why. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}

/** One key of a ledger, as everybody may know it. */
export interface LedgerPublicKey extends NoteVerifier {
  /** By which id MACs name it. */
  readonly mac: { readonly id: string };
  /** The public key in the form of c2sp.org/signed-note. */
  readonly verifierKey: string;
}

/** One that signs. */
export interface LedgerKey extends LedgerPublicKey, NoteSigner {
  /** The key that its events are authenticated with (HMAC-SHA256), and its id. */
  readonly mac: { readonly id: string; readonly key: Buffer };
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

const VERIFIER_KEY = /^\S+\+[0-9a-f]{8}\+\S+$/;

/** A private key in PEM, or a public one as `tokenhub seal key` prints it. @throws UnusableKey */
export function readLedgerKey(text: string): KeyObject {
  if (!VERIFIER_KEY.test(text.trim())) return readPrivateKey(text);
  try {
    return publicKeyOf(readVerifierKey(text).publicKey);
  } catch (cause) {
    throw new UnusableKey(`has no public key of a ledger: ${(cause as Error).message}`, { cause });
  }
}

/** The identity of a ledger: it comes from its oldest key, and stays the same when later keys sign. */
const originOf = (oldest: KeyObject): string => `token-hub/${hash('sha256', rawPublicKey(oldest)).slice(0, 16)}`;

/** The keys of a ledger, newest first. */
export class LedgerKeys {
  /** The first line of its checkpoints, and the name of its keys. */
  readonly origin: string;
  /** The one that signs. */
  readonly newest: LedgerKey;
  /** Those whose private keys are there. */
  readonly signing: readonly LedgerKey[];
  readonly all: readonly LedgerPublicKey[];
  /** Each in every name that the ledger had with it: that of its oldest key by then, which may be lost, and found again as a public one. */
  readonly verifiers: readonly LedgerPublicKey[];

  /** @throws RangeError without any key; UnusableKey when the first is a public one */
  constructor(keys: readonly KeyObject[]) {
    const oldest = keys.at(-1);
    if (oldest === undefined) throw new RangeError('a ledger needs a key');
    this.origin = originOf(oldest);
    const all = keys.map((key) => (key.type === 'public' ? publicPart(this.origin, key) : ledgerKey(this.origin, key)));
    this.all = all;
    this.verifiers = keys.flatMap((key, at) => keys.slice(at).map((older) => publicPart(originOf(older), key)));
    this.signing = all.filter(signs);
    if (all[0] !== this.signing[0]) throw new UnusableKey('is a public key, and the first one signs');
    this.newest = this.signing[0] as LedgerKey;
  }
}

const signs = (key: LedgerPublicKey): key is LedgerKey => 'sign' in key;

function publicPart(origin: string, key: KeyObject): LedgerPublicKey {
  const publicKey = rawPublicKey(key);
  const mac = { id: hash('sha256', publicKey).slice(0, 8) };
  return { ...noteVerifier(origin, publicKey), verifierKey: verifierKey(origin, publicKey), mac };
}

function ledgerKey(origin: string, key: KeyObject): LedgerKey {
  const known = publicPart(origin, key);
  const seed = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const mac = { ...known.mac, key: Buffer.from(hkdfSync('sha256', seed, '', MAC_INFO, 32)) };
  return { ...noteSigner(origin, key), ...known, mac };
}
