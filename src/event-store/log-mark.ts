// Ties a view to the log it was made from. A checkpoint alone can't: after the ledger was moved to another store, or an
// older copy was restored, a position belongs to another event, or to none. A view that continued from there would
// count events twice or skip some.
import { type EventStore, type RecordedEvent, START } from './event-store.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

/**
 * Why a view can't continue from a log:
 * - `elsewhere`: it was made from the same ledger in another store;
 * - `ahead`: it has seen an event that the log does not have;
 * - `unknown`: it has no mark.
 */
export interface LogFault {
  readonly kind: 'elsewhere' | 'ahead' | 'unknown';
  readonly sentence: string;
}

interface Mark {
  readonly stream: string;
  readonly revision: number;
  /** Of the event; covers it and all events before it in its stream. */
  readonly hash: string | null;
}

const MARK = 'newest';
/** A view that is always empty. */
const NOTHING: ViewDefinition = { name: 'nothing', indexes: [] };

const markOf = ({ name }: ViewDefinition): ViewDefinition => ({ name: `${name}-mark`, indexes: [] });

const hashOf = ({ metadata: { hash } }: RecordedEvent): string | null => (typeof hash === 'string' ? hash : null);

/**
 * Call before a view takes in events, with the newest of them: then the view has never seen more than its mark says.
 */
export async function markLog(readModels: ReadModelStore, view: ViewDefinition, newest: RecordedEvent): Promise<void> {
  const { stream, revision, position } = newest;
  const doc = { stream, revision, hash: hashOf(newest) };
  await readModels.apply(markOf(view), { rows: [{ id: MARK, position, doc }] });
}

/** Why a view can't continue from this log; undefined when it can. */
export async function logFault(
  store: EventStore,
  readModels: ReadModelStore,
  view: ViewDefinition,
): Promise<LogFault | undefined> {
  if ((await readModels.checkpoint(view)) === START) return undefined;
  const row = (await readModels.load(markOf(view), [MARK])).get(MARK);
  if (row === undefined) return fault('unknown', `${view.name} has no record of the ledger it was made from.`);
  const mark = row.doc as unknown as Mark;
  const [event] = await store.readStream(mark.stream, mark.revision, 1);
  if (event === undefined || hashOf(event) !== mark.hash) {
    const seen = `revision ${mark.revision} of ${mark.stream}`;
    const reason = 'an older copy of the ledger was restored, or this is another ledger';
    return fault('ahead', `${view.name} has seen ${seen}, which this ledger does not have: ${reason}.`);
  }
  if (event.position === row.position) return undefined;
  return fault('elsewhere', `${view.name} was made from this ledger in another store, whose positions differ.`);
}

const fault = (kind: LogFault['kind'], what: string): LogFault => ({
  kind,
  sentence: `${what} Rebuild it with "tokenhub replay", then restart the gateways.`,
});

/** Empties a view. */
export async function emptyView(readModels: ReadModelStore, view: ViewDefinition): Promise<void> {
  await readModels.replace(view, NOTHING);
  await readModels.replace(markOf(view), NOTHING);
}

/** Call after `rebuilt` has replaced `live`. In between, `live` may seem to be of another log, never the reverse. */
export async function replaceMark(
  readModels: ReadModelStore,
  live: ViewDefinition,
  rebuilt: ViewDefinition,
): Promise<void> {
  await readModels.replace(markOf(live), markOf(rebuilt));
}
