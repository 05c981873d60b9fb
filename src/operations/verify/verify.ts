// Checks the whole ledger in one reading of the log: every hash chain, the tree against every checkpoint, the history of every stream, every charge
// recomputed from its usage and price, every posting, what two streams must both say, and every row of the read models.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  comparedView,
  eventsOf,
  type EventStore,
  logPages,
  type ReadModelStore,
  type RecordedEvent,
  START,
  type WalkOptions,
} from '../../event-store/index.js';
import { countOf } from '../../kernel/index.js';
import { accountStream, trialBalance, type TrialBalanceLine } from '../../ledger/index.js';
import { GrowingTree, type Seals, type SignedCheckpoint } from '../../seals/index.js';
import { PROJECTIONS } from '../projections.js';
import { alone } from '../replay/alone.js';
import { Faults, someOfEach } from './faults.js';
import { BooksCheck } from './verify-books.js';
import { ChargeCheck } from './verify-charges.js';
import { FactCheck } from './verify-facts.js';
import { hiddenIn, misplaced, TextCheck } from './verify-places.js';
import { BalanceCheck, ReadModelCheck, type Stores } from './verify-read-models.js';
import { SealCheck } from './verify-seals.js';
import { type OnEvent, StreamCheck } from './verify-streams.js';

/** Events that are checked without a pause: about 2 ms. */
const STEPS = 50;
const PROGRESS_EVERY = 2_000;
const NOT_SEALED =
  'The ledger is not sealed: LEDGER_KEY_FILE names no key. So nothing shows whether its end was cut off, or events or snapshots were forged.';
const ROWS_UNREAD =
  'The rows of the read models were not compared: that takes the whole log. "tokenhub replay --diff" does it.';
const ONE_ACCOUNT =
  'Only what this account says was verified, and that other streams say so, too. Not verified: what they alone say of it, such as a payment that it was never credited or a re-rating that it lacks; invoices; checkpoints and the MACs of its events; rows of read models except its balance. A verification of the whole ledger does that.';
const unread = (events: number): string =>
  `The first ${events} events were not read: what the sealer kept of them has the root of the given checkpoint. Whether they are in the log as they were sealed, only a verification without --since tells.`;
const EMPTY =
  'The ledger has no event, so nothing was verified. A copy of a ledger that is in use is not like this: docs/operating.md, "Backup and restore".';
const notMade = (views: readonly string[]): string =>
  `These read models have seen no event yet, so nothing was compared: ${views.join(', ')}.`;

export interface Verification {
  readonly streams: number;
  readonly events: number;
  readonly accounts: number;
  readonly charges: number;
  readonly openHolds: number;
  /** Checkpoints that the log was compared with. */
  readonly checkpoints: number;
  /** Read models whose rows were all compared. */
  readonly readModels: number;
  /** How many faults there are. */
  readonly faultCount: number;
  /** One sentence for each fault, the first hundred of each kind, or as many as were asked for; empty when the ledger is sound. */
  readonly faults: readonly string[];
  /** What could not be checked, a sentence each. */
  readonly warnings: readonly string[];
  /** Of all events that were verified. */
  readonly trialBalance: readonly TrialBalanceLine[];
}

export interface VerifyOptions extends Pick<WalkOptions, 'onProgress' | 'signal'> {
  /** The stream of this account only, and what other streams say of what it says. */
  readonly account?: string | undefined;
  /** What the log is compared with; without it, seals are not checked. */
  readonly seals?: Seals | undefined;
  /** A checkpoint whose events are trusted and not read, if the tree that the sealer keeps has its root: only later ones are verified. */
  readonly since?: SignedCheckpoint | undefined;
  /** How many faults are named at most, of all kinds evenly; without it, a hundred of each. */
  readonly mostFaults?: number | undefined;
  /** False leaves the read models out, whose rows take as long as everything else. */
  readonly readModels?: boolean | undefined;
}

/**
 * Verifies every stream, or that of one account. It needs the same memory however long the log is. Rows that are rebuilt for the comparison serve
 * the next run when this one is cancelled.
 * @throws DOMException AbortError after its signal; Refused `replay_running` while the same read models are being compared elsewhere
 */
export async function verify(
  store: EventStore,
  readModels: ReadModelStore,
  options: VerifyOptions = {},
): Promise<Verification> {
  const lostKeys = new Set((await options.seals?.lostKeys())?.map(({ keyId }) => keyId));
  const stores = { store, readModels, lostKeys };
  if (options.account !== undefined) return verifyAccount(options.account, stores, options);
  const run = (): Promise<Verification> => verifyLedger(stores, options);
  return comparesRows(options) ? alone(readModels, PROJECTIONS, comparedView, run) : run();
}

/** A log that is trusted up to a checkpoint is not read from its beginning, and rows can't be made again. */
const comparesRows = ({ readModels = true, since }: VerifyOptions): boolean => readModels && since === undefined;

async function verifyLedger(stores: Stores, options: VerifyOptions): Promise<Verification> {
  const { store } = stores;
  const { seals, since, readModels = true, onProgress, signal } = options;
  const start = await startOf(seals, since);
  const sealed = seals && (await SealCheck.open(store, seals, start.tree));
  const facts = new FactCheck(store);
  const books = start.position === START ? new BooksCheck() : undefined;
  const streams = new StreamCheck(store, {
    charges: await ChargeCheck.open(store),
    trustedTo: start.position,
    onEvent: async (event, state, entry) => {
      books?.take(event, entry);
      await facts.take(event, state);
    },
  });
  try {
    const texts = new TextCheck(store);
    const rows = readModels ? await ReadModelCheck.begin(stores, comparesRows(options)) : undefined;
    const head = await store.head(); // later events are left for the next run
    let events = 0;
    for await (const whole of logPages(store, start.position)) {
      signal?.throwIfAborted();
      const page = (whole.at(-1)?.position ?? head) <= head ? whole : whole.filter(({ position }) => position <= head);
      await Promise.all([rows?.take(page), judge(page, { sealed, streams, texts })]);
      onProgress?.({ position: page.at(-1)?.position ?? head, head, events: (events += page.length) });
      if ((whole.at(-1)?.position ?? head) >= head) break;
    }
    await sealed?.finish();
    await texts.finish();
    streams.finish();
    await facts.finish();
    const placed = await misplaced(store, streams.names());
    const isKnown = start.position === START ? (id: string) => streams.has(accountStream(id)) : undefined;
    const found = await rows?.finish(isKnown, signal);
    signal?.throwIfAborted();
    const seal = [start.faults, ...(sealed?.found ?? [])];
    const faults = [...seal, streams.faults, facts.faults, books?.faults, texts.faults, placed, found?.faults];
    return {
      ...streams.figures,
      checkpoints: sealed?.compared ?? 0,
      readModels: found?.compared ?? 0,
      ...together(faults, options),
      warnings: [
        ...(head === START ? [EMPTY] : []),
        ...(seals !== undefined && seals.keys === undefined ? [NOT_SEALED] : []),
        ...(sealed?.warnings ?? []),
        ...start.warnings,
        ...(readModels && since !== undefined ? [ROWS_UNREAD] : []),
        ...(found && found.empty.length > 0 && head > START ? [notMade(found.empty)] : []),
      ],
      trialBalance: trialBalance(streams.totals),
    };
  } finally {
    streams.close();
  }
}

interface Judges {
  readonly sealed: SealCheck | undefined;
  readonly streams: StreamCheck;
  readonly texts: TextCheck;
}

async function judge(events: readonly RecordedEvent[], { sealed, streams, texts }: Judges): Promise<void> {
  for (const [index, event] of events.entries()) {
    if (index % STEPS === 0) await nextTurn(); // calls on the same thread come first
    await texts.take(event);
    await sealed?.take(event);
    await streams.take(event);
  }
}

async function verifyAccount(
  account: string,
  { store, ...others }: Stores,
  { readModels: compares = true, mostFaults, onProgress, signal }: VerifyOptions,
): Promise<Verification> {
  const charges = await ChargeCheck.open(store);
  const facts = new FactCheck(store, accountStream(account));
  const onEvent: OnEvent = (event, state) => facts.take(event, state);
  const streams = new StreamCheck(store, { charges, trustedTo: START, onEvent });
  const balance = new BalanceCheck(others);
  const head = await store.head();
  const texts = new TextCheck(store);
  let events = 0;
  for await (const event of eventsOf(store, accountStream(account))) {
    await texts.take(event);
    await streams.take(event);
    if (compares) balance.take(event);
    if (++events % PROGRESS_EVERY === 0) {
      signal?.throwIfAborted();
      onProgress?.({ position: event.position, head, events });
    }
    if (event.position >= head) break;
  }
  await texts.finish();
  streams.finish();
  await facts.finish();
  const hidden = await hiddenIn(store, new Faults(), accountStream(account));
  const rows = new Faults();
  rows.push(...(await balance.faults()));
  return {
    ...streams.figures,
    checkpoints: 0,
    readModels: 0,
    ...together([streams.faults, facts.faults, texts.faults, hidden, rows], { mostFaults }),
    warnings: [ONE_ACCOUNT],
    trialBalance: trialBalance(streams.totals),
  };
}

function together(
  kinds: readonly (Faults | undefined)[],
  { mostFaults = Infinity }: VerifyOptions,
): Pick<Verification, 'faults' | 'faultCount'> {
  const all = kinds.filter((faults) => faults !== undefined);
  const said = all.map((faults) => faults.said);
  return { faults: someOfEach(said, mostFaults), faultCount: all.reduce((sum, { count }) => sum + count, 0) };
}

/** Where the verification begins. */
interface Start {
  readonly position: number;
  readonly tree: GrowingTree;
  readonly faults: Faults;
  readonly warnings: readonly string[];
}

/** After the events of a checkpoint, if the tree over the log begins with them; else at its beginning. */
async function startOf(seals: Seals | undefined, since: SignedCheckpoint | undefined): Promise<Start> {
  const faults = new Faults();
  const beginning = { position: START, tree: new GrowingTree(), faults, warnings: [] };
  if (since === undefined || seals === undefined) return beginning;
  const tree = await seals.tree.treeOf(since.size);
  if (tree !== undefined && Buffer.compare(tree.root, since.root) === 0) {
    return { position: await seals.tree.positionBefore(since.size), tree, faults, warnings: [unread(since.size)] };
  }
  const what = tree === undefined ? 'is shorter than' : 'does not begin with';
  faults.push(`The log ${what} the ${countOf(since.size, 'event')} of the given checkpoint: all of it is verified.`);
  return beginning;
}
