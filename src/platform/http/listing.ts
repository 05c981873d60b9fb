// Pages of rows, newest first.
import type { Query, ReadModelStore, ViewDefinition, WaitFor } from '../../event-store/index.js';
import { type ListQuery, notACursor, type Page, pageOf } from './list.js';
import type { Period } from './period.js';

export interface Listing<Item> {
  readonly view: ViewDefinition;
  readonly where?: Query['where'];
  /** An instant, or what sorts like one. */
  readonly orderBy: string;
  /** Only rows whose `orderBy` lies in it. */
  readonly period?: Period;
  /** Converts a row’s document to its item. */
  readonly show: (doc: never) => Item;
}

/** A page of a view, after the view has seen everything in the ledger at the time of the request. @throws ViewBehind, ApiError for a bad query */
export async function page<Item>(
  { readModels, waitFor }: { readonly readModels: ReadModelStore; readonly waitFor: WaitFor },
  { view, where = {}, orderBy, period: { from, to } = {}, show }: Listing<Item>,
  { limit, cursor }: ListQuery,
): Promise<Page<Item>> {
  await waitFor.head(view);
  const after = cursor === undefined ? undefined : (await readModels.load(view, [cursor])).get(cursor);
  const isOfList = Object.entries(where).every(([field, value]) => after?.doc[field] === value);
  if (cursor !== undefined && (after === undefined || !isOfList)) {
    throw notACursor();
  }
  const below = to === undefined ? {} : { below: { [orderBy]: to } };
  const wanted = { where, orderBy, ...below, descending: true, limit: limit + 1, ...(after && { after }) };
  const rowsBefore = await readModels.find(view, wanted);
  const found = from === undefined ? rowsBefore : rowsBefore.filter(({ doc }) => String(doc[orderBy]) >= from);
  const rows = found.slice(0, limit);
  const next = found.length > limit ? rows.at(-1)?.id : undefined;
  return pageOf(
    rows.map(({ doc }) => show(doc as never)),
    next,
  );
}
