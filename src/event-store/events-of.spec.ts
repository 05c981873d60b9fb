import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { allEvents, eventsOf } from './events-of.js';

const EVENTS = 2_100;
const store = new MemoryEventStore();
let turns = 0;
let counting: NodeJS.Immediate;

beforeEach(async () => {
  const events = Array.from({ length: EVENTS }, () => ({
    id: crypto.randomUUID(),
    type: 'Happened',
    data: {},
    metadata: {},
  }));
  if ((await store.head()) < 0) await store.append('stream', -1, events);
  turns = 0;
  const count = (): void => {
    turns++;
    counting = setImmediate(count);
  };
  counting = setImmediate(count);
});
afterEach(() => clearImmediate(counting));

it.each([
  ['the log', () => allEvents(store)],
  ['a stream', () => eventsOf(store, 'stream')],
])('hand out %s in order and whole, and let others have their turn', async (_, read) => {
  const revisions = [];
  for await (const { revision } of read()) revisions.push(revision);
  expect(revisions).toEqual(Array.from({ length: EVENTS }, (__, revision) => revision));
  expect(turns).toBeGreaterThanOrEqual(8);
});
