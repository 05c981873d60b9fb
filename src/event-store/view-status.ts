import type { EventStore, RecordedEvent } from './event-store.js';
import { isInUse, type KeptView, keptViews } from './kept-views.js';
import { type LogFault, logFault } from './log-mark.js';
import { doneOf } from './progress.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

/**
 * - `live`: a process keeps it, and it has seen all events but those of the last two seconds.
 * - `building`: a process keeps it, and it is further behind.
 * - `idle`: no process keeps it, however much it has seen.
 * - `stopped`: it takes in nothing until an operator acts; the reason says how.
 */
export type ViewState = 'live' | 'building' | 'idle' | 'stopped';

export interface ViewStatus {
  readonly name: string;
  readonly state: ViewState;
  /** The position up to which it has seen all events. */
  readonly position: number;
  readonly head: number;
  /**
   * How far it is behind, in a measure that works for every store: how long ago its oldest unseen event was recorded; 0
   * when it has seen all.
   */
  readonly lagSeconds: number;
  /** The fraction of the log it has seen, from 0 to 1. */
  readonly done: number;
  /** The release that keeps it, or kept it last. */
  readonly release: string | undefined;
  /** Whether a process keeps it. */
  readonly inUse: boolean;
  /** Why it stopped. */
  readonly reason?: string;
}

/** An event is normally taken in within a second, and within two under the highest load. */
const LIVE_SECONDS = 2;
/** Reads that must be complete don't wait for a view that is this far behind, and operators should hear of it. */
export const FAR_BEHIND_SECONDS = 10;

export interface ViewQuestion {
  readonly views: readonly ViewDefinition[];
  /** In epoch milliseconds. */
  readonly now: number;
  /** Why a view can't continue; by default, read from the stores. */
  readonly faultOf?: (view: ViewDefinition) => Promise<LogFault | undefined>;
  /** The first event after a position, if it is known without a read. */
  readonly nextAfter?: (position: number) => RecordedEvent | undefined;
}

/** The status of views at `now`. @throws when one of the stores can't be read. */
export async function viewStatuses(
  store: EventStore,
  readModels: ReadModelStore,
  { views, now, faultOf = (view) => logFault(store, readModels, view), nextAfter = () => undefined }: ViewQuestion,
): Promise<ViewStatus[]> {
  const kept = await keptViews(readModels);
  const positions = await Promise.all(views.map((view) => readModels.checkpoint(view)));
  const head = await store.head(); // read last: a view beyond it has seen events that are gone
  const ageOfNext = async (position: number): Promise<number> => {
    const next = nextAfter(position) ?? (await store.readAll(position, 1))[0];
    return next === undefined ? 0 : Math.max(0, (now - Date.parse(next.recordedAt)) / 1_000);
  };
  /** Views that keep up are mostly at the same position. */
  const ages = new Map<number, Promise<number>>();
  const lagSecondsAt = async (position: number): Promise<number> => {
    if (position >= head) return 0;
    const age = ages.get(position) ?? ageOfNext(position);
    ages.set(position, age);
    return age;
  };
  return Promise.all(
    views.map(async (view, index) => {
      const { name } = view;
      const position = positions[index] ?? head;
      const fault = await faultOf(view);
      // Positions of the same ledger in another store mean nothing here.
      const lagSeconds = fault?.kind === 'elsewhere' ? 0 : await lagSecondsAt(position);
      const figures = { name, position, head, lagSeconds };
      const keeper = kept.get(name);
      const inUse = keeper !== undefined && isInUse(keeper, now);
      const state = stateOf(figures, inUse ? keeper : undefined, fault);
      return { ...figures, ...state, done: doneOf(position, head), release: keeper?.release, inUse };
    }),
  );
}

function stateOf(
  { position, head, lagSeconds }: Pick<ViewStatus, 'position' | 'head' | 'lagSeconds'>,
  keeper: KeptView | undefined,
  fault: LogFault | undefined,
): Pick<ViewStatus, 'state' | 'reason'> {
  if (keeper?.stopped !== undefined) return { state: 'stopped', reason: keeper.stopped };
  if (fault !== undefined && fault.kind !== 'unknown') return { state: 'stopped', reason: fault.sentence };
  if (position > head) return { state: 'stopped', reason: AHEAD };
  if (keeper === undefined) return { state: 'idle' };
  return { state: lagSeconds > LIVE_SECONDS ? 'building' : 'live' };
}

const AHEAD =
  'it has seen events that the ledger does not have: was an older copy of the ledger restored? Rebuild it with "tokenhub replay"';
