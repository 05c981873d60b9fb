// The ledger of a gateway as tests use it: makes accounts through the command bus and reads back what became of them.
import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { EventStore, type RecordedEvent } from '../../../src/event-store/index.js';
import { formatUsd, usd } from '../../../src/kernel/index.js';
import { type IssuedKey, IssueKey } from '../../../src/keys/index.js';
import {
  account as decider,
  type AccountEvent,
  type AccountEventData,
  type AccountEventType,
  type AccountState,
  accountStream,
  available,
  GrantCredit,
  type KeySettings,
  OpenAccount,
  posted,
} from '../../../src/ledger/index.js';

const ALL = 1_000_000;

export class LedgerDesk {
  readonly commands: CommandBus;
  readonly store: EventStore;

  constructor(app: INestApplicationContext) {
    this.commands = app.get(CommandBus);
    this.store = app.get(EventStore);
  }

  /** Opens an account with bonus credit and one key. */
  async account(credit = '5.00', settings: Partial<KeySettings> = {}): Promise<TestAccount> {
    const id = await this.commands.execute(new OpenAccount());
    if (usd(credit) > 0n) await this.commands.execute(new GrantCredit(id, { amount: usd(credit), reason: 'test' }));
    const { key, keyId } = await this.commands.execute(new IssueKey(id, { name: 'test', ...settings }));
    return new TestAccount(this, id, { key, keyId });
  }
}

/** What came of the calls of an account: the costs charged, why holds were released, and how many are still open. */
export interface Ending {
  readonly charged: readonly string[];
  readonly released: readonly string[];
  readonly open: number;
}

export const NOTHING: Ending = { charged: [], released: [], open: 0 };
export const released = (reason: string): Ending => ({ ...NOTHING, released: [reason] });
export const charged = (cost: string): Ending => ({ ...NOTHING, charged: [cost] });

export class TestAccount {
  readonly key: string;
  readonly keyId: string;

  constructor(
    private readonly desk: LedgerDesk,
    readonly id: string,
    { key, keyId }: Pick<IssuedKey, 'key' | 'keyId'>,
  ) {
    this.key = key;
    this.keyId = keyId;
  }

  issueKey(settings: Partial<KeySettings> = {}): Promise<IssuedKey> {
    return this.desk.commands.execute(new IssueKey(this.id, { name: 'another', ...settings }));
  }

  grant(amount: string): Promise<string> {
    return this.desk.commands.execute(new GrantCredit(this.id, { amount: usd(amount), reason: 'test' }));
  }

  /** Its whole stream, as it stands in the store. */
  recorded(): Promise<readonly RecordedEvent[]> {
    return this.desk.store.readStream(accountStream(this.id), 0, ALL);
  }

  async events(): Promise<readonly AccountEvent[]> {
    return (await this.recorded()) as unknown as readonly AccountEvent[];
  }

  async eventsOf<T extends AccountEventType>(type: T): Promise<AccountEventData<T>[]> {
    return (await this.events()).filter((event) => event.type === type).map(({ data }) => data as AccountEventData<T>);
  }

  async state(): Promise<AccountState> {
    return (await this.events()).reduce((state, event) => decider.evolve(state, event), decider.initial());
  }

  async ending(): Promise<Ending> {
    const [charges, releases, { holds }] = await Promise.all([
      this.eventsOf('TokensCharged'),
      this.eventsOf('HoldReleased'),
      this.state(),
    ]);
    return {
      charged: charges.map(({ cost }) => cost),
      released: releases.map(({ reason }) => reason),
      open: holds.size,
    };
  }

  /** The one charge there is. */
  async charge(): Promise<AccountEventData<'TokensCharged'>> {
    const [charge, ...more] = await this.eventsOf('TokensCharged');
    if (charge === undefined || more.length > 0) throw new Error(`${this.id} has not exactly one charge`);
    return charge;
  }

  async balance(): Promise<string> {
    return formatUsd(posted(await this.state()));
  }

  async available(): Promise<string> {
    return formatUsd(available(await this.state(), Date.now()));
  }
}
