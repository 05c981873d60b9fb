import { expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { DryRunStore, NotedAppends } from './dry-run.js';
import type { NewEvent } from './event-store.js';

const event = (number: number): NewEvent => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  type: 'T',
  data: { number },
  metadata: {},
});
const numbers = (events: readonly { readonly data: object }[]) =>
  events.map(({ data }) => ('number' in data ? data.number : 0));

it('reads what is stored and then what it kept, and stores nothing', async () => {
  const stored = new MemoryEventStore();
  await stored.append('a', -1, [event(1), event(2)]);
  const dry = new DryRunStore(stored);
  await dry.append('a', 1, [event(3)]);
  await dry.append('a', 2, [event(4)]);
  await dry.append('b', -1, [event(5)]);
  expect(numbers(await dry.readStream('a', 0, 10))).toEqual([1, 2, 3, 4]);
  expect(numbers(await dry.readStream('a', 1, 2))).toEqual([2, 3]);
  expect(numbers(await dry.readAll(-1, 10))).toEqual([1, 2, 3, 4, 5]);
  expect(numbers(dry.appended)).toEqual([3, 4, 5]);
  expect(numbers(await stored.readAll(-1, 10))).toEqual([1, 2]);
});

it('refuses an append where a store would', async () => {
  const stored = new MemoryEventStore();
  await stored.append('a', -1, [event(1), event(2)]);
  const dry = new DryRunStore(stored);
  for (const [stream, expected] of [
    ['a', 0],
    ['a', -1],
    ['a', 7],
    ['b', 0],
  ] as const)
    await expect(dry.append(stream, expected, [event(3)])).rejects.toThrow('is at revision');
  await dry.append('a', 1, [event(3)]);
  await expect(dry.append('a', 1, [event(4)])).rejects.toThrow('is at revision 2, not at 1');
});

it('notes what was appended through it, or may have been, and nothing else', async () => {
  const stored = new MemoryEventStore({ faults: ['lose-reply'] });
  const noted = new NotedAppends(stored);
  await expect(noted.append('a', -1, [event(1)])).rejects.toThrow('lost');
  await noted.append('a', -1, [event(1)]);
  await expect(noted.append('a', -1, [event(2)])).rejects.toThrow('is at revision');
  await stored.append('a', 0, [event(3)]);
  expect(numbers(noted.appended)).toEqual([1]);
  expect(numbers(await noted.readStream('a', 0, 10))).toEqual([1, 3]);
});
