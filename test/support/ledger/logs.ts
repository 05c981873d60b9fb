// Random ledgers: the histories of some accounts, as they would have been appended one after another to an event store.
import * as fc from 'fast-check';
import type { EventStore, NewEvent } from '../../../src/event-store/index.js';
import { chainHash, eventId, GENESIS, type JsonObject } from '../../../src/kernel/index.js';
import { accountStream, type AccountEvent } from '../../../src/ledger/index.js';
import { anything, histories } from './histories.js';
import { play } from './play.js';

export interface Append {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
}

/** The events as they go into a stream from its beginning, with their hash chain. */
export function chained(stream: string, events: readonly AccountEvent[]): NewEvent[] {
  let hash = GENESIS;
  return events.map(({ type, data: typed }, revision) => {
    const data = JSON.parse(JSON.stringify(typed)) as JsonObject;
    const id = eventId(stream, `command-${revision}`, 0, '{}');
    hash = chainHash(hash, { stream, revision, type, id, data });
    return { id, type, data, metadata: { hash } };
  });
}

/** How the accounts take turns: whose turn it is, and for how many events. */
const turns = fc.array(fc.record({ who: fc.nat({ max: 2 }), count: fc.integer({ min: 1, max: 5 }) }), {
  minLength: 5,
  maxLength: 20,
  size: 'max',
});

/** Ledgers of one to three accounts. */
export const logs: fc.Arbitrary<Append[]> = fc
  .tuple(fc.array(histories(anything), { minLength: 1, maxLength: 3 }), turns)
  .map(([steps, order]) => {
    const accounts = steps.map((history, index) => {
      const stream = accountStream(`a${index}`);
      return { stream, events: chained(stream, play(history).events), done: 0 };
    });
    const appends: Append[] = [];
    for (let turn = 0; accounts.some(({ done, events }) => done < events.length); turn++) {
      const { who, count } = order[turn % order.length] ?? { who: 0, count: 1 };
      const left = accounts.filter(({ done, events }) => done < events.length);
      const account = left[(who + turn) % left.length];
      if (account === undefined) break;
      const { stream, done, events } = account;
      appends.push({ stream, expected: done - 1, events: events.slice(done, done + count) });
      account.done += count;
    }
    return appends;
  });

export async function fill(store: EventStore, appends: readonly Append[]): Promise<void> {
  for (const { stream, expected, events } of appends) await store.append(stream, expected, events);
}
