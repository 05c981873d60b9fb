// How time goes on in the model of an account.
import type { AccountModel } from './account-model.js';
import { DAY } from './model-shapes.js';

/** Time goes on, and things are forgotten; or it is turned back, and what was to be is now. */
export function reach(model: AccountModel, at: number): void {
  if (at < model.clock) turnBack(model, at);
  model.clock = at;
  for (const call of model.calls.values()) call.forgotten ||= call.status === 'released' && call.endedAt + DAY <= at;
  for (const refund of model.refunds.values())
    refund.uncounted ||= refund.approvedAlone && refund.approvedAt <= at - DAY;
}

function turnBack(model: AccountModel, at: number): void {
  model.turns++;
  for (const each of [...model.charges, ...model.ended.lines]) each.at = Math.min(each.at, at);
  for (const call of model.calls.values()) call.endedAt = Math.min(call.endedAt, at);
  for (const refund of model.refunds.values()) refund.approvedAt = Math.min(refund.approvedAt, at);
}
