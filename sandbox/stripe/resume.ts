import { expireOverdue, settleIfOpen } from './flows/checkout.js';
import { bookLate } from './flows/payments.js';
import { settleIfPending } from './flows/refunds.js';
import type { World } from './world.js';

/** The API lists "events going back up to 30 days" (https://docs.stripe.com/api/events). */
const EVENTS_KEPT_S = 30 * 86_400;

/** Resumes the work that was pending when the sandbox stopped, and deletes old events. */
export function resume(world: World): void {
  const { store, knobs } = world;
  for (const { id, created } of store.all('event'))
    if (created < world.now() - EVENTS_KEPT_S) store.remove('event', id);
  for (const { status, expires_at: until } of store.all('checkout.session'))
    if (status === 'open') world.later((until - world.now()) * 1_000, () => expireOverdue(world));
  for (const [id, scenario] of world.settling.entries())
    world.later(knobs.settleAsyncMs, () => settleIfOpen(world, id, scenario));
  const wait = knobs.settleRefundMs;
  for (const { id, status } of store.all('refund'))
    if (status === 'pending' && wait !== null) world.later(wait, () => settleIfPending(world, id));
  world.later(knobs.lateBalanceMs, () => bookLate(world));
}
