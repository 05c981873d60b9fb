// What a cosignature must be (c2sp.org/tlog-cosignature), judged apart from who makes one.
import { verify } from 'node:crypto';
import { noteKeyId, parseNote, publicKeyOf } from '../../../src/seals/index.js';

const COSIGNATURE = 0x04;
const TIMESTAMP_BYTES = 8;

/** Whether a witness with this public key cosigned a note. */
export function isCosigned(note: string, name: string, publicKey: Uint8Array): boolean {
  const keyId = noteKeyId(name, COSIGNATURE, publicKey);
  const { text, signatures } = parseNote(note);
  return signatures.some((each) => {
    if (each.name !== name || each.keyId !== keyId || each.bytes.length <= TIMESTAMP_BYTES) return false;
    const message = `cosignature/v1\ntime ${each.bytes.readBigUInt64BE(0)}\n${text}`;
    return verify(null, Buffer.from(message), publicKeyOf(publicKey), each.bytes.subarray(TIMESTAMP_BYTES));
  });
}
