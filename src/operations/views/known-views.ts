// Every view that there is: those of this release, and those that others keep or kept.
import {
  besideView,
  type EventStore,
  keptViews,
  type ReadModelStore,
  START,
  type ViewDefinition,
  type ViewStatus,
  viewStatuses,
} from '../../event-store/index.js';
import { PROJECTIONS } from '../projections.js';

const OWN = new Set(PROJECTIONS.map(({ view }) => view.name));

/** Whether this release reads and keeps the view. */
export const isOfThisRelease = (name: string): boolean => OWN.has(name);

/** This release’s views, and those of others that have rows or a keeper, with their status at `now` (epoch milliseconds). */
export async function knownViews(store: EventStore, readModels: ReadModelStore, now: number): Promise<ViewStatus[]> {
  const kept = await keptViews(readModels);
  const others = PROJECTIONS.flatMap(({ view }) => [...earlier(view), besideView(view).name]);
  const views = [...new Set([...OWN, ...others, ...kept.keys()])].map((name) => ({ name, indexes: [] }));
  const statuses = await viewStatuses(store, readModels, { views, now });
  return statuses.filter(({ name, inUse, position }) => isOfThisRelease(name) || inUse || position > START);
}

/** Earlier versions of a view: a store may hold rows of them that nobody keeps. */
function earlier({ name }: ViewDefinition): string[] {
  const [, stem = name, version = '1'] = /^(.+)-(\d+)$/.exec(name) ?? [];
  return Array.from({ length: Number.parseInt(version, 10) - 1 }, (_, index) => `${stem}-${index + 1}`);
}
