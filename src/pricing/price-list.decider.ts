// The price list as a stream of versions. Invariant: versions count 1, 2, 3 … and their effectiveFrom never goes back, so
// that the version in force at an instant is the newest one that is effective by then. A list with a fault is refused whole.
import { isDeepStrictEqual } from 'node:util';
import { fromInstant, refuse, toInstant, type Decider, type Rejection } from '../kernel/index.js';
import { checkPriceList, type Fault, type KnownModel } from './price-list.check.js';
import { priceListSchema, type ModelPrices, type PriceListEvent, type PriceListPublished } from './price-list.js';

export const PRICE_LIST_STREAM = 'price-list';

export interface PublishPrices {
  readonly type: 'PublishPrices';
  readonly commandId: string;
  /** When it was issued, in epoch milliseconds. */
  readonly at: number;
  readonly effectiveFrom: string;
  /** Not checked yet: may come straight from a file. */
  readonly models: readonly ModelPrices[];
  /** The user id of the staff member who publishes. Absent when a gateway does at its first start. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** The models of the catalogue. */
  readonly knownModels: Iterable<KnownModel>;
}

/** The newest version, if there is one. */
export interface PriceListState {
  readonly newest: PriceListPublished | undefined;
}

export const priceListDecider: Decider<PriceListState, PublishPrices, PriceListEvent> = {
  initial: () => ({ newest: undefined }),
  decide: publish,
  evolve({ newest }, { data }) {
    const expected = (newest?.version ?? 0) + 1;
    if (data.version !== expected) throw new Error(`price list ${data.version} follows version ${expected - 1}`);
    return { newest: data };
  },
};

/**
 * A list whose models are those of the newest version would change nothing from its effectiveFrom on: it emits nothing, so
 * the same list may be published at every start.
 */
function publish(command: PublishPrices, { newest }: PriceListState): readonly PriceListEvent[] | Rejection {
  const document = { effectiveFrom: command.effectiveFrom, models: command.models };
  // What was priced before may stay so: a model that an operator takes out of the catalogue again stops no publishing.
  const before = newest?.models.map(({ model }) => ({ id: model })) ?? [];
  const faults = checkPriceList(document, [...before, ...command.knownModels]);
  if (faults.length > 0) return invalid(faults);
  const { effectiveFrom, models } = priceListSchema.parse(document);
  const effectiveFromMs = fromInstant(effectiveFrom);
  if (newest && effectiveFromMs < fromInstant(newest.effectiveFrom)) {
    const message = `It must not be before ${newest.effectiveFrom}, that of version ${newest.version}.`;
    return invalid([{ path: 'effectiveFrom', message }]);
  }
  if (newest && isDeepStrictEqual(models, newest.models)) return [];
  const version = (newest?.version ?? 0) + 1;
  const { by, reason } = command;
  const act = { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
  const data = { version, effectiveFrom: toInstant(effectiveFromMs), models, ...act, at: toInstant(command.at) };
  return [{ type: 'PriceListPublished', data }];
}

/** Every fault stands in the message and, by its path, in the details. */
function invalid(faults: readonly Fault[]): Rejection {
  const details: Record<string, string> = {};
  for (const { path, message } of faults) details[path] = details[path] ? `${details[path]} ${message}` : message;
  const sentences = Object.entries(details).map(([path, messages]) => `${path}: ${messages}`);
  return refuse('invalid', 'invalid_price_list', `The price list is refused: ${sentences.join(' ')}`, details);
}
