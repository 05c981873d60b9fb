import { Injectable } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { refuse, Refused } from '../../kernel/index.js';
import { AccountHistory, type ChargeRow, charges } from '../../ledger/index.js';
import { PriceLists } from '../../pricing/index.js';
import { Seals } from '../../seals/index.js';
import { explain } from './explain.js';
import type { ChargeExplanation } from './explanation.dto.js';

/** Explains charges. Its callers see to it that the read model of charges is up to date. */
@Injectable()
export class Explanations {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly priceLists: PriceLists,
    private readonly seals: Seals,
  ) {}

  /** A charge by its id, or by the id of its request; of one account only, where that is given. @throws Refused `charge_not_found` */
  async of(id: string, accountId?: string): Promise<ChargeExplanation> {
    const row = (await this.#byId(id)) ?? (await this.#byRequest(id));
    if (row === undefined || (accountId !== undefined && row.accountId !== accountId))
      throw new Refused(
        refuse('not_found', 'charge_not_found', `There is no charge, and no request, "${id.slice(0, 64)}".`),
      );
    const versions = await this.priceLists.all();
    const { store, seals, readModels } = this;
    return explain({ store, history: new AccountHistory(store, readModels), seals, versions }, row);
  }

  async #byId(id: string): Promise<ChargeRow | undefined> {
    return (await this.readModels.load(charges.view, [id])).get(id)?.doc as ChargeRow | undefined;
  }

  async #byRequest(requestId: string): Promise<ChargeRow | undefined> {
    const [row] = await this.readModels.find(charges.view, { where: { requestId }, limit: 1 });
    return row?.doc as ChargeRow | undefined;
  }
}
