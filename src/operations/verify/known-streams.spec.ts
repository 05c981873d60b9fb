import { expect, it } from 'vitest';
import { KnownStreams } from './known-streams.js';

const format = {
  freeze: (stream: string, state: unknown) => (stream.startsWith('account-') ? JSON.stringify(state) : undefined),
  thaw: (_stream: string, text: string): unknown => JSON.parse(text),
};
const known = (revision: number, state?: unknown) => ({ end: { revision, hash: `hash-${revision}` }, state });

it.each([1, 2, 100])('what is known of streams is the same when %i at once are in memory', (limit) => {
  const streams = new KnownStreams(format, limit);
  for (const revision of [0, 1]) {
    for (const name of ['account-a', 'account-b', 'account-c']) {
      const isNew = streams.get(name) === undefined;
      streams.set(name, known(revision, { name, revision }), isNew);
    }
  }
  for (const name of ['account-a', 'account-b', 'account-c'])
    expect(streams.get(name)).toEqual(known(1, { name, revision: 1 }));
  expect(streams.size).toBe(3);
  expect([...streams.names()].toSorted()).toEqual(['account-a', 'account-b', 'account-c']);
  streams.close();
});

it('forgets states that are folded again, and never that a stream is at fault', () => {
  const streams = new KnownStreams(format, 1);
  streams.set('topup-t', { ...known(3, 'state'), fault: 'impossible' }, true);
  streams.set('account-a', known(0), true);
  expect(streams.get('topup-t')).toEqual({ end: { revision: 3, hash: 'hash-3' }, fault: 'impossible' });
  expect(streams.get('account-z')).toBeUndefined();
  streams.close();
});
