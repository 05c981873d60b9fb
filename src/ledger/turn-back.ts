// Repairs an account after a clock that was ahead wrote events from the future. Those events stay, and no later event gets an earlier instant.
// But calls are judged by the clock of their gateway, so the account's clock is turned back to that, and what it remembered by the wrong clock
// is remembered as of now.
import type { AccountState } from './account.state.js';
import { HOLD_REPLAY_WINDOW_MS, LATE_CHARGE_WINDOW_MS } from './account.state.js';
import { redated } from './budgets.js';
import { shortened } from './settled-charges.js';

export function turnBack(state: AccountState, clock: number): void {
  state.turns++;
  state.settled = shortened(state.settled, state.clock, clock + HOLD_REPLAY_WINDOW_MS);
  for (const [id, { hold, until }] of state.released)
    state.released.set(id, { hold, until: Math.min(until, clock + LATE_CHARGE_WINDOW_MS) });
  for (const [root, endedAt] of state.endedKeys) state.endedKeys.set(root, Math.min(endedAt, clock));
  for (const key of state.keys.values()) key.spend = redated(key.spend, clock);
  state.alone = state.alone.map((decision) => ({ ...decision, at: Math.min(decision.at, clock) }));
}
