// What operators do with read models: rebuild them, compare them with the events, and look at them as of then.
import {
  besideView,
  comparedView,
  compareViews,
  type EventStore,
  emptyView,
  type Projection,
  Projector,
  type ReadModelStore,
  rebuild,
  type Rebuilt,
  type RecordedEvent,
  type Row,
  type RowDifference,
  rowsOf,
  type ViewComparison,
  type ViewDefinition,
  walk,
  type WalkOptions,
} from '../../event-store/index.js';
import { fromInstant } from '../../kernel/index.js';
import type { AsOf } from '../../ledger/index.js';
import { PROJECTIONS } from '../projections.js';
import { alone } from './alone.js';

export interface Stores {
  readonly store: EventStore;
  readonly readModels: ReadModelStore;
}

export type ReplayOptions = Pick<WalkOptions, 'onProgress' | 'signal'>;

/** The read model of this name, with its version or without it; undefined when there is none. */
export const projectionNamed = (name: string): Projection | undefined =>
  PROJECTIONS.find(({ view }) => view.name === name || view.name.replace(/-\d+$/, '') === name);

/** Rebuilds read models and puts them in place. @throws Refused `replay_running` */
export const rebuildViews = (
  { store, readModels }: Stores,
  projections: readonly Projection[],
  options: ReplayOptions,
): Promise<Rebuilt[]> =>
  alone(readModels, projections, besideView, () => rebuild(store, readModels, projections, options));

/** Compares live read models with the events, row by row. Changes nothing for readers. @throws Refused `replay_running` */
export const diffViews = (
  stores: Stores,
  projections: readonly Projection[],
  options: ReplayOptions & { readonly onDifference: (difference: RowDifference) => unknown },
): Promise<ViewComparison[]> =>
  alone(stores.readModels, projections, comparedView, () => compareViews(stores, projections, options));

const belongsTo =
  (end: AsOf) =>
  ({ position, recordedAt }: RecordedEvent): boolean =>
    'position' in end ? position <= end.position : fromInstant(recordedAt) <= end.instant;

/** A read model as of the end of a prefix of the log. */
export interface ViewAsOf {
  readonly view: string;
  /** The position of the last event of the prefix. */
  readonly position: number;
  readonly rows: number;
  /** False when it was cancelled: then there were no rows. */
  readonly isWhole: boolean;
}

const prefixView = (view: ViewDefinition): ViewDefinition => ({ ...view, name: `${view.name}-as-of` });

/**
 * Makes a read model from the events up to `end`, beside the live one, and hands its rows to `onRow` in the order of
 * their ids. Nothing of it stays. The prefix ends before the first event that was recorded after the instant.
 * @throws Refused `replay_running`; PoisonEvent
 */
export const viewAsOf = (
  { store, readModels }: Stores,
  projection: Projection,
  end: AsOf,
  { onRow, ...options }: ReplayOptions & { readonly onRow: (row: Row) => void | Promise<void> },
): Promise<ViewAsOf> =>
  alone(readModels, [projection], prefixView, async () => {
    const view = prefixView(projection.view);
    await emptyView(readModels, view); // a killed one may have left rows of another prefix
    try {
      const projector = new Projector(store, readModels, projection, view);
      for (const failure of (await walk(store, [projector], { ...options, upTo: belongsTo(end) })).values())
        throw failure;
      const { name } = projection.view;
      if (options.signal?.aborted) return { view: name, position: projector.position, rows: 0, isWhole: false };
      let rows = 0;
      for await (const row of rowsOf(readModels, view, {})) {
        await onRow(row);
        rows += 1;
      }
      return { view: name, position: projector.position, rows, isWhole: true };
    } finally {
      await emptyView(readModels, view);
    }
  });
