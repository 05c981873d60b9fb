import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Clock, newId, Refused, refuse } from '../kernel/index.js';
import { Accounts, type Key, type KeySettings } from '../ledger/index.js';
import { createKey, hashKey } from './api-key.js';
import { checkSettings } from './key-settings.js';
import { type IssuedKey, IssueKey, ListKeys, RevokeKey, UpdateKey } from './keys.messages.js';

const LAST = 4;

@CommandHandler(IssueKey)
export class IssueKeyHandler implements ICommandHandler<IssueKey> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, settings }: IssueKey): Promise<IssuedKey> {
    const keyId = newId();
    const key = createKey(accountId);
    const last4 = key.slice(-LAST);
    await this.accounts.execute(accountId, {
      type: 'IssueKey',
      commandId: `${keyId}/issue`,
      at: this.clock.now(),
      keyId,
      secretHash: hashKey(key),
      last4,
      settings: valid(settings),
    });
    return { keyId, key, last4 };
  }
}

@CommandHandler(UpdateKey)
export class UpdateKeyHandler implements ICommandHandler<UpdateKey> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, keyId, settings }: UpdateKey): Promise<void> {
    const command = {
      type: 'UpdateKey',
      commandId: newId(),
      at: this.clock.now(),
      keyId,
      settings: valid(settings),
    } as const;
    await this.accounts.execute(accountId, command);
  }
}

@CommandHandler(RevokeKey)
export class RevokeKeyHandler implements ICommandHandler<RevokeKey> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, keyId }: RevokeKey): Promise<void> {
    const command = { type: 'RevokeKey', commandId: `${keyId}/revoke`, at: this.clock.now(), keyId } as const;
    await this.accounts.execute(accountId, command);
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(private readonly accounts: Accounts) {}

  async execute({ accountId }: ListKeys): Promise<readonly Readonly<Key>[]> {
    const state = await this.accounts.read(accountId, { fresh: true });
    if (state.accountId === undefined)
      throw new Refused(refuse('account_not_found', `There is no account ${accountId}.`));
    return [...state.keys.values()].map((key) => ({ ...key }));
  }
}

function valid(settings: KeySettings): KeySettings {
  const faults = checkSettings(settings);
  if (faults.length > 0)
    throw new Refused(refuse('invalid_settings', `The settings of the key can’t be used: ${faults.join(' ')}`));
  return settings;
}
