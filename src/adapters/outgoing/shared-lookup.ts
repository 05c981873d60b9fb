// Node resolves names on its thread pool, at most half of which may do so: two threads. A name that no server answers for keeps one for ten seconds
// or more, also when nobody waits any more. Calls to a provider whose name can't be resolved would have all other providers wait behind them
// (https://nodejs.org/api/dns.html#implementation-considerations).
import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

type Answered = Parameters<LookupFunction>[2];

const asked = new Map<string, Answered[]>();

/** Asks once at a time for a name, for all who want to know it then. */
export const sharedLookup: LookupFunction = (hostname, options, answered) => {
  const question = JSON.stringify([hostname, options]);
  const others = asked.get(question);
  if (others !== undefined) return void others.push(answered);
  const waiting = [answered];
  asked.set(question, waiting);
  dns.lookup(hostname, options, (...answer) => {
    asked.delete(question);
    for (const tell of waiting) tell(...answer);
  });
};
