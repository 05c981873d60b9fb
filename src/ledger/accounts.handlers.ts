import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { EventStore, firstRevision, type RecordedEvent } from '../event-store/index.js';
import { Clock, derivedId, fromInstant, newId, Refused, refuse, toInstant } from '../kernel/index.js';
import { accountStream } from './account.events.js';
import type { AccountState } from './account.state.js';
import {
  AdjustBalance,
  type AsOf,
  CloseAccount,
  GetAccount,
  GrantCredit,
  OpenAccount,
  ReinstateAccount,
  SuspendAccount,
} from './accounts.messages.js';
import { Accounts } from './accounts.js';
import { twelveMonthsAfter } from './lots.js';

@CommandHandler(OpenAccount)
export class OpenAccountHandler implements ICommandHandler<OpenAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId: given, opening }: OpenAccount): Promise<string> {
    const { by, reference, credit } = opening;
    const accountId = given ?? (reference === undefined ? newId() : derivedId(`account/${reference}`));
    const at = this.clock.now();
    const lot = credit && { ...credit, lotId: newId(), expiresAt: twelveMonthsAfter(at) };
    const terms = { accountId, by, reference, ...(lot && { credit: lot }) };
    await this.accounts.execute(accountId, { type: 'OpenAccount', commandId: 'open', at, ...terms });
    return accountId;
  }
}

@CommandHandler(GrantCredit)
export class GrantCreditHandler implements ICommandHandler<GrantCredit> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, grant }: GrantCredit): Promise<string> {
    const lotId = newId();
    const at = this.clock.now();
    const { expiresAt } = grant;
    const expiry = { expiresAt: expiresAt ?? twelveMonthsAfter(at), expiryGiven: expiresAt !== undefined };
    const command = { commandId: `${lotId}/grant`, at, lotId, ...grant, ...expiry };
    await this.accounts.execute(accountId, { type: 'GrantCredit', ...command });
    return createdBy(this.accounts, accountId, grant.reference, lotId);
  }
}

@CommandHandler(AdjustBalance)
export class AdjustBalanceHandler implements ICommandHandler<AdjustBalance> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, adjustment }: AdjustBalance): Promise<string> {
    const adjustmentId = newId();
    const at = this.clock.now();
    const command = { commandId: `${adjustmentId}/adjust`, at, adjustmentId, expiresAt: twelveMonthsAfter(at) };
    await this.accounts.execute(accountId, { type: 'AdjustBalance', ...command, ...adjustment });
    return createdBy(this.accounts, accountId, adjustment.reference, adjustmentId);
  }
}

/** The id of what a reference created, now or before; without a reference, of what was created now. */
async function createdBy(
  accounts: Accounts,
  accountId: string,
  reference: string | undefined,
  id: string,
): Promise<string> {
  if (reference === undefined) return id;
  const createdId = ({ references }: AccountState) => references.get(reference)?.id;
  return (await accounts.read(accountId, createdId, { fresh: true })) ?? id;
}

@CommandHandler(SuspendAccount)
export class SuspendAccountHandler implements ICommandHandler<SuspendAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, suspension }: SuspendAccount): Promise<void> {
    const command = { commandId: newId(), at: this.clock.now(), ...suspension };
    await this.accounts.execute(accountId, { type: 'SuspendAccount', ...command });
  }
}

@CommandHandler(ReinstateAccount)
export class ReinstateAccountHandler implements ICommandHandler<ReinstateAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, reinstatement }: ReinstateAccount): Promise<void> {
    const command = { commandId: newId(), at: this.clock.now(), ...reinstatement };
    await this.accounts.execute(accountId, { type: 'ReinstateAccount', ...command });
  }
}

@CommandHandler(CloseAccount)
export class CloseAccountHandler implements ICommandHandler<CloseAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, closing }: CloseAccount): Promise<void> {
    const command = { commandId: `${accountId}/close`, at: this.clock.now(), ...closing };
    await this.accounts.execute(accountId, { type: 'CloseAccount', ...command });
  }
}

@QueryHandler(GetAccount)
export class GetAccountHandler implements IQueryHandler<GetAccount> {
  constructor(
    private readonly accounts: Accounts,
    private readonly store: EventStore,
  ) {}

  async execute({ accountId, asOf }: GetAccount): Promise<AccountState> {
    const state = asOf === undefined ? await this.accounts.copy(accountId) : await this.#asOf(accountId, asOf);
    if (state.accountId !== undefined) return state;
    const when =
      asOf === undefined ? '' : ` at ${'position' in asOf ? `position ${asOf.position}` : toInstant(asOf.instant)}`;
    throw new Refused(refuse('not_found', 'account_not_found', `There is no account ${accountId}${when}.`));
  }

  /** The fold of the events up to there: neither the instants nor the positions of an account's events ever go back. */
  async #asOf(accountId: string, asOf: AsOf): Promise<AccountState> {
    const isIncluded = ({ position, data }: RecordedEvent): boolean =>
      'position' in asOf ? position <= asOf.position : fromInstant(String(data['at'])) <= asOf.instant;
    const next = await firstRevision(this.store, accountStream(accountId), isIncluded);
    return this.accounts.history.stateBefore(accountId, next);
  }
}
