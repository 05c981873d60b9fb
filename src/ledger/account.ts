// A prepaid account. Invariants: available = posted − held, and no hold is placed beyond it; a hold is settled or released once.
// Pure: no clock, no ids, no I/O. A command carries everything a decision needs.
import { add, type Decider, formatUsd, refuse, Rejection, toInstant, ZERO } from '../kernel/index.js';
import type { AccountCommand, AccountCommandOf } from './account.commands.js';
import type { AccountEvent } from './account.events.js';
import { evolve } from './account.evolve.js';
import { type AccountState, available, noAccount } from './account.state.js';
import { adjustBalance, credit, expireCredit } from './credit.js';
import { recordDispute } from './disputes.js';
import { placeHold, turnsBack } from './holds.js';
import { issueKey, reissueKey, revokeKey, updateKey } from './keys.js';
import { madeBefore } from './references.js';
import { decideRefund } from './refunds.js';
import { rerateCharge } from './rerating.js';
import { releaseHold, settleHold } from './settle.js';

type Decision = readonly AccountEvent[] | Rejection;

const nothingNew: Decision = [];

export const account: Decider<AccountState, AccountCommand, AccountEvent> = { initial: noAccount, decide, evolve };

function decide(command: AccountCommand, state: AccountState): Decision {
  // A gateway whose clock is behind must not write an earlier instant, and a clock that was ahead must not stop it.
  const now = turnsBack(command, state) ? command.at : Math.max(command.at, state.clock);
  const decision = decideAt(command, state, now);
  return decision instanceof Rejection || now >= state.lastAt ? decision : decision.map((event) => after(state, event));
}

/** Adds the writer's own clock to an event where that is behind the event before. */
function after({ lastAt }: AccountState, { type, data }: AccountEvent): AccountEvent {
  return { type, data: { ...data, at: toInstant(lastAt), clock: data.at } } as AccountEvent;
}

function decideAt(command: AccountCommand, state: AccountState, now: number): Decision {
  if (command.type === 'OpenAccount') return openAccount(command, state, now);
  if (state.accountId === undefined) return refuse('not_found', 'account_not_found', 'This account does not exist.');
  switch (command.type) {
    case 'SuspendAccount':
      return state.suspended ? nothingNew : [{ type: 'AccountSuspended', data: groundsAt(command, now) }];
    case 'CloseAccount':
      return closeAccount(command, state, now);
    case 'ReinstateAccount':
      return state.suspended ? [{ type: 'AccountReinstated', data: groundsAt(command, now) }] : nothingNew;
    case 'IssueKey':
      return issueKey(command, state, now);
    case 'ReissueKey':
      return reissueKey(command, state, now);
    case 'UpdateKey':
      return updateKey(command, state, toInstant(now));
    case 'RevokeKey':
      return revokeKey(command, state, toInstant(now));
    case 'PurchaseCredit':
    case 'GrantCredit':
      return credit(command, state, now);
    case 'ExpireCredit':
      return expireCredit(command, state, now);
    case 'PlaceHold':
      return placeHold(command, state, now);
    case 'SettleHold':
      return settleHold(command, state, now);
    case 'ReleaseHold':
      return releaseHold(command, state, now);
    case 'RerateCharge':
      return rerateCharge(command, state, now);
    case 'AdjustBalance':
      return adjustBalance(command, state, now);
    case 'RequestRefund':
    case 'RecordRefund':
    case 'ApproveRefund':
    case 'CompleteRefund':
    case 'FailRefund':
    case 'ProposeRefundEnd':
    case 'ApproveRefundEnd':
    case 'DeclineRefundEnd':
      return decideRefund(command, state, now);
    case 'RecordDispute':
      return recordDispute(command, state, now);
  }
}

/** Opens the account together with its first credit, so that a crash can't separate the two. */
function openAccount(command: AccountCommandOf<'OpenAccount'>, state: AccountState, now: number): Decision {
  const { accountId, by, reference, credit: grant } = command;
  if (state.accountId !== undefined) return openedBefore(command, state, now);
  const unique = grant === undefined && reference !== undefined ? { reference } : {};
  const opened = { accountId, ...(by !== undefined && { by }), ...unique, at: toInstant(now) };
  const granted = grant === undefined ? [] : credit({ ...command, ...grant, type: 'GrantCredit' }, state, now);
  return granted instanceof Rejection ? granted : [{ type: 'AccountOpened', data: opened }, ...granted];
}

function openedBefore(command: AccountCommandOf<'OpenAccount'>, state: AccountState, now: number): Decision {
  const { reference, credit: grant } = command;
  if (reference === undefined) return nothingNew;
  if (grant !== undefined) return credit({ ...command, ...grant, type: 'GrantCredit' }, state, now);
  return madeBefore(state, reference, { type: 'AccountOpened', facts: {} }) ?? nothingNew;
}

interface Grounds {
  readonly reason: string;
  readonly by?: string | undefined;
}

const groundsAt = ({ reason, by }: Grounds, now: number) => ({
  reason,
  ...(by !== undefined && { by }),
  at: toInstant(now),
});

function closeAccount(command: AccountCommandOf<'CloseAccount'>, state: AccountState, now: number): Decision {
  const underWay = [...state.refunds.values()].some(({ status }) => status === 'requested' || status === 'approved');
  if (underWay)
    return refuse(
      'conflict',
      'refund_under_way',
      'A refund of this account is in progress. Close the account once it has ended.',
    );
  if (state.closed) return nothingNew;
  // A hold gives back what its call does not cost, which would be lost as well.
  const left = add(available(state, now), state.held);
  if (command.onlyWithoutCredit === true && left > ZERO) return creditLeft(formatUsd(left));
  return [{ type: 'AccountClosed', data: groundsAt(command, now) }];
}

const creditLeft = (usd: string) =>
  refuse(
    'conflict',
    'credit_left',
    `There is credit of $${usd} left, which is lost when the account is closed. Ask for a refund of what can be refunded first, or send "forfeit_credit": true.`,
    { left: usd },
  );
