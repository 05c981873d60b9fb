import { createHmac, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MAC_BYTES, type RecordedEvent } from '../event-store/index.js';
import { AuthenticatedEventStore, EventMacs } from './event-mac.js';
import { LedgerKeys } from './ledger-keys.js';

const HASH = 'ab'.repeat(32);
const privateKey = generateKeyPairSync('ed25519').privateKey;
const keys = new LedgerKeys([privateKey]);
const event = { id: '00000000-0000-4000-8000-000000000001', type: 'Happened', data: {}, metadata: { hash: HASH } };

async function stored(): Promise<RecordedEvent> {
  const store = new AuthenticatedEventStore(new MemoryEventStore(), keys);
  await store.append('s', -1, [event]);
  await store.append('s', -1, [event]); // sent again
  const [found, ...others] = await store.readStream('s', 0, 2);
  expect(others).toEqual([]);
  return found!;
}

it('an event that is appended gets a MAC, which its key confirms', async () => {
  const found = await stored();
  expect(new EventMacs(keys).check(found)).toEqual({ keyId: keys.newest.mac.id });
  expect(JSON.stringify({ mac: found.metadata['mac'] }).length).toBeLessThanOrEqual(MAC_BYTES);
});

it('the MAC is the HMAC-SHA256 of the hash, with a key that HKDF derives from the seed', async () => {
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const key = Buffer.from(hkdfSync('sha256', seed, '', 'token-hub event mac v1', 32));
  const mac = createHmac('sha256', key).update(Buffer.from(HASH, 'hex')).digest('base64url');
  expect((await stored()).metadata['mac']).toBe(`${keys.newest.mac.id}.${mac}`);
});

it.each([
  ['without one', { hash: HASH }, 'has no MAC'],
  ['with another hash', { hash: HASH.replace('ab', 'ac') }, 'has a wrong MAC'],
  ['with text instead', { mac: 'a MAC' }, 'has a MAC that is none'],
  ['of a key that is not known', { mac: `00000000.${'A'.repeat(43)}` }, 'which LEDGER_KEY_FILE does not name'],
])('an event %s does not pass', async (_what, change, fault) => {
  const found = await stored();
  const metadata: RecordedEvent['metadata'] = _what === 'without one' ? change : { ...found.metadata, ...change };
  expect(new EventMacs(keys).check({ ...found, metadata })).toEqual({ fault: expect.stringContaining(fault) });
});
