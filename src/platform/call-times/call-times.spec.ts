import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { ReadModelsUnavailable } from '../../event-store/index.js';
import { Clock, DAY_MS, toInstant } from '../../kernel/index.js';
import { PeriodicWorkers } from '../periodic-workers.js';
import { CallTimeRecords } from './call-times.js';

const NOON = Date.UTC(2026, 2, 4, 12);
const SLOW = { totalMs: 1_200, firstByteMs: 300, stream: true };

class StillClock extends Clock {
  time = NOON;
  override now = () => this.time;
}

let clock: StillClock;
let readModels: MemoryReadModelStore;
let records: CallTimeRecords;
beforeEach(() => {
  [clock, readModels] = [new StillClock(), new MemoryReadModelStore()];
  records = new CallTimeRecords(readModels, clock, new PeriodicWorkers(pino({ level: 'silent' })));
});

const known = async (...ids: string[]) => [...(await records.of(ids)).keys()].toSorted();

/** A call that ended now, written down. */
async function noted(id: string): Promise<void> {
  records.note(id, SLOW);
  await records.write();
}

describe('the times of calls', () => {
  it('are known by their charges once they are written', async () => {
    records.note('c1', SLOW);
    expect(await known('c1')).toEqual([]);
    await records.write();
    expect(await records.of(['c1', 'another'])).toEqual(new Map([['c1', { at: toInstant(NOON), ...SLOW }]]));
  });

  it('are known for seven days at most, even where nobody deletes them', async () => {
    await noted('c1');
    clock.time += 7 * DAY_MS - 1;
    expect(await known('c1')).toEqual(['c1']);
    clock.time += 1;
    expect(await known('c1')).toEqual([]);
  });

  it('are deleted with their day when the oldest of it is seven days old', async () => {
    await noted('old');
    clock.time += DAY_MS;
    await noted('new');
    clock.time += 6 * DAY_MS;
    await records.forget();
    clock.time = NOON + DAY_MS; // whoever looked back then would see what is stored still
    expect(await known('old', 'new')).toEqual(['new']);
  });

  it('of before a long standstill are deleted before their place is used again', async () => {
    await noted('old');
    clock.time += 30 * DAY_MS;
    await records.forget();
    clock.time = NOON;
    expect(await known('old')).toEqual([]);
  });

  it('are lost while the store is away, and noted again when it is back', async () => {
    const apply = readModels.apply.bind(readModels);
    readModels.apply = () => Promise.reject(new ReadModelsUnavailable('away'));
    await noted('lost');
    readModels.apply = apply;
    await noted('c2');
    expect(await known('lost', 'c2')).toEqual(['c2']);
  });
});
