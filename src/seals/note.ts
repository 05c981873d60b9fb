// Signed notes (c2sp.org/signed-note): a text, an empty line, and a line for each signature. Only Ed25519 (type 0x01) is signed here.
import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

const ED25519 = 0x01;
/** Before each signature: an em dash and a space. */
const SIGNATURE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const MAX_SIGNATURES = 64;

/** A text that is not a signed note, or is not signed by a key that is trusted. */
export class InvalidNote extends Error {
  override readonly name = 'InvalidNote';
}

export interface NoteSignature {
  readonly name: string;
  /** The key id, in hex. */
  readonly keyId: string;
  /** What follows the key id. */
  readonly bytes: Buffer;
}

export interface Note {
  /** With its last newline, without the empty line. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A key that signatures of a name are checked with. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: string;
  verify(text: string, signature: Buffer): boolean;
}

export interface NoteSigner {
  readonly name: string;
  readonly keyId: string;
  sign(text: string): Buffer;
}

/** The 32 bytes of an Ed25519 public key (RFC 8032), also of a private one. */
export const rawPublicKey = (key: KeyObject): Buffer =>
  Buffer.from((key.type === 'public' ? key : createPublicKey(key)).export({ format: 'jwk' }).x ?? '', 'base64url');

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key), its first four bytes in hex. */
export const noteKeyId = (name: string, type: number, publicKey: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).slice(0, 8);

/** The verifier key of a signer, `<name>+<key id>+<base64 of type and public key>`. */
export const verifierKey = (name: string, publicKey: Uint8Array, type = ED25519): string =>
  `${name}+${noteKeyId(name, type, publicKey)}+${Buffer.concat([Buffer.of(type), publicKey]).toString('base64')}`;

/** The name, type and public key of a verifier key. @throws InvalidNote */
export function readVerifierKey(text: string): {
  readonly name: string;
  readonly type: number;
  readonly publicKey: Buffer;
} {
  const [, name = '', keyId, base64 = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text.trim()) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const [type = 0, publicKey] = [bytes[0], bytes.subarray(1)];
  if (publicKey.length !== 32 || keyId !== noteKeyId(name, type, publicKey)) {
    throw new InvalidNote(`"${text}" is not a verifier key; one is <name>+<8 hex digits>+<base64>`);
  }
  return { name, type, publicKey };
}

export const publicKeyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });

export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  const keyId = noteKeyId(name, ED25519, rawPublicKey(privateKey));
  return { name, keyId, sign: (text) => sign(null, Buffer.from(text), privateKey) };
}

export function noteVerifier(name: string, publicKey: Uint8Array): NoteVerifier {
  const key = publicKeyOf(publicKey);
  const keyId = noteKeyId(name, ED25519, publicKey);
  return { name, keyId, verify: (text, signature) => verify(null, Buffer.from(text), key, signature) };
}

/** @throws InvalidNote for a verifier key that is none, or of another type than Ed25519 */
export function verifierOf(vkey: string): NoteVerifier {
  const { name, type, publicKey } = readVerifierKey(vkey);
  if (type !== ED25519) throw new InvalidNote(`"${vkey}" is not a key that signs notes (type 1)`);
  return noteVerifier(name, publicKey);
}

export const signatureLine = ({ name, keyId, bytes }: NoteSignature): string =>
  `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), bytes]).toString('base64')}\n`;

/** Signs a text, which must end with a newline. */
export const signNote = (text: string, signers: readonly NoteSigner[]): string =>
  `${text}\n${signers.map((signer) => signatureLine({ ...signer, bytes: signer.sign(text) })).join('')}`;

/** Reads a note without checking its signatures. @throws InvalidNote */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  // eslint-disable-next-line no-control-regex -- notes have no control characters but newlines
  if (end < 0 || !note.endsWith('\n') || /[\0-\x09\x0b-\x1f]/u.test(note)) throw new InvalidNote('not a signed note');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new InvalidNote(`a note of more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line: string): NoteSignature {
  const [, name, base64] = SIGNATURE.exec(line) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (name === undefined || bytes.length < 5) throw new InvalidNote('a note with a line that is not a signature');
  return { name, keyId: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}

/**
 * The text of a note and those of the verifiers that signed it, at least one.
 * @throws InvalidNote when none did, or when a signature by one of them is wrong
 */
export function openNote<V extends NoteVerifier>(
  note: string,
  verifiers: readonly V[],
): { readonly text: string; readonly by: readonly V[] } {
  const { text, signatures } = parseNote(note);
  const by: V[] = [];
  for (const { name, keyId, bytes } of signatures) {
    const verifier = verifiers.find((each) => each.name === name && each.keyId === keyId);
    if (verifier === undefined || by.includes(verifier)) continue;
    if (!verifier.verify(text, bytes)) throw new InvalidNote(`the signature of ${name} is wrong`);
    by.push(verifier);
  }
  if (by.length === 0) throw new InvalidNote('no key that is trusted here has signed it');
  return { text, by };
}
