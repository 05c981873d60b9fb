import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../platform/config.js';
import { EventStore, START } from '../event-store/index.js';
import { Clock, usd } from '../kernel/index.js';
import { IssueKey } from '../keys/index.js';
import { GrantCredit, OpenAccount } from '../ledger/index.js';
import { whatIsReal } from '../platform/reality.js';
import { Catalogue, GetPriceLists, PublishPrices } from '../pricing/index.js';

const DEMO_CREDIT = usd('5.00');

/**
 * At the first start, publishes the starting prices if there are none. In a sandbox, also puts a demo account with
 * credit and a key into an empty ledger.
 */
@Injectable()
export class Demo implements OnApplicationBootstrap {
  #key: string | undefined;

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly store: EventStore,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const isEmpty = (await this.store.head()) === START;
    const priceLists = await this.queries.execute(new GetPriceLists());
    if (priceLists.length === 0) await this.#publishPrices();
    if (!isEmpty || whatIsReal(this.config).length > 0) return;
    const accountId = await this.commands.execute(new OpenAccount());
    await this.commands.execute(
      new GrantCredit(accountId, { amount: DEMO_CREDIT, reason: 'credit of the demo account' }),
    );
    const { key } = await this.commands.execute(new IssueKey(accountId, { name: 'demo' }));
    this.#key = key;
  }

  async #publishPrices(): Promise<void> {
    const starting = this.catalogue.startingPriceList(this.clock.now());
    try {
      await this.commands.execute(new PublishPrices(starting, undefined, { expected: 0, acceptWarnings: true }));
    } catch (error) {
      // Refused because there are prices: another gateway that started at the same time has published them.
      const priceLists = await this.queries.execute(new GetPriceLists());
      if (priceLists.length === 0) throw error;
    }
  }

  /** The key of the demo account, at the start that created it; undefined at any other. */
  get key(): string | undefined {
    return this.#key;
  }
}
