// Checks the hash chain of an account’s stream in this browser, by docs/audit.md ("Formats"): no hash that the gateway tells is believed.
import canonicalize from 'canonicalize';

/** The hash before a stream’s first event: 32 zero bytes in hex. */
export const GENESIS = '0'.repeat(64);

export interface ChainedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly id: string;
  readonly data: object;
}

export interface HashedEvent extends ChainedEvent {
  readonly hash: string;
  readonly previous_hash: string;
}

/**
 * The first thing that is not as it was written:
 * - `content`: the event’s content does not give its hash;
 * - `link`: it does not follow on the event before it;
 * - `missing`: another revision stands in its place;
 * - `cut_off`: nothing comes where it should stand.
 */
export interface ChainFault {
  readonly revision: number;
  readonly what: 'content' | 'link' | 'missing' | 'cut_off';
}

/** SHA-256, in hex, of the previous hash and the event’s canonical JSON (RFC 8785). */
export async function chainHash(previousHash: string, event: ChainedEvent): Promise<string> {
  const { data, id, revision, stream, type } = event;
  const canonical = new TextEncoder().encode(canonicalize({ data, id, revision, stream, type }));
  const input = new Uint8Array(32 + canonical.length);
  input.set(bytesOf(previousHash));
  input.set(canonical, 32);
  return hexOf(await crypto.subtle.digest('SHA-256', input));
}

/** Checks an event against the one before it; undefined when both are right. */
export async function checkEvent(event: HashedEvent, before: HashedEvent | undefined): Promise<ChainFault | undefined> {
  const { revision } = event;
  if (before !== undefined && (await chainHash(before.previous_hash, before)) !== before.hash)
    return { revision: before.revision, what: 'content' };
  if (event.previous_hash !== (before?.hash ?? GENESIS)) return { revision, what: 'link' };
  return (await chainHash(event.previous_hash, event)) === event.hash ? undefined : { revision, what: 'content' };
}

const bytesOf = (hex: string): Uint8Array =>
  // oxlint-disable-next-line no-restricted-globals -- bytes of a hash, not an amount
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).subarray(0, 32);

const hexOf = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
