import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { coinsIn, breakIt, garble, purse, put, rattle, take } from '../../test/support/ledger/purse.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { Rejection } from '../kernel/index.js';
import type { RecordedEvent } from './event-store.js';
import { StreamWriter } from './stream-writer.js';
import { verifyChain } from './verify-chain.js';

const STREAM = 'purse-1';

/** A store whose reads take a turn, as any read over a network does. */
class SlowReads extends MemoryEventStore {
  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    await nextTurn();
    return super.readStream(stream, from, limit);
  }
}

class NotedReads extends MemoryEventStore {
  readonly read: string[] = [];

  override readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    this.read.push(stream);
    return super.readStream(stream, from, limit);
  }
}

function setUp(store = new MemoryEventStore()) {
  const writerOn = () => new StreamWriter({ store, decider: purse });
  const recorded = () => store.readStream(STREAM, 0, 10_000);
  return { store, writer: writerOn(), other: writerOn(), recorded };
}

describe('a command', () => {
  it('is answered with its events, and they are in the stream', async () => {
    const { writer, recorded } = setUp();
    const command = put(5);
    const events = [{ type: 'CoinsPut', data: { command: command.commandId, coins: 5 } }];
    expect(await writer.execute(STREAM, command)).toEqual(events);
    expect(await recorded()).toMatchObject(events);
  });

  it('is answered with its refusal, and nothing is appended', async () => {
    const { store, writer } = setUp();
    expect(await writer.execute(STREAM, take(1))).toBeInstanceOf(Rejection);
    expect(store.appends).toBe(0);
  });

  it('that has nothing new to say appends nothing', async () => {
    const { store, writer } = setUp();
    expect(await writer.execute(STREAM, rattle())).toEqual([]);
    expect(store.appends).toBe(0);
  });

  it('that was executed before is executed once', async () => {
    const { writer, other, recorded } = setUp();
    const command = put(5);
    await writer.execute(STREAM, command);
    expect(await writer.execute(STREAM, command)).toEqual([]);
    expect(await other.execute(STREAM, command)).toEqual([]);
    expect(await recorded()).toHaveLength(1);
  });

  it('may have many events: all of them are stored, with different ids', async () => {
    const { writer, recorded } = setUp();
    await writer.execute(STREAM, put(5));
    await writer.execute(STREAM, take(3));
    expect(new Set((await recorded()).map(({ id }) => id)).size).toBe(4);
  });

  it('is decided on what was decided before it, in the order of coming', async () => {
    const { writer } = setUp();
    const outcomes = await Promise.all(
      [put(2), take(1), take(1), take(1), put(1), take(1)].map((command) => writer.execute(STREAM, command)),
    );
    expect(outcomes.map((outcome) => outcome instanceof Rejection)).toEqual([false, false, false, true, false, false]);
  });

  it('does not wait for other streams', async () => {
    const { store, writer } = setUp();
    store.faults.push('never-answer');
    void writer.execute('purse-stuck', put(1)).catch(() => {});
    expect(await writer.execute(STREAM, put(1))).toHaveLength(1);
  });
});

describe('group commit', () => {
  it('appends a hundred commands issued at once in one call', async () => {
    const { store, writer, recorded } = setUp();
    await Promise.all(Array.from({ length: 100 }, () => writer.execute(STREAM, put(1))));
    expect(store.appends).toBe(1);
    expect(await recorded()).toHaveLength(100);
  });

  it('appends those that came while an append was in flight together, in the order of coming', async () => {
    const { store, writer, recorded } = setUp();
    store.appendDelayMs = 20;
    const commands = Array.from({ length: 100 }, () => put(1));
    const first = writer.execute(STREAM, commands[0] as (typeof commands)[0]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, ...commands.slice(1).map((command) => writer.execute(STREAM, command))]);
    expect(store.appends).toBe(2);
    expect((await recorded()).map(({ data }) => data['command'])).toEqual(commands.map(({ commandId }) => commandId));
  });

  it('answers nobody before the append is durable', async () => {
    const { store, writer, recorded } = setUp();
    store.appendDelayMs = 20;
    const seen = [put(1), put(1), rattle(), take(9)].map(async (command) => {
      await writer.execute(STREAM, command);
      return (await recorded()).length;
    });
    expect(await Promise.all(seen)).toEqual([2, 2, 2, 2]);
  });

  it('rejects only the command whose decision throws', async () => {
    const { writer } = setUp();
    const outcomes = await Promise.allSettled(
      [put(2), breakIt(), take(1)].map((command) => writer.execute(STREAM, command)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects only the command whose events have no canonical JSON', async () => {
    const { writer, recorded } = setUp();
    const outcomes = await Promise.allSettled(
      [put(2), garble(), take(1)].map((command) => writer.execute(STREAM, command)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await recorded()).map(({ type }) => type)).toEqual(['CoinsPut', 'CoinsTaken']);
  });

  it('chains the hashes of what it appends', async () => {
    const { writer, other, recorded } = setUp();
    await Promise.all([put(9), take(2), take(1)].map((command) => writer.execute(STREAM, command)));
    await other.execute(STREAM, take(1));
    await writer.execute(STREAM, take(1));
    expect(await recorded()).toHaveLength(6);
    expect(await verifyChain(await recorded())).toBeUndefined();
  });
});

describe('a second writer on the same store', () => {
  it('is taken notice of when an append conflicts: the command is decided again', async () => {
    const { writer, other } = setUp();
    await writer.execute(STREAM, put(1));
    await other.execute(STREAM, take(1));
    expect(await writer.execute(STREAM, take(1))).toBeInstanceOf(Rejection);
  });

  it('is taken notice of before a command is refused, or found to be nothing new', async () => {
    const { writer, other } = setUp();
    expect(await writer.execute(STREAM, take(1))).toBeInstanceOf(Rejection);
    await other.execute(STREAM, put(1));
    expect(await writer.execute(STREAM, take(1))).toHaveLength(1);
  });

  it('is taken notice of before a command is refused: what it put in can be taken', async () => {
    const { writer, other } = setUp();
    await writer.execute(STREAM, put(1));
    await other.execute(STREAM, put(1));
    expect(await writer.execute(STREAM, take(2))).toHaveLength(2);
    expect(await writer.execute(STREAM, take(1))).toBeInstanceOf(Rejection);
  });

  it('shares the purse: exactly as much is taken as there is', async () => {
    const { writer, other, recorded } = setUp();
    await writer.execute(STREAM, put(10));
    const takes = Array.from({ length: 60 }, (_, index) => (index % 2 ? writer : other).execute(STREAM, take(1)));
    const outcomes = await Promise.all(takes);
    expect(outcomes.filter((outcome) => !(outcome instanceof Rejection))).toHaveLength(10);
    expect(await recorded()).toHaveLength(11);
  });

  it('has stored one command of a batch: the others of it are still to be stored', async () => {
    const { writer, other, recorded } = setUp();
    await Promise.all([writer.read(STREAM, coinsIn), other.read(STREAM, coinsIn)]);
    const shared = put(1);
    await other.execute(STREAM, shared);
    const outcomes = await Promise.all([shared, put(2), put(3)].map((command) => writer.execute(STREAM, command)));
    expect(outcomes).toMatchObject([[], [{ data: { coins: 2 } }], [{ data: { coins: 3 } }]]);
    expect((await recorded()).map(({ data }) => data['coins'])).toEqual([1, 2, 3]);
  });

  it('executes a command that both were given once', async () => {
    const { writer, other, recorded } = setUp();
    const command = put(1);
    await Promise.all([writer.execute(STREAM, command), other.execute(STREAM, command)]);
    expect(await recorded()).toHaveLength(1);
  });
});

describe('reading', () => {
  it('gives the state of all events', async () => {
    const { writer, other } = setUp();
    await other.execute(STREAM, put(3));
    expect(await writer.read(STREAM, coinsIn)).toBe(3);
  });

  it('gives the initial state of a stream there is not', async () => {
    const { writer } = setUp();
    expect(await writer.read(STREAM, coinsIn)).toBe(0);
  });

  it('does not see what others append later, unless it is to be fresh', async () => {
    const { writer, other } = setUp();
    await writer.read(STREAM, coinsIn);
    await writer.execute(STREAM, put(1));
    await other.execute(STREAM, put(3));
    expect(await writer.read(STREAM, coinsIn)).toBe(1);
    expect(await writer.read(STREAM, coinsIn, { fresh: true })).toBe(4);
    expect(await writer.read(STREAM, coinsIn)).toBe(4);
  });

  it('gives at once what this process knows already', async () => {
    const { writer, other } = setUp();
    await other.execute(STREAM, put(3));
    expect(writer.known(STREAM, coinsIn)).toBeUndefined();
    await writer.read(STREAM, coinsIn);
    expect(writer.known(STREAM, coinsIn)).toBe(3);
  });

  it('is fresh however it meets the commands of its own process', async () => {
    const { writer, other } = setUp(new SlowReads());
    await writer.execute(STREAM, put(1));
    for (let ticks = 0; ticks < 20; ticks++) {
      await other.execute(STREAM, put(1));
      const coins = await other.read(STREAM, coinsIn);
      const done = writer.execute(STREAM, rattle());
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      const next = writer.execute(STREAM, rattle());
      expect(await writer.read(STREAM, coinsIn, { fresh: true })).toBe(coins);
      await Promise.all([done, next]);
    }
  });

  it('needs no store for the 10,000 streams that were used last', async () => {
    const store = new NotedReads();
    const writer = new StreamWriter({ store, decider: purse });
    for (const stream of ['first', 'second', 'first']) await writer.execute(stream, put(1));
    await nextTurn(); // until the first is idle
    await Promise.all(Array.from({ length: 9_999 }, (_, n) => writer.execute(`other-${n}`, put(1))));
    store.read.length = 0;
    expect(await writer.read('first', coinsIn)).toBe(2);
    expect(await writer.read('second', coinsIn)).toBe(1);
    expect(store.read).toEqual(['second']);
  });
});

describe('what is stored of a stream', () => {
  it('is its state and the revision it is at, also while the state that is decided on runs ahead', async () => {
    const { promise: stored, resolve: letThrough } = Promise.withResolvers<void>();
    class HeldAppends extends MemoryEventStore {
      override async append(...args: Parameters<MemoryEventStore['append']>): Promise<void> {
        if (args[1] >= 0) await stored;
        return super.append(...args);
      }
    }
    const { writer } = setUp(new HeldAppends());
    await writer.execute(STREAM, put(5));
    const second = writer.execute(STREAM, put(2));
    await nextTurn();
    expect(await writer.stored(STREAM)).toMatchObject({ state: { coins: 5 }, revision: 0 });
    letThrough();
    await second;
    expect(await writer.stored(STREAM)).toMatchObject({ state: { coins: 7 }, revision: 1 });
  });

  it('is nothing, at revision -1, of a stream that is not there', async () => {
    const { writer } = setUp();
    expect(await writer.stored(STREAM)).toMatchObject({ state: purse.initial(), revision: -1 });
  });

  it('lets nothing out that changes later: the compiler refuses the state, and its maps and sets', () => {
    const { writer } = setUp();
    expectTypeOf(writer.read(STREAM, coinsIn)).resolves.toEqualTypeOf<number>();
    // @ts-expect-error -- the state itself
    void (() => writer.read(STREAM, (state) => state));
    // @ts-expect-error -- a set of it, however deep in the result
    void (() => writer.read(STREAM, ({ done }) => [{ done }]));
    // @ts-expect-error -- what would read it later
    void (() => writer.read(STREAM, (state) => () => state.coins));
  });

  it('when fresh, is of what is stored, even while more is being appended', async () => {
    const { writer } = setUp();
    await writer.execute(STREAM, put(1));
    const read = writer.read(STREAM, coinsIn, { fresh: true });
    const appended = writer.execute(STREAM, put(2));
    expect(await read).toBe(1);
    await appended;
  });

  it('fails with the error of its selector, and spoils nothing', async () => {
    const { writer } = setUp();
    await writer.execute(STREAM, put(1));
    const fails = () => {
      throw new Error('of the selector');
    };
    await expect(writer.read(STREAM, fails, { fresh: true })).rejects.toThrow('of the selector');
    expect(await writer.read(STREAM, coinsIn)).toBe(1);
  });
});
