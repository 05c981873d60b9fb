import { expect, it } from 'vitest';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { allEvents } from '../../event-store/index.js';
import { accountOfStream, accountStreams } from '../../ledger/index.js';
import { StreamStates } from './stream-states.js';

it.each([1, 2, 10])('states of streams are the same when %i at once are in memory', async (limit) => {
  const made = await ledgerWithHistory();
  for (const account of ['a', 'b', 'c']) await made.open(account);
  for (const account of ['a', 'b', 'c', 'a']) await made.hold(account, `${account}-${Math.random()}`);
  const held: [string, number][] = [];
  const states = new StreamStates(
    made.store,
    (stream, { state }) => held.push([stream, (state as { holds: Map<string, object> }).holds.size]),
    limit,
  );
  for await (const event of allEvents(made.store)) {
    if (accountOfStream(event.stream) === undefined) continue;
    states.after(event, accountStreams.evolve(await states.before(accountStreams, event), event));
  }
  states.end();
  expect(Object.fromEntries(held)).toEqual({ 'account-a': 2, 'account-b': 1, 'account-c': 1 });
});
