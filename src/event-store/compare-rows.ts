// Compares the rows of a live view with rebuilt ones, while a gateway may go on writing the live ones.
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../kernel/index.js';
import type { EventStore } from './event-store.js';
import type { Projection } from './projection.js';
import type { ReadModelStore, Row, ViewDefinition } from './read-model-store.js';
import { pagesOf } from './rows-of.js';

/** One difference between a live view and the events it was made from. */
export interface RowDifference {
  readonly view: string;
  readonly row: string;
  /** `missing`: the live view lacks the row. `extra`: no event makes it. `differs`: a field has another value. */
  readonly kind: 'missing' | 'extra' | 'differs';
  /** The top-level field that differs; `(position)` when the row has not seen the last event that belongs to it. */
  readonly field?: string;
  /** Absent: the row, or the field, is not there. */
  readonly live?: JsonValue;
  readonly rebuilt?: JsonValue;
}

const EVENTS = 2_000;
/** So many newer rows share one reading of the newest events; this bounds the memory. */
const NEWER = 10_000;

/**
 * Every difference between the live view and `rebuilt`, which has seen all events up to `at`, as the live view had.
 * Each row is compared as of its own position: rows that have seen later events meanwhile are compared with what these
 * events make of the rebuilt row. Reads page by page, so memory does not grow with the view.
 */
export async function* rowDifferences(
  stores: { readonly store: EventStore; readonly readModels: ReadModelStore },
  projection: Projection,
  { view: rebuilt, at }: { readonly view: ViewDefinition; readonly at: number },
): AsyncGenerator<RowDifference> {
  const { readModels } = stores;
  const live = projection.view;
  let newer: Pair[] = [];
  for await (const page of pagesOf(readModels, live)) {
    const rows = await readModels.load(rebuilt, idsOf(page));
    for (const row of page) {
      const pair = { live: row, rebuilt: rows.get(row.id) };
      if (row.position > at) newer.push(pair);
      else yield* between(live.name, pair);
    }
    if (newer.length < NEWER) continue;
    for (const pair of await broughtForward(stores.store, projection, at, newer)) yield* between(live.name, pair);
    newer = [];
  }
  for (const pair of await broughtForward(stores.store, projection, at, newer)) yield* between(live.name, pair);
  for await (const page of pagesOf(readModels, rebuilt)) {
    const rows = await readModels.load(live, idsOf(page));
    for (const { id, doc } of page)
      if (!rows.has(id)) yield { view: live.name, row: id, kind: 'missing', rebuilt: doc };
  }
}

interface Pair {
  readonly live: Row;
  readonly rebuilt: Row | undefined;
}

const idsOf = (rows: readonly Row[]): string[] => rows.map(({ id }) => id);

/** The pairs with their rebuilt rows taken on to the positions of the live ones. */
async function broughtForward(
  store: EventStore,
  projection: Projection,
  from: number,
  pairs: readonly Pair[],
): Promise<Pair[]> {
  const ends = new Map(pairs.map(({ live }) => [live.id, live.position]));
  const rows = new Map(pairs.map(({ live, rebuilt }) => [live.id, rebuilt]));
  const last = pairs.reduce((end, { live }) => Math.max(end, live.position), from);
  for (let position = from; position < last;) {
    const events = await store.readAll(position, EVENTS);
    for (const event of events) {
      const id = projection.rowId(event);
      if (id === undefined || event.position > (ends.get(id) ?? from)) continue;
      rows.set(id, { id, position: event.position, doc: projection.step(rows.get(id)?.doc, event) });
    }
    position = events.at(-1)?.position ?? last; // beyond the end of the log: such rows differ
  }
  return pairs.map(({ live }) => ({ live, rebuilt: rows.get(live.id) }));
}

function* between(view: string, { live, rebuilt }: Pair): Generator<RowDifference> {
  const row = live.id;
  if (rebuilt === undefined) return yield { view, row, kind: 'extra', live: live.doc };
  const [was, is] = [asStored(live.doc), asStored(rebuilt.doc)];
  const fields = new Set([...Object.keys(was), ...Object.keys(is)]);
  let differs = false;
  for (const field of fields) {
    if (isDeepStrictEqual(was[field], is[field])) continue;
    differs = true;
    yield { view, row, kind: 'differs', field, ...values(was[field], is[field]) };
  }
  if (!differs && live.position !== rebuilt.position)
    yield { view, row, kind: 'differs', field: '(position)', live: live.position, rebuilt: rebuilt.position };
}

/** As a store gives it back: without fields that are undefined. */
const asStored = (doc: JsonObject): JsonObject => JSON.parse(JSON.stringify(doc)) as JsonObject;

const values = (live: JsonValue | undefined, rebuilt: JsonValue | undefined) => ({
  ...(live !== undefined && { live }),
  ...(rebuilt !== undefined && { rebuilt }),
});
