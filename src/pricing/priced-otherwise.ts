// Which charges a version that was published late would have priced otherwise.
import { isDeepStrictEqual } from 'node:util';
import { type ReadModelStore, rowsOf } from '../event-store/index.js';
import { add, type Amount, fromInstant, usd, ZERO } from '../kernel/index.js';
import { type ChargeRow, charges } from '../ledger/index.js';
import { inForceUntil, type PriceVersion } from './price-versions.js';

/** What was charged between two instants (ISO 8601, `until` exclusive; null: to this day) at other prices than a version's. */
export interface PricedOtherwise {
  readonly from: string;
  readonly until: string | null;
  readonly charges: number;
  readonly total: Amount;
}

/** Counts the charges from the instant of a version until the next one's whose model had other prices. Reads the newest charges only, in pages. */
export async function pricedOtherwise(
  readModels: ReadModelStore,
  versions: readonly PriceVersion[],
  version: PriceVersion,
): Promise<PricedOtherwise> {
  const { effectiveFrom: from } = version;
  const until = inForceUntil(versions, version) ?? null;
  const differs = differenceTo(version, versions);
  let [count, total] = [0, ZERO];
  // By an index, the newest first: a hold expires after it was opened, so none that expired by then is of interest.
  const newestFirst = { where: { status: 'charged' }, orderBy: 'expiresAt', descending: true };
  for await (const { doc } of rowsOf<ChargeRow>(readModels, charges.view, newestFirst)) {
    if (fromInstant(doc.expiresAt) < fromInstant(from)) break;
    if (doc.openedAt < from || (until !== null && doc.openedAt >= until) || !differs(doc)) continue;
    count++;
    total = add(total, usd(doc.cost ?? '0'));
  }
  return { from, until, charges: count, total };
}

/** Whether the model of a charge has other prices in a version than in the one it was charged by. */
function differenceTo({ models }: PriceVersion, versions: readonly PriceVersion[]) {
  const pricesOf = ({ models: all = [] }: Partial<PriceVersion> = {}, model: string) =>
    all.find((prices) => prices.model === model)?.bands;
  const known = new Map<string, boolean>();
  return ({ priceVersion, model }: ChargeRow): boolean => {
    const key = `${priceVersion} ${model}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const differs = !isDeepStrictEqual(pricesOf({ models }, model), pricesOf(versions[priceVersion - 1], model));
    known.set(key, differs);
    return differs;
  };
}
