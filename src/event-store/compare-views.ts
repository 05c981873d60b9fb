// Rebuilds read models beside the live ones and compares the two, row by row.
import { type RowDifference, rowDifferences } from './compare-rows.js';
import { type EventStore, START } from './event-store.js';
import { emptyView, logFault } from './log-mark.js';
import type { Projection } from './projection.js';
import { Projector } from './projector.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';
import { walk, type WalkOptions } from './walk.js';

export type { RowDifference };

/** Where a comparison collects the rebuilt rows of a view; empty again afterwards. */
export const comparedView = (view: ViewDefinition): ViewDefinition => ({ ...view, name: `${view.name}-compare` });

/** The comparison of one view. */
export interface ViewComparison {
  readonly view: string;
  /** The position that the live view had reached when the comparison began: all its rows are compared from there on. */
  readonly position: number;
  readonly differences: number;
  /** False when it was cancelled; the same call continues. */
  readonly isWhole: boolean;
  /** Why it could not be compared. */
  readonly failure?: string;
}

export interface CompareOptions extends Pick<WalkOptions, 'onProgress' | 'signal'> {
  readonly onDifference: (difference: RowDifference) => unknown;
}

/** Views whose checkpoints are at most so far apart share one reading of the log. */
const TOGETHER = 10_000;

interface Standing {
  readonly projection: Projection;
  readonly position: number;
}

/**
 * Compares live views with their events, and reports every difference. Nothing changes for readers, and live views may
 * move on meanwhile. A view that is behind is compared as far as it has come. A cancelled comparison continues from
 * there next time.
 */
export async function compareViews(
  stores: { readonly store: EventStore; readonly readModels: ReadModelStore },
  projections: readonly Projection[],
  options: CompareOptions,
): Promise<ViewComparison[]> {
  const { store, readModels } = stores;
  const sound: Standing[] = [];
  const results: ViewComparison[] = [];
  for (const projection of projections) {
    const { view } = projection;
    const fault = await logFault(store, readModels, view);
    const position = await readModels.checkpoint(view);
    if (fault === undefined) sound.push({ projection, position });
    else results.push({ view: view.name, position, differences: 0, isWhole: false, failure: fault.sentence });
  }
  for (const group of neighbours(sound)) results.push(...(await compareGroup(stores, group, options)));
  return projections.map(({ view }) => results.find((result) => result.view === view.name) as ViewComparison);
}

function neighbours(standings: readonly Standing[]): Standing[][] {
  const groups: Standing[][] = [];
  for (const standing of standings.toSorted((one, other) => one.position - other.position)) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first && standing.position - first.position <= TOGETHER) group.push(standing);
    else groups.push([standing]);
  }
  return groups;
}

/** Views of about the same position, by one reading of the log to the lowest of them. */
async function compareGroup(
  stores: { readonly store: EventStore; readonly readModels: ReadModelStore },
  group: readonly Standing[],
  { onProgress, signal, onDifference }: CompareOptions,
): Promise<ViewComparison[]> {
  const { store, readModels } = stores;
  const at = group[0]?.position ?? START;
  const works = await Promise.all(group.map((standing) => begin(stores, standing, at)));
  const upTo = ({ position }: { readonly position: number }): boolean => position <= at;
  const projectors = works.map(({ projector }) => projector);
  const failures = await walk(store, projectors, { onProgress, signal, upTo });
  const results: ViewComparison[] = [];
  for (const { projection, projector, beside, position } of works) {
    const view = projection.view.name;
    const failure = failures.get(projector)?.message;
    let differences = 0;
    if (failure === undefined && !signal?.aborted) {
      for await (const difference of rowDifferences(stores, projection, { view: beside, at })) {
        await onDifference(difference);
        differences += 1;
        if (signal?.aborted) break;
      }
    }
    const isWhole = failure === undefined && !signal?.aborted;
    if (!signal?.aborted) await emptyView(readModels, beside);
    const moved = isWhole && (await readModels.checkpoint(projection.view)) < position ? MOVED : failure;
    results.push({ view, position, differences, isWhole, ...(moved !== undefined && { failure: moved }) });
  }
  return results;
}

const MOVED = 'the live view was emptied or set back during the comparison: compare again';

/** Rows of an earlier comparison serve again, unless they are of another log or have seen more. */
async function begin(
  { store, readModels }: { store: EventStore; readModels: ReadModelStore },
  standing: Standing,
  at: number,
) {
  const beside = comparedView(standing.projection.view);
  const isOther = (await logFault(store, readModels, beside)) !== undefined;
  if (isOther || (await readModels.checkpoint(beside)) > at) await emptyView(readModels, beside);
  return { ...standing, beside, projector: new Projector(store, readModels, standing.projection, beside) };
}
