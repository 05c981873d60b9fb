// Checks that each corrected price is of the charge that it names, goes on from what that cost, and is of a run that two people agreed on. What a
// charge was is in its stream, possibly long before: corrections are collected, and each account's stream is read backwards once for many of them.
import { hash } from 'node:crypto';
import { type EventStore, eventsOf, type RecordedEvent } from '../../event-store/index.js';
import { canonicalJson } from '../../kernel/index.js';
import { type AccountEventData, accountStream, readAccountEvent } from '../../ledger/index.js';
import { type Proposal, readReratingEvent, reratingStream } from '../../rerating/index.js';
import { Faults } from './faults.js';

type Rerated = AccountEventData<'ChargeRerated'>;

/** A correction whose charge is still to be found. */
interface Pending {
  readonly revision: number;
  /** A digest of what the charge must have been before. */
  readonly before: string;
  /** A digest of what it is after it and those that followed. */
  after: string;
}

/** So many are collected: about 20 MB. */
const LIMIT = 50_000;
const WINDOW = 1_000;

export class ReratingCheck {
  /** By account stream, and charge. */
  #pending = new Map<string, Map<string, Pending>>();
  #count = 0;
  /** What was approved, by run; undefined for what is no run, or was not approved. */
  readonly #runs = new Map<string, Proposal | undefined>();

  constructor(
    private readonly store: EventStore,
    private readonly faults: Faults,
    private readonly limit = LIMIT,
  ) {}

  /** Takes the next event of the log. */
  async take(event: RecordedEvent): Promise<void> {
    if (event.type !== 'ChargeRerated') return;
    const data = readAccountEvent(event).data as Rerated;
    await this.#checkRun(event, data);
    this.#collect(event, data);
    if (this.#count >= this.limit) await this.finish();
  }

  /** Looks for the charges of what was collected. */
  async finish(): Promise<void> {
    const all = this.#pending;
    [this.#pending, this.#count] = [new Map(), 0];
    for (const [stream, charges] of all) await this.#find(stream, charges);
  }

  /** Whether a run says that it has booked everything. */
  async isCompleted(runId: string): Promise<boolean> {
    for await (const { type } of eventsOf(this.store, reratingStream(runId)))
      if (type === 'ReratingCompleted') return true;
    return false;
  }

  #collect({ stream, revision }: RecordedEvent, data: Rerated): void {
    const charges = this.#pending.get(stream) ?? new Map<string, Pending>();
    this.#pending.set(stream, charges);
    const earlier = charges.get(data.chargeId);
    const [before, after] = [digestOf(wasBefore(data)), digestOf(data)];
    if (earlier === undefined) {
      charges.set(data.chargeId, { revision, before, after });
      this.#count++;
    } else {
      if (earlier.after !== before) this.#otherCharge(stream, revision);
      earlier.after = after;
    }
  }

  async #find(stream: string, charges: Map<string, Pending>): Promise<void> {
    const newest = [...charges.values()].reduce((most, { revision }) => (revision > most ? revision : most), 0);
    for (let end = newest - 1; end >= 0 && charges.size > 0; end -= WINDOW) {
      const first = end - WINDOW + 1 > 0 ? end - WINDOW + 1 : 0;
      for (const event of (await this.store.readStream(stream, first, end - first + 1)).toReversed()) {
        if (event.type !== 'TokensCharged' && event.type !== 'ChargeRerated') continue;
        const chargeId = String(event.data['chargeId']);
        const pending = charges.get(chargeId);
        if (pending === undefined || pending.revision <= event.revision) continue;
        charges.delete(chargeId);
        const was = readAccountEvent(event).data as AccountEventData<'TokensCharged'> | Rerated;
        if (digestOf(was) !== pending.before) this.#otherCharge(stream, pending.revision);
      }
    }
    for (const [chargeId, { revision }] of charges)
      this.faults.push(
        `Revision ${revision} of ${stream} corrects the price of ${chargeId}, which no charge before it is.`,
      );
  }

  #otherCharge(stream: string, revision: number): void {
    this.faults.push(
      `Revision ${revision} of ${stream} corrects a price of another call than the charge it names: its key, model, usage, instant, version or cost is not what that had by then.`,
    );
  }

  async #checkRun({ stream, revision, position }: RecordedEvent, data: Rerated): Promise<void> {
    const { runId } = data;
    if (!this.#runs.has(runId)) this.#runs.set(runId, await this.#approved(runId, position));
    const run = this.#runs.get(runId);
    const where = `Revision ${revision} of ${stream} is of run ${runId}`;
    if (run === undefined) this.faults.push(`${where}, which nobody had approved by then.`);
    else if (!isWithin(run, data) || (run.accountId !== undefined && stream !== accountStream(run.accountId)))
      this.faults.push(`${where}, which was approved for other charges, or another version.`);
  }

  async #approved(runId: string, position: number): Promise<Proposal | undefined> {
    let proposal: Proposal | undefined;
    for await (const event of eventsOf(this.store, reratingStream(runId))) {
      if (event.position > position) return undefined;
      const { type, data } = readReratingEvent(event);
      if (type === 'ReratingProposed') proposal = data;
      if (type === 'ReratingApproved') return proposal;
    }
    return undefined;
  }
}

const isWithin = ({ from, to, priceVersion, model, keyId }: Proposal, data: Rerated): boolean =>
  data.pricedAt >= from &&
  data.pricedAt < to &&
  (priceVersion ?? data.priceVersion) === data.priceVersion &&
  (model ?? data.model) === data.model &&
  (keyId ?? data.keyId) === data.keyId;

type Facts = Pick<
  Rerated,
  'requestId' | 'keyId' | 'model' | 'usage' | 'pricedAt' | 'priceVersion' | 'cost' | 'providerCost'
>;

const wasBefore = (data: Rerated): Facts => ({
  ...data,
  priceVersion: data.previousPriceVersion,
  cost: data.previousCost,
  providerCost: data.previousProviderCost,
});

function digestOf({ requestId, keyId, model, usage, pricedAt, priceVersion, cost, providerCost }: Facts): string {
  const facts = { requestId, keyId, model, usage, pricedAt, priceVersion, cost, providerCost };
  return hash('sha256', canonicalJson(facts), 'base64');
}
