// Whatever the store does and whoever else writes: what was accepted stands in the stream once, what was refused never.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { APPEND_FAULTS, MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import {
  AppendRefused,
  EventStoreUnavailable,
  MAX_APPEND_BYTES,
  Snapshots,
  StreamWriter,
  verifyChain,
} from '../../src/event-store/index.js';
import { Rejection } from '../../src/kernel/index.js';
import { account, accountSnapshots, accountStream } from '../../src/ledger/index.js';
import { copyOfAccount } from '../../src/ledger/account.state.js';
import { account as opened, placeHold } from '../support/ledger/commands.js';
import {
  copyOfPurse,
  type PurseCommand,
  coinsIn,
  purse,
  purseSnapshots,
  put,
  putWithNote,
  take,
} from '../support/ledger/purse.js';

const STREAM = 'purse-1';
const SLOW_MS = 8;

interface Order {
  readonly writer: number;
  /** `Note` puts coins with a note that leaves no room for a third of its kind in an append; `Hoard` with one that never fits. */
  readonly type: 'Put' | 'Take' | 'Again' | 'Note' | 'Hoard';
  readonly coins: number;
  /** How many turns of the event loop pass before it. */
  readonly turns: number;
  /** How long its caller waits for its turn, in milliseconds. */
  readonly patienceMs: number;
}

const orders = fc.array(
  fc.record<Order>({
    writer: fc.nat({ max: 1 }),
    type: fc.constantFrom('Put', 'Take', 'Take', 'Take', 'Again', 'Note', 'Hoard'),
    coins: fc.integer({ min: 1, max: 3 }),
    turns: fc.constantFrom(0, 0, 0, 1, 3),
    patienceMs: fc.constantFrom(1, 1_000_000, 1_000_000, 1_000_000),
  }),
  { minLength: 5, maxLength: 40, size: 'max' },
);
const faults = fc.array(fc.constantFrom(...APPEND_FAULTS), { maxLength: 4 });

type Outcome = 'accepted' | 'refused' | 'unknown';

it('accepted commands are in the stream once and refused ones never, over two writers and any faults', async () => {
  await fc.assert(
    fc.asyncProperty(
      orders,
      faults,
      fc.nat({ max: 2 }),
      fc.boolean(),
      async (todo, misfortunes, appendDelayMs, copies) => {
        const store = new MemoryEventStore({ faults: misfortunes, appendDelayMs });
        const snapshots = new Snapshots(new MemoryReadModelStore(), purseSnapshots);
        const settings = {
          store,
          decider: purse,
          ...(copies && { copy: copyOfPurse }),
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
        for (const writer of writers) expect(await writer.read(STREAM, coinsIn, { fresh: true })).toBe(coins);
      },
    ),
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
  const give = async (command: PurseCommand, writer: number, patienceMs = 1_000_000) => {
    const options = { giveUpAt: performance.now() + patienceMs };
    const outcome = await writers[writer === 0 ? 0 : 1].execute(STREAM, command, options).then(
      (result): Outcome => (result instanceof Rejection ? 'refused' : 'accepted'),
      (error: unknown): Outcome => {
        if (error instanceof EventStoreUnavailable) return 'unknown';
        if (error instanceof AppendRefused) return 'refused';
        throw error;
      },
    );
    // Accepted by either is accepted, whatever the other said; then what may be stored, whatever was withdrawn.
    const worst = [outcome, outcomes.get(command)];
    outcomes.set(command, worst.includes('accepted') ? 'accepted' : worst.includes('unknown') ? 'unknown' : 'refused');
  };
  const given = [give(commands[0] as PurseCommand, 0)];
  for (const { writer, type, coins, turns, patienceMs } of todo) {
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    const command = type === 'Again' ? commands[coins % commands.length] : commandOf(type, coins);
    if (command === undefined) continue;
    commands.push(command);
    given.push(give(command, writer, patienceMs));
  }
  await Promise.all(given);
  return outcomes;
}

function commandOf(type: 'Put' | 'Take' | 'Note' | 'Hoard', coins: number): PurseCommand {
  if (type === 'Take') return take(coins);
  return type === 'Put'
    ? put(coins)
    : putWithNote(coins, type === 'Note' ? MAX_APPEND_BYTES / 2 - 1_000 : MAX_APPEND_BYTES);
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
        const settings = {
          store,
          decider: account,
          copy: copyOfAccount,
          snapshots,
          snapshotEvery: 5,
          appendTimeoutMs: SLOW_MS,
        };
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
