// What the model of an account knows of expiry.
import type { AccountEvent } from '../../../src/ledger/account.events.js';
import type { AccountModel } from './account-model.js';
import { pico, total } from './model-shapes.js';
import { reach } from './model-time.js';

/** Takes over what an expiry took; what is wrong with it, if anything. */
export function expire(model: AccountModel, events: readonly AccountEvent[], at: number): string | undefined {
  for (const event of events) {
    const lot = event.type === 'CreditExpired' && model.lots.find(({ id }) => id === event.data.lotId);
    if (!lot || lot.expiresAt > at) return 'something that is not due expired';
    const { amount, coveredDebt = '0' } = event.data;
    const [expired, covered] = [pico(amount), pico(coveredDebt)];
    const gone = expired + covered;
    if (expired < 0n || covered < 0n || gone === 0n || gone > lot.left) return 'more expired than there was';
    if (covered !== (gone < model.debt ? gone : model.debt))
      return 'credit that is gone does not pay off the debt first';
    lot.left -= gone;
    model.debt -= covered;
    model.expired += expired;
    reach(model, Math.max(at, model.clock));
  }
  const due = model.opened ? model.lots.filter((lot) => lot.expiresAt <= at && lot.left > 0n) : [];
  const open = [...model.calls.values()].filter(({ status }) => status === 'held');
  if (total(due.map(({ left }) => left)) > model.held()) return 'more is left than holds may need';
  return due.some((lot) => !open.some((call) => call.placedAt < lot.expiresAt))
    ? 'credit nobody can use is left'
    : undefined;
}
