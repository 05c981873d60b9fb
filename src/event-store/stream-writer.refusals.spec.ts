// What a store will never take: told at once, and no trouble to anyone else.
import { describe, expect, it } from 'vitest';
import { purse, type PurseCommand, put, putWithNote, rattle, snatch, take } from '../../test/support/ledger/purse.js';
import { MemoryEventStore, type MemoryEventStoreOptions } from '../adapters/memory/memory-event-store.js';
import { Rejection } from '../kernel/index.js';
import { appendBytes, MAX_APPEND_BYTES, toAppend } from './appendable.js';
import { AppendRefused, type NewEvent } from './event-store.js';
import { StreamWriter } from './stream-writer.js';
import { verifyChain } from './verify-chain.js';

const STREAM = 'purse-1';

/** A store that notes how large appends were. */
class Store extends MemoryEventStore {
  readonly sizes: number[] = [];

  override append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    this.sizes.push(appendBytes(toAppend(stream, expected, events)));
    return super.append(stream, expected, events);
  }
}

function setUp(options: MemoryEventStoreOptions = {}) {
  const store = new Store(options);
  const writer = new StreamWriter({ store, decider: purse, appendTimeoutMs: 1_000 });
  const executeAll = (commands: readonly PurseCommand[]) =>
    Promise.allSettled(commands.map((command) => writer.execute(STREAM, command)));
  const coins = async () => (await store.readStream(STREAM, 0, 10_000)).map(({ data }) => data['coins']);
  return { store, writer, executeAll, coins };
}

const fates = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) =>
    outcome.status === 'rejected'
      ? (outcome.reason as Error).name
      : outcome.value instanceof Rejection
        ? 'refused'
        : 'stored',
  );

describe('a group commit', () => {
  it('of more than one append can take goes into several, in the order of coming', async () => {
    const { store, executeAll, coins } = setUp();
    const outcomes = await executeAll(Array.from({ length: 50 }, (_, n) => putWithNote(n + 1, 100_000)));
    expect(new Set(fates(outcomes))).toEqual(new Set(['stored']));
    expect(await coins()).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(store.appends).toBe(5);
    expect(Math.max(...store.sizes)).toBeLessThanOrEqual(MAX_APPEND_BYTES);
    expect(await verifyChain(await store.readStream(STREAM, 0, 100))).toBeUndefined();
  });

  it('is not harmed by a command that is too large for any append: that one fails at once', async () => {
    const { store, executeAll, coins } = setUp();
    const outcomes = await executeAll([put(1), putWithNote(2, MAX_APPEND_BYTES), put(3), take(4), take(1)]);
    expect(fates(outcomes)).toEqual(['stored', 'AppendRefused', 'stored', 'stored', 'refused']);
    expect(await coins()).toEqual([1, 3, 1, 1, 1, 1]);
    expect(store.appends).toBe(1);
  });

  it('is not harmed by a command whose event is impossible: that one fails, and the others are decided without it', async () => {
    const { executeAll, store, coins } = setUp();
    const outcomes = await executeAll([put(1), snatch(), put(3), take(4), take(1)]);
    expect(fates(outcomes)).toEqual(['stored', 'Error', 'stored', 'stored', 'refused']);
    expect(await coins()).toEqual([1, 3, 1, 1, 1, 1]);
    expect(await verifyChain(await store.readStream(STREAM, 0, 100))).toBeUndefined();
  });

  it('that a store refuses although it could be appended is stored command by command, but for the one at fault', async () => {
    const { store, executeAll, coins } = setUp({ maxAppendBytes: 5_000 });
    const outcomes = await executeAll([put(1), putWithNote(2, 6_000), rattle(), put(3), take(5), take(1)]);
    expect(fates(outcomes)).toEqual(['stored', 'AppendRefused', 'stored', 'stored', 'refused', 'stored']);
    expect(await coins()).toEqual([1, 3, 1]);
    expect(await verifyChain(await store.readStream(STREAM, 0, 100))).toBeUndefined();
  });
});

describe('a command that is refused for good', () => {
  it('fails without a second try, and the next one is decided on the stored state', async () => {
    const { store, writer, coins } = setUp({ maxAppendBytes: 5_000 });
    await expect(writer.execute(STREAM, putWithNote(5, 6_000))).rejects.toBeInstanceOf(AppendRefused);
    expect(store.appends).toBe(1);
    expect(await writer.execute(STREAM, take(5))).toBeInstanceOf(Rejection);
    await writer.execute(STREAM, put(1));
    expect(await coins()).toEqual([1]);
  });

  it('is of unknown outcome when an earlier try may have been stored', async () => {
    const { store, coins } = setUp();
    const refusing: Store['append'] = () => Promise.reject(new AppendRefused('larger than a restarted server takes'));
    const append = store.append.bind(store);
    store.append = async (...args) => {
      store.append = refusing;
      await append(...args);
      throw new Error('the reply was lost');
    };
    const writer = new StreamWriter({ store, decider: purse, appendDeadlineMs: 200 });
    await expect(writer.execute(STREAM, put(5))).rejects.toMatchObject({ name: 'EventStoreUnavailable' });
    expect(await coins()).toEqual([5]);
  });
});
