// What a run changes of an account, charge by charge. The dry run sums it, and the application of a run sends it: so both are the same.
import type { EventStore, RecordedEvent } from '../event-store/index.js';
import { type Amount, fromInstant, Refused, usd } from '../kernel/index.js';
import {
  type AccountEventData,
  accountStream,
  afterRerating,
  type PresentCharge,
  presentCharge,
  readAccountEvent,
  type ReratingPolicy,
} from '../ledger/index.js';
import { type PriceList, rate } from '../pricing/index.js';

/** Which charges a run concerns, and what they are to cost. */
export interface ReratingScope {
  /** Undefined for a dry run that is not recorded. */
  readonly runId?: string | undefined;
  /** ISO 8601, by the instant of the price; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
  /** ISO 8601: charges that were booked later are not in it. */
  readonly asOf: string;
  readonly accountId?: string | undefined;
  readonly model?: string | undefined;
  readonly keyId?: string | undefined;
  readonly policy: ReratingPolicy;
  /** Whether the run is over, so that only what it has done counts. */
  readonly isOver?: boolean;
  /** The version to price by, or the run to undo. */
  readonly by: PriceList | { readonly reverses: string; readonly listOf: (version: number) => PriceList | undefined };
}

type Charged = AccountEventData<'TokensCharged'>;
type Rerated = AccountEventData<'ChargeRerated'>;

/** What a charge is to cost. */
export interface NewPrice {
  readonly priceVersion: number;
  /** What its usage costs by that version. */
  readonly rated: Amount;
  /** What of that the customer is to pay, before the policy for increases. */
  readonly due: Amount;
  readonly providerCost: Amount;
}

/** A charge that a run concerns: what it costs now, and what it is to cost; or the event by which the run has done it already. */
export type PlannedCharge = { readonly data: Charged } & (
  | { readonly done: Rerated }
  | {
      readonly present: PresentCharge;
      readonly next: NewPrice | undefined;
      /** The run that priced the charge after the one to undo, and has to be undone before it. */
      readonly laterRun?: string;
    }
);

/** Is told how many charges of an account were read so far. */
export type OnRead = (charges: number) => void;

/** At most so many events of a stream are in memory. */
const WINDOW = 1_000;

/**
 * The charges of an account that a run concerns, the newest first. It reads the stream backwards from `revision`, so that the later prices of a
 * charge are known when it comes to the charge, and ends where the period begins: a charge is never booked before the instant of its price.
 * `next` is undefined for a charge that the version can't price, and for one that a later run than the one to undo priced again.
 */
export async function* accountPlan(
  store: EventStore,
  { accountId, revision, onRead }: { accountId: string; revision: number; onRead?: OnRead | undefined },
  scope: ReratingScope,
): AsyncGenerator<PlannedCharge> {
  let charges = 0;
  const reratings = new Map<string, Rerated[]>();
  for (let end = revision; end >= 0; end -= WINDOW) {
    const first = end - WINDOW + 1 > 0 ? end - WINDOW + 1 : 0;
    const events = await store.readStream(accountStream(accountId), first, end - first + 1);
    for (const event of events.toReversed()) {
      if (String(event.data['at']) < scope.from) return;
      const planned = step(event, reratings, scope);
      if (planned !== undefined) yield planned;
      if (event.type === 'TokensCharged') charges++;
    }
    onRead?.(charges);
  }
}

function step(
  event: RecordedEvent,
  reratings: Map<string, Rerated[]>,
  scope: ReratingScope,
): PlannedCharge | undefined {
  if (event.type === 'ChargeRerated') {
    const data = readAccountEvent(event).data as Rerated;
    if (!isOf(scope, data)) return undefined;
    reratings.set(data.chargeId, [data, ...(reratings.get(data.chargeId) ?? [])]);
    return undefined;
  }
  if (event.type !== 'TokensCharged') return undefined;
  const data = readAccountEvent(event).data as Charged;
  if (!isOf(scope, data) || data.at > scope.asOf) return undefined;
  const since = reratings.get(data.chargeId) ?? [];
  reratings.delete(data.chargeId);
  return plan(data, since, scope);
}

function plan(
  data: Charged,
  since: readonly Rerated[],
  { runId, isOver, by }: ReratingScope,
): PlannedCharge | undefined {
  const done = since.find((each) => each.runId === runId);
  if (done !== undefined) return { data, done };
  if (isOver) return undefined;
  const present = since.reduce(afterRerating, presentCharge(data));
  if (!('reverses' in by)) return { data, present, next: priceOf(data, by) };
  const standing = standingOf(data, since);
  const undone = standing.find((each) => each.runId === by.reverses);
  if (undone === undefined) return undefined;
  const last = standing.at(-1) ?? undone;
  if (last !== undone) return { data, present, next: undefined, laterRun: last.runId };
  return { data, present, next: asBefore(data, undone, by.listOf) };
}

/**
 * Those re-ratings of a charge that stand, the newest last. One that brings back sums that the charge had before undoes those in between; one that
 * changes no sum has nothing that could be undone.
 */
function standingOf(data: Charged, since: readonly Rerated[]): readonly Rerated[] {
  return since.reduce<readonly Rerated[]>((standing, next) => {
    const before = [data, ...standing].findLastIndex((each) => sumsOf(each) === sumsOf(next));
    return before < 0 ? [...standing, next] : standing.slice(0, before);
  }, []);
}

const sumsOf = ({ cost, providerCost }: Charged | Rerated): string => `${cost} ${providerCost}`;

const isOf = ({ from, to, model, keyId }: ReratingScope, data: Charged | Rerated): boolean =>
  data.pricedAt >= from &&
  data.pricedAt < to &&
  (model === undefined || data.model === model) &&
  (keyId === undefined || data.keyId === keyId);

/** What a charge cost before a run; the part that an earlier run had absorbed stays absorbed. */
function asBefore(
  data: Charged,
  { previousPriceVersion, previousCost, previousProviderCost }: Rerated,
  listOf: (version: number) => PriceList | undefined,
): NewPrice | undefined {
  const list = listOf(previousPriceVersion);
  const price = list && priceOf(data, list);
  return price && { ...price, due: usd(previousCost), providerCost: usd(previousProviderCost) };
}

/** The price of a charge by a version; undefined when that has no price for its model, or the usage is none that can be priced. */
function priceOf({ model, usage, pricedAt }: Charged, list: PriceList): NewPrice | undefined {
  try {
    const { price, cost } = rate(list, model, usage, fromInstant(pricedAt));
    return { priceVersion: list.version, rated: price, due: price, providerCost: cost };
  } catch (error) {
    if (error instanceof Refused || error instanceof RangeError) return undefined;
    throw error;
  }
}
