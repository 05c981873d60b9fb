import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { EventStore, eventsOf } from '../event-store/index.js';
import { Clock, fromInstant, newId, Refused, refuse } from '../kernel/index.js';
import { accountStream, readAccountEvent } from './account.events.js';
import { evolve } from './account.evolve.js';
import { type AccountState, noAccount } from './account.state.js';
import {
  AdjustBalance,
  ChargeByHand,
  CloseAccount,
  GetAccount,
  GrantCredit,
  OpenAccount,
  ReinstateAccount,
  SuspendAccount,
} from './accounts.messages.js';
import { Accounts } from './accounts.js';

@CommandHandler(OpenAccount)
export class OpenAccountHandler implements ICommandHandler<OpenAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId = newId() }: OpenAccount): Promise<string> {
    await this.accounts.execute(accountId, { type: 'OpenAccount', commandId: 'open', at: this.clock.now(), accountId });
    return accountId;
  }
}

@CommandHandler(GrantCredit)
export class GrantCreditHandler implements ICommandHandler<GrantCredit> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, amount, reason, expiresAt }: GrantCredit): Promise<string> {
    const lotId = newId();
    const at = this.clock.now();
    const lot = { lotId, amount, reason, expiresAt: expiresAt ?? twelveMonthsAfter(at) };
    await this.accounts.execute(accountId, { type: 'GrantCredit', commandId: `${lotId}/grant`, at, ...lot });
    return lotId;
  }
}

@CommandHandler(AdjustBalance)
export class AdjustBalanceHandler implements ICommandHandler<AdjustBalance> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, amount, grounds }: AdjustBalance): Promise<void> {
    const adjustmentId = newId();
    const at = this.clock.now();
    const terms = { adjustmentId, amount, expiresAt: twelveMonthsAfter(at), ...grounds };
    await this.accounts.execute(accountId, {
      type: 'AdjustBalance',
      commandId: `${adjustmentId}/adjust`,
      at,
      ...terms,
    });
  }
}

@CommandHandler(ChargeByHand)
export class ChargeByHandHandler implements ICommandHandler<ChargeByHand> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, performance, byHand }: ChargeByHand): Promise<void> {
    const { chargeId } = byHand.hold;
    const command = { type: 'SettleHold', commandId: `${chargeId}/by-hand`, at: this.clock.now(), chargeId } as const;
    await this.accounts.execute(accountId, { ...command, ...performance, byHand });
  }
}

@CommandHandler(SuspendAccount)
export class SuspendAccountHandler implements ICommandHandler<SuspendAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, reason }: SuspendAccount): Promise<void> {
    await this.accounts.execute(accountId, {
      type: 'SuspendAccount',
      commandId: newId(),
      at: this.clock.now(),
      reason,
    });
  }
}

@CommandHandler(ReinstateAccount)
export class ReinstateAccountHandler implements ICommandHandler<ReinstateAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, reason }: ReinstateAccount): Promise<void> {
    await this.accounts.execute(accountId, {
      type: 'ReinstateAccount',
      commandId: newId(),
      at: this.clock.now(),
      reason,
    });
  }
}

@CommandHandler(CloseAccount)
export class CloseAccountHandler implements ICommandHandler<CloseAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, reason }: CloseAccount): Promise<void> {
    const command = { type: 'CloseAccount', commandId: `${accountId}/close`, at: this.clock.now(), reason } as const;
    await this.accounts.execute(accountId, command);
  }
}

/** Credit lives twelve calendar months. */
export function twelveMonthsAfter(epochMs: number): number {
  const date = new Date(epochMs);
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}

@QueryHandler(GetAccount)
export class GetAccountHandler implements IQueryHandler<GetAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly store: EventStore,
  ) {}

  async execute({ accountId, asOf }: GetAccount): Promise<AccountState> {
    const state =
      asOf === undefined ? await this.accounts.read(accountId, { fresh: true }) : await this.#asOf(accountId, asOf);
    if (state.accountId !== undefined) return state;
    const when = asOf === undefined ? '' : ` at ${new Date(asOf).toISOString()}`;
    throw new Refused(refuse('account_not_found', `There is no account ${accountId}${when}.`));
  }

  /** The fold of the events up to an instant: events of an account never go back in time. */
  async #asOf(accountId: string, asOf: number): Promise<AccountState> {
    let state = noAccount();
    for await (const event of eventsOf(this.store, accountStream(accountId))) {
      if (fromInstant(String(event.data['at'])) > asOf) break;
      state = evolve(state, readAccountEvent(event));
    }
    return state;
  }
}
