// Checks that every charge is of the hold it settles, and its usage × the price it names, to the last digit, what the customer pays and what it costs
// us, and its usage what the provider's block comes to.
import type { EventStore, RecordedEvent } from '../../event-store/index.js';
import { add, formatUsd, fromInstant, usd } from '../../kernel/index.js';
import { type AccountEventData, type AccountState, isOfHold, readAccountEvent } from '../../ledger/index.js';
import { compilePriceList, type PriceList, publishedPriceLists, rate, usageFollows } from '../../pricing/index.js';

type Priced = Pick<AccountEventData<'TokensCharged'>, 'priceVersion' | 'model' | 'usage' | 'pricedAt' | 'providerCost'>;

export class ChargeCheck {
  #charges = 0;

  private constructor(private readonly lists: ReadonlyMap<number, PriceList>) {}

  static async open(store: EventStore): Promise<ChargeCheck> {
    const lists = new Map<number, PriceList>();
    for await (const published of publishedPriceLists(store)) {
      try {
        lists.set(published.version, compilePriceList(published));
      } catch {
        // A list that was altered into nonsense breaks its chain; its charges then name a list that does not exist.
      }
    }
    return new ChargeCheck(lists);
  }

  /** How many charges it has seen. */
  get charges(): number {
    return this.#charges;
  }

  /** One sentence for each fault of an event of an account. @param state of its stream before it */
  faultsOf(event: RecordedEvent, state: unknown): string[] {
    const where = `revision ${event.revision} of ${event.stream}`;
    if (event.type === 'ChargeRerated') {
      const { cost, absorbed = '0', ...data } = readAccountEvent(event).data as AccountEventData<'ChargeRerated'>;
      return this.#priceFaults(data, formatUsd(add(usd(cost), usd(absorbed))), where);
    }
    if (event.type !== 'TokensCharged') return [];
    this.#charges++;
    const charge = readAccountEvent(event).data as AccountEventData<'TokensCharged'>;
    const usage = usageFollows(charge)
      ? []
      : [`The usage that the charge of ${where} is for does not follow from the provider’s usage block.`];
    const { holds, released } = state as AccountState;
    // One that a person charged may be forgotten by then.
    const hold = holds.get(charge.chargeId) ?? released.get(charge.chargeId)?.hold;
    const held =
      hold === undefined || isOfHold(charge, hold)
        ? []
        : [`The charge of ${where} is of another call, price or amount than its hold.`];
    return [...usage, ...held, ...this.#priceFaults(charge, charge.cost, where)];
  }

  #priceFaults({ priceVersion, model, usage, pricedAt, providerCost }: Priced, cost: string, where: string): string[] {
    const list = this.lists.get(priceVersion);
    if (list === undefined) return [`The charge of ${where} names price list ${priceVersion}, which does not exist.`];
    const { price, cost: ours } = rate(list, model, usage, fromInstant(pricedAt));
    const [due, dueByUs] = [formatUsd(price), formatUsd(ours)];
    const comesTo = (amount: string): string => `its usage at price list ${priceVersion} comes to $${amount}.`;
    return [
      ...(due === cost ? [] : [`The charge of ${where} is $${cost}; ${comesTo(due)}`]),
      ...(dueByUs === providerCost ? [] : [`The charge of ${where} costs us $${providerCost}; ${comesTo(dueByUs)}`]),
    ];
  }
}
