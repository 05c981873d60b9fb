// Rebuilds read models beside the live ones and compares the two, row by row.
import { type RowDifference, rowDifferences } from './compare-rows.js';
import { type EventStore, type RecordedEvent, START } from './event-store.js';
import { emptyView, logFault } from './log-mark.js';
import type { Projection } from './projection.js';
import { PoisonEvent, Projector } from './projector.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';
import type { WalkOptions } from './walk.js';

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

/** Events that are read at once. */
const PAGE = 2_000;

interface Work {
  readonly projection: Projection;
  /** The position that the live view had reached at the beginning. */
  readonly position: number;
  readonly beside: ViewDefinition;
  readonly projector: Projector;
  failure?: string;
}

interface ComparedStores {
  readonly store: EventStore;
  readonly readModels: ReadModelStore;
}

/**
 * A comparison whose events somebody else reads: give it the log, page by page, then let it finish. A view that is behind is compared as far as
 * it has come.
 */
export class Comparison {
  private constructor(
    private readonly stores: ComparedStores,
    private readonly projections: readonly Projection[],
    private readonly works: readonly Work[],
    private readonly unsound: readonly ViewComparison[],
  ) {}

  static async begin(stores: ComparedStores, projections: readonly Projection[]): Promise<Comparison> {
    const { store, readModels } = stores;
    const works: Work[] = [];
    const unsound: ViewComparison[] = [];
    for (const projection of projections) {
      const { view } = projection;
      const fault = await logFault(store, readModels, view);
      const position = await readModels.checkpoint(view);
      if (fault === undefined) works.push(await begin(stores, projection, position));
      else unsound.push({ view: view.name, position, differences: 0, isWhole: false, failure: fault.sentence });
    }
    return new Comparison(stores, projections, works, unsound);
  }

  /** It has seen all events up to here; `Infinity` when it needs no more. */
  get position(): number {
    const behind = this.works.filter(({ failure, position, projector }) => !failure && projector.position < position);
    return Math.min(...behind.map(({ projector }) => projector.position));
  }

  /** The position of the last event that it needs. */
  get end(): number {
    return Math.max(START, ...this.works.map(({ position }) => position));
  }

  /** Takes in the events it has not seen yet. They start at its position or earlier and have no gap. */
  async take(events: readonly RecordedEvent[]): Promise<void> {
    await Promise.all(
      this.works.map(async (work) => {
        if (work.failure !== undefined) return;
        try {
          await work.projector.take(upTo(work.position, events));
        } catch (error) {
          if (!(error instanceof PoisonEvent)) throw error;
          work.failure = error.message;
        }
      }),
    );
  }

  /** Compares the rows, once it has seen all events or a signal ended the reading. */
  async finish({ onDifference, signal }: Pick<CompareOptions, 'onDifference' | 'signal'>): Promise<ViewComparison[]> {
    const results = [...this.unsound];
    for (const work of this.works) results.push(await this.#compare(work, { onDifference, signal }));
    return this.projections.map(({ view }) => results.find((result) => result.view === view.name) as ViewComparison);
  }

  async #compare(
    { projection, beside, position, failure }: Work,
    { onDifference, signal }: Pick<CompareOptions, 'onDifference' | 'signal'>,
  ): Promise<ViewComparison> {
    const { readModels } = this.stores;
    let differences = 0;
    if (failure === undefined && !signal?.aborted) {
      for await (const difference of rowDifferences(this.stores, projection, { view: beside, at: position })) {
        await onDifference(difference);
        differences += 1;
        if (signal?.aborted) break;
      }
    }
    const isWhole = failure === undefined && !signal?.aborted;
    if (!signal?.aborted) await emptyView(readModels, beside);
    const moved = isWhole && (await readModels.checkpoint(projection.view)) < position ? MOVED : failure;
    const view = projection.view.name;
    return { view, position, differences, isWhole, ...(moved !== undefined && { failure: moved }) };
  }
}

const MOVED = 'the live view was emptied or set back during the comparison: compare again';

/** Rows of an earlier comparison serve again, unless they are of another log or have seen more. */
async function begin({ store, readModels }: ComparedStores, projection: Projection, position: number): Promise<Work> {
  const beside = comparedView(projection.view);
  const isOther = (await logFault(store, readModels, beside)) !== undefined;
  if (isOther || (await readModels.checkpoint(beside)) > position) await emptyView(readModels, beside);
  const projector = new Projector(store, readModels, projection, beside);
  await projector.resume();
  return { projection, position, beside, projector };
}

function upTo(end: number, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  if ((events.at(-1)?.position ?? end) <= end) return events;
  return events.filter(({ position }) => position <= end);
}

/**
 * Compares live views with their events, and reports every difference. Nothing changes for readers, and live views may
 * move on meanwhile. A cancelled comparison continues from there next time.
 */
export async function compareViews(
  stores: ComparedStores,
  projections: readonly Projection[],
  { onProgress, ...options }: CompareOptions,
): Promise<ViewComparison[]> {
  const comparison = await Comparison.begin(stores, projections);
  for (let events = 0; comparison.position < comparison.end && !options.signal?.aborted;) {
    const page = await stores.store.readAll(comparison.position, PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    await comparison.take(page);
    onProgress?.({ position: last.position, head: comparison.end, events: (events += page.length) });
  }
  return comparison.finish(options);
}
