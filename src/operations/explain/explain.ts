// Explains a charge from the ledger alone: its events, the usage and how it was read, the price rule, each multiplication, the lots, the
// postings, and its place in the hash chain and in the tree over the log.
import { CHAIN_START, eventsOf, type EventStore, NO_STREAM, type RecordedEvent } from '../../event-store/index.js';
import { formatMoney, formatUsd, picoUsd, usd } from '../../kernel/index.js';
import {
  type AccountHistory,
  accountStream,
  type AccountEventData,
  type AccountState,
  accountStreams,
  type ChargeRow,
  type CutOff,
  readAccountEvent,
  type ReleaseReason,
  revisionSince,
} from '../../ledger/index.js';
import { type PriceVersion, usageFollows } from '../../pricing/index.js';
import type { Seals } from '../../seals/index.js';
import { pricingOf } from './explained-price.js';
import { explainedRerating, type ReratedCharge, slicesOfRerating } from './explained-rerating.js';
import type { ExplainedLine, ExplainedSlice } from './explained-price.dto.js';
import type { ExplainedRerating } from './explained-rerating.dto.js';
import type * as dto from './explanation.dto.js';

export interface ExplainedFrom {
  readonly store: EventStore;
  readonly history: AccountHistory;
  readonly seals: Seals;
  readonly versions: readonly PriceVersion[];
}

type Charged = AccountEventData<'TokensCharged'>;

/** An event that names the charge, and the hash before it. */
interface Told {
  readonly event: RecordedEvent;
  readonly previousHash: string;
}

/** What the stream of its account says about a charge. */
interface History {
  readonly events: readonly Told[];
  readonly charged: Charged | undefined;
  readonly slices: readonly ExplainedSlice[];
  readonly rerated: readonly ReratedCharge[];
}

const FIRST_PRICE = 'was the one that the gateway knew when the call was let in at';

/** Everything about a charge, as staff see it; `forOwner` leaves out what is not the customer's. */
export async function explain(from: ExplainedFrom, row: ChargeRow): Promise<dto.ChargeExplanation> {
  const { events, charged, slices, rerated } = await historyOf(from, row);
  const places = await placesOf(from.seals, events);
  return {
    object: 'charge_explanation',
    charge_id: row.chargeId,
    request_id: row.requestId,
    account_id: row.accountId,
    key_id: row.keyId,
    model: row.model,
    status: row.status,
    held: row.hold,
    cost: charged?.cost ?? null,
    ...(charged && { provider_cost: charged.providerCost }),
    provider: row.provider ?? null,
    usage: charged ? usageOf(charged) : null,
    ...(charged ? pricingOf(from.versions, charged, `${FIRST_PRICE} ${charged.pricedAt}`) : { price: null, lines: [] }),
    slices,
    cost_now: rerated.at(-1)?.data.cost ?? charged?.cost ?? null,
    reratings: await Promise.all(rerated.map((each) => explainedRerating(from, each))),
    notes: notesOf(row, charged),
    ...(row.detail !== undefined && { release_detail: row.detail }),
    ...(charged?.byHand && { by_hand: charged.byHand }),
    events: events.map((told, index) => eventOf(told, places[index] ?? null)),
  };
}

/** The same without provider costs, the books, and what staff did and said. */
export function forOwner(explanation: dto.ChargeExplanation): dto.ChargeExplanation {
  const { provider_cost: _cost, by_hand: _hand, release_detail: _detail, lines, events, ...rest } = explanation;
  return {
    ...rest,
    lines: lines.map(lineForOwner),
    reratings: rest.reratings.map(reratingForOwner),
    events: events.map(({ postings: _postings, position: _position, ...event }) => event),
  };
}

const lineForOwner = ({ provider_rate: _rate, provider_amount: _amount, ...line }: ExplainedLine) => line;

const reratingForOwner = ({
  proposed_by: _by,
  approved_by: _approved,
  reason: _reason,
  provider_cost: _cost,
  previous_provider_cost: _previous,
  lines,
  ...rerating
}: ExplainedRerating): ExplainedRerating => ({ ...rerating, lines: lines.map(lineForOwner) });

/** Folds the account to the charge, and to each time that it was priced again, for what its lots held before and after. */
async function historyOf({ store, history }: ExplainedFrom, row: ChargeRow): Promise<History> {
  const { accountId, chargeId, openedAt, closedAt, reratings = [] } = row;
  const stream = accountStream(accountId);
  const events: Told[] = [];
  const rerated: ReratedCharge[] = [];
  let found: Pick<History, 'charged' | 'slices'> = { charged: undefined, slices: [] };
  for (const [from, to] of [[openedAt, closedAt], ...reratings.map(({ at }) => [at, at])] as const) {
    const first = await revisionSince(store, stream, from);
    if (first <= (events.at(-1)?.event.revision ?? NO_STREAM)) continue;
    let state = await history.stateBefore(accountId, first);
    const [before] = first === 0 ? [] : await store.readStream(stream, first - 1, 1);
    let previousHash = before === undefined ? CHAIN_START.hash : hashOf(before);
    for await (const event of eventsOf(store, stream, first)) {
      if (to !== undefined && String(event.data['at']) > to) break;
      state = accountStreams.evolve(state, event) as AccountState;
      if (event.data['chargeId'] === chargeId) {
        events.push({ event, previousHash });
        const { type, data } = readAccountEvent(event);
        if (type === 'TokensCharged') found = { charged: data, slices: slicesOf(state, data) };
        if (type === 'ChargeRerated') rerated.push({ event, data, slices: slicesOfRerating(state, data) });
      }
      previousHash = hashOf(event);
    }
  }
  return { events, rerated, ...found };
}

const hashOf = ({ metadata }: RecordedEvent): string => String(metadata['hash']);

const slicesOf = ({ lots }: AccountState, { slices }: Charged): ExplainedSlice[] =>
  slices.map(({ lotId, amount }) => {
    const lot = lots.byId.get(lotId);
    if (lot === undefined) throw new Error(`impossible history: there is no lot ${lotId}`);
    const before = formatUsd(picoUsd(lot.remaining + usd(amount)));
    return { lot_id: lotId, kind: lot.kind, amount, before, after: formatUsd(lot.remaining) };
  });

const usageOf = (charged: Charged): dto.ExplainedUsage => {
  const { reading = [], ...normalised } = charged.usage;
  return { raw: charged.usageRaw, normalised, reading, follows_from_raw: usageFollows(charged) };
};

const NOT_CHARGED: Readonly<Record<ReleaseReason, string>> = {
  upstream_error: 'Nothing was charged: the provider failed.',
  upstream_timeout: 'Nothing was charged: the provider did not answer in time.',
  usage_unknown: 'Nothing was charged: what it used is not known.',
  refused_by_provider: 'Nothing was charged: the provider refused the request.',
  expired: 'Nothing was charged: its hold expired before it was settled.',
  gateway_restarted: 'Nothing was charged: the gateway restarted before it was settled.',
  not_forwarded: 'Nothing was charged: the request was not forwarded.',
};

const ESTIMATED = 'what the provider had not counted by then is an estimate of what was delivered.';
const CUT_OFF: Readonly<Record<CutOff, string>> = {
  client_left: `The client left before the answer ended: ${ESTIMATED}`,
  timed_out: `The answer took too long and was cut off: ${ESTIMATED}`,
  shutting_down: `The gateway stopped before the answer ended: ${ESTIMATED}`,
};

function notesOf(row: ChargeRow, charged: Charged | undefined): string[] {
  if (row.status === 'open') return ['Its call is still under way: the hold is open.'];
  if (charged === undefined) return row.reason === undefined ? [] : [NOT_CHARGED[row.reason]];
  const { overage, late, estimated, byHand, uncovered, usage } = charged;
  return [
    overage !== undefined && `It cost $${overage} more than its hold: the provider counted more than the bound.`,
    late === true && 'It was charged after its hold had been released.',
    byHand !== undefined && 'A person charged it after its release.',
    estimated !== undefined && CUT_OFF[estimated],
    uncovered !== undefined && `No credit was left for $${uncovered}: the balance went below zero by that.`,
    usage.reading !== undefined &&
      `The counts of the provider contradict each other; read as: ${usage.reading.join(', ')}.`,
  ].filter((note) => note !== false);
}

type Place = dto.ExplainedEvent['tree'];

async function placesOf(seals: Seals, events: readonly Told[]): Promise<Place[]> {
  const newest = await seals.newest();
  if (newest === undefined) return [];
  return Promise.all(
    events.map(async ({ event }) => {
      const index = await seals.tree.indexOf(event);
      return { index, sealed_by_size: index < newest.size ? newest.size : null };
    }),
  );
}

const eventOf = ({ event, previousHash }: Told, tree: Place): dto.ExplainedEvent => ({
  type: event.type,
  at: String(event.data['at']),
  recorded_at: event.recordedAt,
  id: event.id,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  previous_hash: previousHash,
  hash: hashOf(event),
  tree,
  postings: accountStreams
    .postings(event)
    .map((posting) => ({ account: posting.account, amount: formatMoney(posting), currency: posting.currency })),
});
