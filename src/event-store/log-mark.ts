// Ties a view to the log it was made from. Its checkpoint does not: a position means another event, or none, once the ledger was moved
// to another store, or an older copy of it was restored. A view that went on from there would count events twice, or leave some out.
import { type EventStore, type RecordedEvent, START } from './event-store.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

/**
 * Why a view can't go on from a log:
 * - `elsewhere`: it was made from the same ledger in another store;
 * - `ahead`: it has seen an event that the log does not have;
 * - `unknown`: it does not say what it was made from.
 */
export interface LogFault {
  readonly kind: 'elsewhere' | 'ahead' | 'unknown';
  readonly sentence: string;
}

interface Mark {
  readonly stream: string;
  readonly revision: number;
  /** Of the event, which covers it and all before it in its stream. */
  readonly hash: string | null;
}

const MARK = 'newest';
/** A view that nobody ever writes to. */
const NOTHING: ViewDefinition = { name: 'nothing', indexes: [] };

const markOf = ({ name }: ViewDefinition): ViewDefinition => ({ name: `${name}-mark`, indexes: [] });

const hashOf = ({ metadata: { hash } }: RecordedEvent): string | null => (typeof hash === 'string' ? hash : null);

/** To be called before a view takes in events, with the newest of them: so the view has never seen more than its mark tells. */
export async function markLog(readModels: ReadModelStore, view: ViewDefinition, newest: RecordedEvent): Promise<void> {
  const { stream, revision, position } = newest;
  const doc = { stream, revision, hash: hashOf(newest) };
  await readModels.apply(markOf(view), { rows: [{ id: MARK, position, doc }] });
}

/** What keeps a view from going on from this log; undefined when nothing does. */
export async function logFault(
  store: EventStore,
  readModels: ReadModelStore,
  view: ViewDefinition,
): Promise<LogFault | undefined> {
  if ((await readModels.checkpoint(view)) === START) return undefined;
  const row = (await readModels.load(markOf(view), [MARK])).get(MARK);
  if (row === undefined) return fault('unknown', `${view.name} does not tell which ledger it was made from.`);
  const mark = row.doc as unknown as Mark;
  const [event] = await store.readStream(mark.stream, mark.revision, 1);
  if (event === undefined || hashOf(event) !== mark.hash) {
    const seen = `revision ${mark.revision} of ${mark.stream}`;
    const reason = 'an older copy of the ledger was restored, or this is another ledger';
    return fault('ahead', `${view.name} has seen ${seen}, which this ledger does not have: ${reason}.`);
  }
  if (event.position === row.position) return undefined;
  return fault(
    'elsewhere',
    `${view.name} was made from this ledger in another store, where it was at other positions.`,
  );
}

const fault = (kind: LogFault['kind'], what: string): LogFault => ({
  kind,
  sentence: `${what} Rebuild it with "tokenhub replay", then restart the gateways.`,
});

/** Gives up what a view holds. */
export async function emptyView(readModels: ReadModelStore, view: ViewDefinition): Promise<void> {
  await readModels.replace(view, NOTHING);
  await readModels.replace(markOf(view), NOTHING);
}

/** To be called after `rebuilt` took the place of `live`. In between, `live` may be told to be of another log, never the reverse. */
export async function replaceMark(
  readModels: ReadModelStore,
  live: ViewDefinition,
  rebuilt: ViewDefinition,
): Promise<void> {
  await readModels.replace(markOf(live), markOf(rebuilt));
}
