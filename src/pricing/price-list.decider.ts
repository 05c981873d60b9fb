// The price list as a stream of versions. Invariant: versions count 1, 2, 3 …, and one that is withdrawn was not in force yet, so that no
// charge is priced by it. Which one is in force when: price-versions.ts. A list with a fault is refused whole.
import { isDeepStrictEqual } from 'node:util';
import { fromInstant, refuse, toInstant, type Decider, type Rejection, type Issued } from '../kernel/index.js';
import { checkPriceList, type Fault } from './price-list.check.js';
import { priceListSchema, type ModelPrices, type PriceListEvent } from './price-list.js';
import { evolveVersions, inForceAt, type PriceVersion } from './price-versions.js';
import { type ListedModel, type PriceWarning, warningsOf } from './price-warnings.js';

export const PRICE_LIST_STREAM = 'price-list';

/**
 * How long before its instant a version can still be withdrawn. A gateway learns of it within seconds, and its clock may be ahead: none
 * may price a call by a version that is withdrawn.
 */
const WITHDRAWAL_NOTICE_MS = 60_000;

export interface PublishPrices extends Issued {
  readonly type: 'PublishPrices';
  readonly effectiveFrom: string;
  /** Not checked yet: may come straight from a file. */
  readonly models: readonly ModelPrices[];
  /** The user id of the staff member who publishes. Absent when a gateway does at its first start. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** The newest version that they know, 0 for none; refused when there is another one. */
  readonly expected?: number | undefined;
  /** Whether they have looked at what is probably wrong (price-warnings.ts), and publish it all the same. */
  readonly acceptWarnings?: boolean | undefined;
  /** The models of the catalogue. */
  readonly knownModels: Iterable<ListedModel>;
}

export interface WithdrawPrices extends Issued {
  readonly type: 'WithdrawPrices';
  readonly version: number;
  readonly by: string;
  readonly reason: string;
}

export type PriceListCommand = PublishPrices | WithdrawPrices;

export interface PriceListState {
  readonly versions: readonly PriceVersion[];
}

type Decision = readonly PriceListEvent[] | Rejection;

export const priceListDecider: Decider<PriceListState, PriceListCommand, PriceListEvent> = {
  initial: () => ({ versions: [] }),
  decide: (command, state) => (command.type === 'PublishPrices' ? publish(command, state) : withdraw(command, state)),
  evolve: ({ versions }, event) => ({ versions: evolveVersions(versions, event) }),
};

/**
 * A list that is in force at its effectiveFrom already would change nothing: it emits nothing, so the same list may be
 * published at every start, and sent again when an answer was lost.
 */
function publish(command: PublishPrices, { versions }: PriceListState): Decision {
  const { expected, at, by, reason } = command;
  const document = { effectiveFrom: command.effectiveFrom, models: command.models };
  const knownModels = [...command.knownModels];
  // What was priced before may stay so: a model that an operator takes out of the catalogue again stops no publishing.
  const before = versions.flatMap(({ models }) => models.map(({ model }) => ({ id: model })));
  const faults = checkPriceList(document, [...before, ...knownModels]);
  if (faults.length > 0) return invalid(faults);
  const { effectiveFrom, models } = priceListSchema.parse(document);
  const effectiveFromMs = fromInstant(effectiveFrom);
  if (isDeepStrictEqual(models, inForceAt(versions, effectiveFromMs)?.models)) return [];
  if (expected !== undefined && expected !== versions.length) return outdated(expected, versions.length);
  const warnings = command.acceptWarnings
    ? []
    : warningsOf({ models, effectiveFromMs, atMs: at }, versions, knownModels);
  if (warnings.length > 0) return doubtful(warnings);
  const act = { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
  const version = versions.length + 1;
  const data = { version, effectiveFrom: toInstant(effectiveFromMs), models, ...act, at: toInstant(at) };
  return [{ type: 'PriceListPublished', data }];
}

function withdraw({ version: number, by, reason, at }: WithdrawPrices, { versions }: PriceListState): Decision {
  const version = versions[number - 1];
  if (version === undefined)
    return refuse(
      'not_found',
      'price_list_not_found',
      `There is no price list ${number}. The newest is ${versions.length}.`,
    );
  if (version.withdrawn !== undefined) return [];
  if (fromInstant(version.effectiveFrom) <= at + WITHDRAWAL_NOTICE_MS) {
    const sentence =
      `Price list ${number} can’t be withdrawn: it is in force from ${version.effectiveFrom}, and calls may be priced by it. ` +
      'Publish other prices from that instant, or from now.';
    return refuse('conflict', 'price_list_in_force', sentence);
  }
  return [{ type: 'PriceListWithdrawn', data: { version: number, by, reason, at: toInstant(at) } }];
}

const outdated = (expected: number, newest: number): Rejection =>
  refuse(
    'conflict',
    'price_list_conflict',
    `You expected price list ${expected} to be the newest, and it is ${newest}: somebody published in between. Look at the newest, then publish again.`,
    { newest: String(newest) },
  );

/** The details have every warning, by its number. */
const doubtful = (warnings: readonly PriceWarning[]): Rejection =>
  refuse(
    'conflict',
    'price_list_doubtful',
    `Nothing was published, because it may be a mistake: ${warnings.map(({ message }) => message).join(' ')} Accept the warnings to publish it all the same.`,
    Object.fromEntries(warnings.map(({ message }, index) => [String(index + 1), message])),
  );

/** Every fault stands in the message and, by its path, in the details. */
function invalid(faults: readonly Fault[]): Rejection {
  const details: Record<string, string> = {};
  for (const { path, message } of faults) details[path] = details[path] ? `${details[path]} ${message}` : message;
  const sentences = Object.entries(details).map(([path, messages]) => `${path}: ${messages}`);
  return refuse('invalid', 'invalid_price_list', `The price list is refused: ${sentences.join(' ')}`, details);
}
