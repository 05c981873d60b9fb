// The end of a hold: it is charged or released. Pure.
import {
  formatUsd,
  fromInstant,
  max,
  refuse,
  type Rejection,
  subtract,
  toInstant,
  usd,
  ZERO,
} from '../kernel/index.js';
import type { AccountCommandOf, Uncharged } from './account.commands.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import { type AccountState, holdOf, isSettled } from './account.state.js';
import { aliveLots, take, unlessZero } from './lots.js';

type Decision = readonly AccountEvent[] | Rejection;

export function settleHold(command: AccountCommandOf<'SettleHold'>, state: AccountState, now: number): Decision {
  const { chargeId, cost, byHand } = command;
  if (isSettled(state, chargeId) || state.chargedByHand.has(chargeId)) return [];
  const open = state.holds.get(chargeId);
  if (open !== undefined && byHand !== undefined)
    return refuse('conflict', 'hold_open', `The call of ${chargeId} is still in progress. Wait until it has ended.`);
  const released = state.released.get(chargeId);
  const remembered = open ?? (released && now < released.until ? released.hold : undefined);
  const hold = remembered ?? (byHand && holdOf(byHand.hold));
  if (hold === undefined) return refuse('not_found', 'hold_not_found', `There is no hold ${chargeId} to settle.`);
  if (cost < ZERO) return refuse('invalid', 'invalid_amount', 'A charge can’t be negative.');
  const { slices, uncovered } = take(aliveLots(state.lots, hold.placedAt), cost);
  const holdValue = open === undefined ? ZERO : hold.value;
  const { requestId, keyId, model, priceVersion } = hold;
  const data: AccountEventData<'TokensCharged'> = {
    chargeId,
    requestId,
    keyId,
    model,
    priceVersion,
    cost: formatUsd(cost),
    hold: formatUsd(holdValue),
    slices,
    ...unlessZero('uncovered', uncovered),
    ...(cost > hold.value && { overage: formatUsd(subtract(cost, hold.value)) }),
    ...(open === undefined && { late: true }),
    pricedAt: toInstant(hold.placedAt),
    usage: command.usage,
    usageRaw: command.usageRaw as AccountEventData<'TokensCharged'>['usageRaw'],
    provider: command.provider,
    upstreamModel: command.upstreamModel,
    providerCost: formatUsd(command.providerCost),
    attempts: [...command.attempts],
    ...(command.estimated !== undefined && { estimated: command.estimated }),
    ...(byHand && { byHand: { actor: byHand.actor, reason: byHand.reason } }),
    at: toInstant(now),
  };
  return [{ type: 'TokensCharged', data }];
}

/** Whether a charge is of the call that its hold was placed for, at the price of that moment, and settles what was held. */
export function isOfHold(charge: AccountEventData<'TokensCharged'>, placed: AccountEventData<'HoldPlaced'>): boolean {
  const { value, placedAt } = holdOf(placed);
  const beyond = max(ZERO, subtract(usd(charge.cost), value));
  return (
    OF_CALL.every((field) => charge[field] === placed[field]) &&
    charge.pricedAt === toInstant(placedAt) &&
    usd(charge.hold) === (charge.late ? ZERO : value) &&
    usd(charge.overage ?? '0') === beyond
  );
}

const OF_CALL = ['chargeId', 'requestId', 'keyId', 'model', 'priceVersion'] as const;

export function releaseHold(command: AccountCommandOf<'ReleaseHold'>, state: AccountState, now: number): Decision {
  const { chargeId, reason, detail, attempts, byHand } = command;
  const hold = state.holds.get(chargeId);
  if (hold === undefined) return []; // already settled or released
  if (byHand !== undefined && now < fromInstant(hold.expiresAt))
    return refuse(
      'conflict',
      'hold_open',
      `The call of ${chargeId} may still be in progress. Wait until its hold expires.`,
    );
  const { requestId, keyId, model, amount } = hold;
  const more = { ...(detail !== undefined && { detail }), ...(attempts !== undefined && { attempts: [...attempts] }) };
  const about = { chargeId, requestId, keyId, model, amount, reason, ...more, ...unchargedOf(command) };
  const data = { ...about, ...(byHand !== undefined && { byHand }), at: toInstant(now) };
  return [{ type: 'HoldReleased', data }];
}

const unchargedOf = ({ usageRaw, provider, upstreamModel }: Uncharged) => ({
  ...(usageRaw !== undefined && { usageRaw: usageRaw as AccountEventData<'HoldReleased'>['usageRaw'] }),
  ...(provider !== undefined && { provider }),
  ...(upstreamModel !== undefined && { upstreamModel }),
});
