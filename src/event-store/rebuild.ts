import type { EventStore } from './event-store.js';
import { emptyView, logFault } from './log-mark.js';
import type { Projection } from './projection.js';
import { type PoisonEvent, Projector } from './projector.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';
import { walk, type WalkOptions } from './walk.js';

/** Where a rebuild collects the rows of a view until they are complete. */
export const besideView = (view: ViewDefinition): ViewDefinition => ({ ...view, name: `${view.name}-rebuild` });

/** The result of rebuilding a view. */
export interface Rebuilt {
  readonly view: ViewDefinition;
  /** Events taken in during this run. */
  readonly events: number;
  /** Whether the view is now in place; false when the rebuild was cancelled or failed. */
  readonly isWhole: boolean;
  readonly failure?: PoisonEvent;
}

interface Work {
  readonly view: ViewDefinition;
  readonly projector: Projector;
}

/**
 * Rebuilds projections beside the live ones with one reading of the log, then puts them in place. Until then, reads use
 * the old rows, and never see less than before. A cancelled rebuild continues from there next time. If an event stops
 * one projection, the others go on.
 */
export async function rebuild(
  store: EventStore,
  readModels: ReadModelStore,
  projections: readonly Projection[],
  options: WalkOptions = {},
): Promise<Rebuilt[]> {
  const works = await Promise.all(
    projections.map(async (projection): Promise<Work> => {
      const beside = besideView(projection.view);
      // An earlier rebuild may have left rows from the log as it was before it was moved or restored.
      if ((await logFault(store, readModels, beside)) !== undefined) await emptyView(readModels, beside);
      return { view: projection.view, projector: new Projector(store, readModels, projection, beside) };
    }),
  );
  const done = new Map<Work, Omit<Rebuilt, 'view' | 'events'>>();
  for (let left = works; left.length > 0; left = works.filter((work) => !done.has(work))) {
    const projectors = left.map(({ projector }) => projector);
    const failures = await walk(store, projectors, options);
    for (const work of left) {
      const failure = failures.get(work.projector);
      if (failure !== undefined) done.set(work, { isWhole: false, failure });
      else if (options.signal?.aborted) done.set(work, { isWhole: false });
      else if (await putInPlace(store, readModels, work)) done.set(work, { isWhole: true });
    }
  }
  return works.map((work) => ({
    view: work.view,
    events: work.projector.events,
    ...(done.get(work) ?? { isWhole: false }),
  }));
}

/** False when the live view has seen more by now. */
async function putInPlace(store: EventStore, readModels: ReadModelStore, { view, projector }: Work): Promise<boolean> {
  const beside = besideView(view);
  const at = { live: await readModels.checkpoint(view), rebuilt: projector.position };
  // A live view of another log, or of events that are gone, must be set back.
  const isNewer = at.rebuilt >= at.live || (await logFault(store, readModels, view)) !== undefined;
  return isNewer && (await readModels.replace(view, beside, at));
}
