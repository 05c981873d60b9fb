// Ties a view to the log it was made from. A checkpoint alone can't: after the ledger was moved to another store, or an
// older copy was restored, a position belongs to another event, or to none. A view that continued from there would
// count events twice or skip some.
import { type EventEnvelope, type EventStore, START } from './event-store.js';
import type { Mark, ReadModelStore, ViewDefinition } from './read-model-store.js';

/**
 * Why a view can't continue from a log:
 * - `elsewhere`: it was made from the same ledger in another store;
 * - `ahead`: it has seen an event that the log does not have;
 * - `moved`: its checkpoint is past the newest event that it took in: from there, it would skip events;
 * - `unknown`: it has no mark.
 */
export interface LogFault {
  readonly kind: 'elsewhere' | 'ahead' | 'moved' | 'unknown';
  readonly sentence: string;
}

/** A view that is always empty. */
const NOTHING: ViewDefinition = { name: 'nothing', indexes: [] };

const hashOf = ({ metadata: { hash } }: EventEnvelope): string | null => (typeof hash === 'string' ? hash : null);

/** The mark of a view whose newest event this is. */
export const markOf = (newest: EventEnvelope): Mark => {
  const { position, stream, revision } = newest;
  return { position, stream, revision, hash: hashOf(newest) };
};

/** Why a view can't continue from this log; undefined when it can. */
export async function logFault(
  store: EventStore,
  readModels: ReadModelStore,
  view: ViewDefinition,
): Promise<LogFault | undefined> {
  const position = await readModels.checkpoint(view);
  if (position === START) return undefined;
  const mark = await newestMark(readModels, view, position);
  if (!isMark(mark)) return fault('unknown', `${view.name} has no record of the ledger it was made from.`);
  const [event] = await store.readStream(mark.stream, mark.revision, 1);
  if (event === undefined || hashOf(event) !== mark.hash) {
    const seen = `${view.name} has seen revision ${mark.revision} of ${mark.stream}`;
    const reason = 'an older copy of the ledger was restored, its end was lost, or this is another ledger';
    return { kind: 'ahead', sentence: `${seen}, which this ledger does not have: ${reason}. ${AHEAD}` };
  }
  if (event.position !== mark.position)
    return fault('elsewhere', `${view.name} was made from this ledger in another store, whose positions differ.`);
  if (mark.position >= position) return undefined;
  if ((await readModels.checkpoint(view)) !== position) return logFault(store, readModels, view); // replaced meanwhile
  const stands = `${view.name} stands at position ${position}`;
  return fault(
    'moved',
    `${stands} of the ledger, but the newest event it took in is at ${mark.position}: somebody moved its checkpoint.`,
  );
}

/** Not so where somebody wrote to the read models. */
const isMark = (mark: Mark | null | undefined): mark is Mark =>
  typeof mark?.stream === 'string' && Number.isSafeInteger(mark.revision) && Number.isSafeInteger(mark.position);

/** Earlier builds kept marks in views of their own. One of them may still move the checkpoint of a view that gateways share. */
async function newestMark(
  readModels: ReadModelStore,
  view: ViewDefinition,
  position: number,
): Promise<Mark | undefined> {
  const mark = await readModels.mark(view);
  if (isMark(mark) && mark.position >= position) return mark;
  const row = (await readModels.load({ name: `${view.name}-mark`, indexes: [] }, ['newest'])).get('newest');
  return row === undefined ? mark : ({ ...row.doc, position: row.position } as unknown as Mark);
}

/** What such a view knows stands nowhere else. */
const AHEAD =
  'First let "tokenhub verify" name what is missing. Then rebuild it with "tokenhub replay", and restart the gateways.';

const fault = (kind: LogFault['kind'], what: string): LogFault => ({
  kind,
  sentence: `${what} Rebuild it with "tokenhub replay", then restart the gateways.`,
});

/** Empties a view. */
export async function emptyView(readModels: ReadModelStore, view: ViewDefinition): Promise<void> {
  await readModels.replace(view, NOTHING);
}
