import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import canonicalize from 'canonicalize';
import { expect, it } from 'vitest';
import { chained, fill } from '../../../test/support/ledger/logs.js';
import { sealing } from '../../../test/support/seals/sealing.js';
import { type AccountEvent, accountStream } from '../../ledger/index.js';
import { leafHash, openCheckpoint, verifierOf, verifyInclusion } from '../../seals/index.js';
import { statementSeals } from '../statements/index.js';
import { eventFile } from './event-file.js';

const at = '2026-03-04T12:00:00.000Z';
const EVENTS: AccountEvent[] = [
  { type: 'AccountOpened', data: { accountId: 'a0', at } },
  {
    type: 'CreditGranted',
    data: { lotId: 'l', amount: '1.00', expiresAt: '2027-03-04T12:00:00.000Z', reason: '你好', at },
  },
];

async function linesOf({ store, seals, sealer }: ReturnType<typeof sealing>, revision: number) {
  const file = eventFile(store, { accountId: 'a0', revision }, statementSeals(seals, sealer));
  return (await text(file.getStream()))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

it('has every event with what its hash covers, and ends with the proof that the last one is sealed', async () => {
  const ledger = sealing();
  const stream = accountStream('a0');
  await fill(ledger.store, [{ stream, expected: -1, events: chained(stream, EVENTS) }]);
  const [head, ...rest] = await linesOf(ledger, 1);
  const end = rest.pop();
  expect(head).toEqual({ object: 'event_stream', version: 1, stream, events: 2 });
  expect(rest.map(({ type }) => type)).toEqual(['AccountOpened', 'CreditGranted']);
  let hash = Buffer.alloc(32);
  for (const { data, id, revision, type, metadata } of rest) {
    const canonical = canonicalize({ data, id, revision, stream: head.stream, type }) ?? '';
    hash = createHash('sha256').update(hash).update(canonical).digest();
    expect(metadata.hash).toBe(hash.toString('hex'));
  }
  expect(end).toMatchObject({ object: 'event_stream_end', events: 2, hash: hash.toString('hex') });
  const { keys, checkpoint, index, leaf, inclusion } = end.proof;
  expect(JSON.parse(leaf).hash).toBe(end.hash);
  const { size, root } = openCheckpoint(
    checkpoint,
    keys.map((key: string) => verifierOf(key)),
  );
  const proof = inclusion.map((each: string) => Buffer.from(each, 'base64'));
  expect(verifyInclusion({ index, size, root, leaf: leafHash(leaf) }, proof)).toBe(true);
});

it('ends where the account ended when it was asked for', async () => {
  const ledger = sealing([]);
  const stream = accountStream('a0');
  await fill(ledger.store, [{ stream, expected: -1, events: chained(stream, EVENTS) }]);
  expect(await linesOf(ledger, 0)).toMatchObject([
    { events: 1 },
    { type: 'AccountOpened' },
    { events: 1, proof: null },
  ]);
});
