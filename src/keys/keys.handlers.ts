import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Clock, newId, Refused, refuse } from '../kernel/index.js';
import { Accounts, type AccountState, type Key, type KeyChange, purseOf } from '../ledger/index.js';
import { Catalogue } from '../pricing/index.js';
import { createKey, hashKey } from './api-key.js';
import { checkSettings } from './key-settings.js';
import { type IssuedKey, IssueKey, ListKeys, ReissueKey, RevokeKey, UpdateKey } from './keys.messages.js';

const LAST = 4;

@CommandHandler(IssueKey)
export class IssueKeyHandler implements ICommandHandler<IssueKey> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  async execute({ accountId, settings, act }: IssueKey): Promise<IssuedKey> {
    const at = this.clock.now();
    check(settings, this.catalogue, at);
    const { key, ...made } = newKey(accountId);
    const command = { commandId: `${made.keyId}/issue`, at, settings };
    await this.accounts.execute(accountId, { type: 'IssueKey', ...command, ...made, ...act });
    return { keyId: made.keyId, key, last4: made.last4 };
  }
}

/** A new key, and what the ledger keeps of it. */
function newKey(accountId: string) {
  const key = createKey(accountId);
  return { keyId: newId(), key, secretHash: hashKey(key), last4: key.slice(-LAST) };
}

@CommandHandler(ReissueKey)
export class ReissueKeyHandler implements ICommandHandler<ReissueKey> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, keyId: replaces, act }: ReissueKey): Promise<IssuedKey> {
    const { key, ...made } = newKey(accountId);
    const command = { commandId: `${made.keyId}/reissue`, at: this.clock.now(), replaces };
    await this.accounts.execute(accountId, { type: 'ReissueKey', ...command, ...made, ...act });
    return { keyId: made.keyId, key, last4: made.last4 };
  }
}

@CommandHandler(UpdateKey)
export class UpdateKeyHandler implements ICommandHandler<UpdateKey> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  async execute({ accountId, keyId, update, act }: UpdateKey): Promise<void> {
    const at = this.clock.now();
    check('change' in update ? update.change : update.settings, this.catalogue, at);
    const command = { commandId: newId(), at, keyId, ...update, ...act };
    await this.accounts.execute(accountId, { type: 'UpdateKey', ...command });
  }
}

@CommandHandler(RevokeKey)
export class RevokeKeyHandler implements ICommandHandler<RevokeKey> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, keyId, act }: RevokeKey): Promise<void> {
    const command = { commandId: `${keyId}/revoke`, at: this.clock.now(), keyId };
    await this.accounts.execute(accountId, { type: 'RevokeKey', ...command, ...act });
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(private readonly accounts: Accounts) {}

  async execute({ accountId }: ListKeys): Promise<readonly Readonly<Key>[]> {
    const select = (state: AccountState) => (state.accountId === undefined ? undefined : keysIn(state));
    const keys = await this.accounts.read(accountId, select, { fresh: true });
    if (keys !== undefined) return keys;
    throw new Refused(refuse('not_found', 'account_not_found', `There is no account ${accountId}.`));
  }
}

/** The keys of an account, each with the spend and holds of its chain of replacements. */
export function keysIn(state: AccountState): readonly Readonly<Key>[] {
  return Array.from(state.keys.values(), (key) => {
    const { spend, held } = purseOf(state, key);
    return { ...key, spend, held };
  });
}

/** @throws Refused `invalid_settings` */
function check(settings: KeyChange, catalogue: Catalogue, now: number): void {
  const faults = checkSettings(settings, catalogue, now);
  if (faults.length > 0)
    throw new Refused(
      refuse('invalid', 'invalid_settings', `The settings of the key can’t be used: ${faults.join(' ')}`),
    );
}
