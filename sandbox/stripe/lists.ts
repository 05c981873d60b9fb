// Pages of a list, newest first: https://docs.stripe.com/api/pagination
import type Stripe from 'stripe';
import { badParams, missing } from './errors.js';
import type { CreatedFilter } from './params.js';

export interface PageParams {
  readonly limit?: number | undefined;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?: CreatedFilter | undefined;
}

interface Listed {
  readonly id: string;
  readonly created: number;
}

/** A page of objects that are given oldest first. @throws StripeFailure 400 for two cursors or an unknown one. */
export function page<T extends Listed>(url: string, oldestFirst: readonly T[], params: PageParams): Stripe.ApiList<T> {
  const { limit = 10, starting_after: after, ending_before: before } = params;
  if (after !== undefined && before !== undefined) {
    throw badParams(undefined, 'You can only specify one of ending_before and starting_after.', 'ending_before');
  }
  const all = oldestFirst.toReversed().filter((item) => within(item.created, params.created));
  if (before !== undefined) {
    const end = placeOf(all, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: all.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : placeOf(all, after, 'starting_after') + 1;
  return { object: 'list', data: all.slice(start, start + limit), has_more: start + limit < all.length, url };
}

function placeOf(all: readonly Listed[], id: string, param: string): number {
  const place = all.findIndex((item) => item.id === id);
  if (place < 0) throw missing('object', id, param);
  return place;
}

export function within(created: number, filter: CreatedFilter | undefined): boolean {
  if (filter === undefined) return true;
  if (typeof filter === 'number') return created === filter;
  const { gt, gte, lt, lte } = filter;
  return (
    (gt === undefined || created > gt) &&
    (gte === undefined || created >= gte) &&
    (lt === undefined || created < lt) &&
    (lte === undefined || created <= lte)
  );
}
