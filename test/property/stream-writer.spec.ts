// Whatever the store does and whoever else writes: what was accepted stands in the stream once, what was refused never.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AppendFault, MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { EventStoreUnavailable, Snapshots, StreamWriter, verifyChain } from '../../src/event-store/index.js';
import { Rejection } from '../../src/kernel/index.js';
import { account, accountSnapshots, accountStream } from '../../src/ledger/index.js';
import { account as opened, placeHold } from '../support/ledger/commands.js';
import { type PurseCommand, purse, purseSnapshots, put, take } from '../support/ledger/purse.js';

const STREAM = 'purse-1';
const SLOW_MS = 8;

interface Order {
  readonly writer: number;
  readonly type: 'Put' | 'Take' | 'Again';
  readonly coins: number;
  /** How many turns of the event loop pass before it. */
  readonly turns: number;
}

const orders = fc.array(
  fc.record<Order>({
    writer: fc.nat({ max: 1 }),
    type: fc.constantFrom('Put', 'Take', 'Take', 'Take', 'Again'),
    coins: fc.integer({ min: 1, max: 3 }),
    turns: fc.constantFrom(0, 0, 0, 1, 3),
  }),
  { minLength: 5, maxLength: 40, size: 'max' },
);
const faults = fc.array(
  fc.constantFrom<AppendFault>('fail-before-storing', 'lose-reply', 'store-and-never-answer', 'never-answer'),
  { maxLength: 4 },
);

type Outcome = 'accepted' | 'refused' | 'unknown';

it('accepted commands are in the stream once and refused ones never, over two writers and any faults', async () => {
  await fc.assert(
    fc.asyncProperty(orders, faults, fc.nat({ max: 2 }), async (todo, misfortunes, appendDelayMs) => {
      const store = new MemoryEventStore({ faults: misfortunes, appendDelayMs });
      const snapshots = new Snapshots(new MemoryReadModelStore(), purseSnapshots);
      const settings = {
        store,
        decider: purse,
        snapshots,
        snapshotEvery: 7,
        appendTimeoutMs: SLOW_MS,
        appendDeadlineMs: 2_000,
      };
      const writers = [new StreamWriter(settings), new StreamWriter(settings)] as const;
      const outcomes = await run(todo, writers);
      const events = await store.readStream(STREAM, 0, 10_000);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      expect(await verifyChain(events)).toBeUndefined();
      for (const [command, outcome] of outcomes) {
        const stored = events.filter(({ data }) => data['command'] === command.commandId).length;
        const whole = command.type === 'Take' ? (command.coins ?? 1) : 1;
        const allowed = { accepted: [whole], refused: [0], unknown: [0, whole] }[outcome];
        expect(allowed).toContain(stored);
      }
      const coins = events.reduce(
        (sum, { type, data }) => sum + (type === 'CoinsPut' ? 1 : -1) * Number(data['coins']),
        0,
      );
      for (const writer of writers) expect((await writer.read(STREAM, { fresh: true })).coins).toBe(coins);
    }),
    { numRuns: 40 },
  );
});

/** Gives each order to its writer; one that comes again is the command of an earlier one, to either writer. */
async function run(
  todo: readonly Order[],
  writers: readonly [Writer, Writer],
): Promise<ReadonlyMap<PurseCommand, Outcome>> {
  const commands: PurseCommand[] = [put(4)];
  const outcomes = new Map<PurseCommand, Outcome>();
  const give = async (command: PurseCommand, writer: number) => {
    const outcome = await writers[writer === 0 ? 0 : 1].execute(STREAM, command).then(
      (result): Outcome => (result instanceof Rejection ? 'refused' : 'accepted'),
      (error: unknown): Outcome => {
        if (error instanceof EventStoreUnavailable) return 'unknown';
        throw error;
      },
    );
    // Accepted by either is accepted, whatever the other said.
    if (outcomes.get(command) !== 'accepted') outcomes.set(command, outcome);
  };
  const given = [give(commands[0] as PurseCommand, 0)];
  for (const { writer, type, coins, turns } of todo) {
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    const command = type === 'Put' ? put(coins) : type === 'Take' ? take(coins) : commands[coins % commands.length];
    if (command === undefined) continue;
    commands.push(command);
    given.push(give(command, writer));
  }
  await Promise.all(given);
  return outcomes;
}

type Writer = StreamWriter<ReturnType<typeof purse.initial>, PurseCommand, Parameters<typeof purse.evolve>[1]>;

it('of many holds of a cent on ten cents exactly ten are placed, however two writers race', async () => {
  const stream = accountStream('acc');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 11, maxLength: 60, size: 'max' }),
      faults,
      async (turns, misfortunes) => {
        const store = new MemoryEventStore();
        const snapshots = new Snapshots(new MemoryReadModelStore(), accountSnapshots);
        const settings = { store, decider: account, snapshots, snapshotEvery: 5, appendTimeoutMs: SLOW_MS };
        const [one, other] = [new StreamWriter(settings), new StreamWriter(settings)];
        for (const command of opened('0.10')) await one.execute(stream, command);
        store.faults.push(...misfortunes);
        const outcomes = await Promise.all(
          turns.map((first, index) => (first ? one : other).execute(stream, placeHold(`c${index}`, '0.01'))),
        );
        expect(outcomes.filter((outcome) => !(outcome instanceof Rejection))).toHaveLength(10);
        const events = await store.readStream(stream, 0, 1_000);
        expect(events.filter(({ type }) => type === 'HoldPlaced')).toHaveLength(10);
      },
    ),
    { numRuns: 40 },
  );
});
