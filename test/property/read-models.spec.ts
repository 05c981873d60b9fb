// The read models of an account say what its events come to, in any history, however the events are delivered: in batches of any size,
// some of them again.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { type Projection, Projector, type RecordedEvent } from '../../src/event-store/index.js';
import { dayOf, formatUsd, type JsonObject, subtract, sum, usd, ZERO } from '../../src/kernel/index.js';
import {
  type AccountEvent,
  type AccountEventData,
  type AccountEventType,
  type AccountState,
  accountStream,
  balances,
  charges,
  keyUse,
  keys,
  lots,
  posted,
  returns,
  usageByDay,
} from '../../src/ledger/index.js';
import { anything, histories } from '../support/ledger/histories.js';
import { play } from '../support/ledger/play.js';

/** Histories price charges again that only have the right id: the rest is that of the charge, as it is of every real re-rating. */
function withFactsOfCharges(events: readonly AccountEvent[]): AccountEvent[] {
  const made = new Map(dataOf(events, 'TokensCharged').map((data) => [data.chargeId, data]));
  return events.map((event) => {
    if (event.type !== 'ChargeRerated') return event;
    const { keyId, model, pricedAt } = made.get(event.data.chargeId) ?? event.data;
    return { type: event.type, data: { ...event.data, keyId, model, pricedAt } };
  });
}

const recorded = (events: readonly AccountEvent[]): RecordedEvent[] =>
  events.map(({ type, data }, nth) => ({
    id: `e${nth}`,
    type,
    data: JSON.parse(JSON.stringify(data)) as JsonObject,
    stream: accountStream('acc'),
    revision: nth,
    position: nth * 3,
    metadata: {},
    recordedAt: '',
  }));

/** The rows that a projection makes of events which come in batches of these sizes, each with some of the events before it. */
async function rowsOf<Doc extends JsonObject>(
  projection: Projection<Doc>,
  events: readonly RecordedEvent[],
  batches: readonly { readonly size: number; readonly again: number }[],
): Promise<Doc[]> {
  const readModels = new MemoryReadModelStore();
  const projector = new Projector(new MemoryEventStore(), readModels, projection);
  let from = 0;
  for (let nth = 0; from < events.length; nth++) {
    const { size, again } = batches[nth % batches.length] as (typeof batches)[number];
    await projector.take(events.slice(Math.max(0, from - again), from + size));
    from += size;
  }
  const found = await readModels.find(projection.view, { limit: 1_000_000 });
  return found.map(({ doc }) => doc as Doc);
}

interface Case {
  readonly events: readonly AccountEvent[];
  readonly state: AccountState;
  readonly project: <Doc extends JsonObject>(projection: Projection<Doc>) => Promise<Doc[]>;
}

const dataOf = <T extends AccountEventType>(events: readonly AccountEvent[], type: T): AccountEventData<T>[] =>
  events.filter((event) => event.type === type).map(({ data }) => data as AccountEventData<T>);

const total = (amounts: readonly string[]): string => formatUsd(sum(amounts.map(usd)));

/** What re-ratings changed of the costs of charges. */
const changes = (
  events: readonly AccountEvent[],
  isOf: (data: AccountEventData<'ChargeRerated'>) => boolean,
): string[] =>
  dataOf(events, 'ChargeRerated')
    .filter(isOf)
    .map(({ cost, previousCost }) => formatUsd(subtract(usd(cost), usd(previousCost))));

async function balanceIs({ events, state, project }: Case): Promise<void> {
  const charged = dataOf(events, 'TokensCharged').map(({ cost }) => cost);
  expect(await project(balances)).toEqual([
    {
      accountId: 'acc',
      posted: formatUsd(posted(state)),
      held: formatUsd(state.held),
      spent: total([...charged, ...changes(events, () => true)]),
      charges: charged.length,
      suspended: state.suspended,
      ...(state.closed && { closed: true }),
      openedAt: events[0]?.data.at,
    },
  ]);
}

async function chargesAre({ events, state, project }: Case): Promise<void> {
  const rows = await project(charges);
  const of = (status: string): string[] =>
    rows
      .filter((row) => row.status === status)
      .map((row) => row.chargeId)
      .toSorted();
  const charged = dataOf(events, 'TokensCharged');
  expect(of('open')).toEqual([...state.holds.keys()].toSorted());
  expect(of('charged')).toEqual(charged.map(({ chargeId }) => chargeId).toSorted());
  expect(rows).toHaveLength(new Set(dataOf(events, 'HoldPlaced').map(({ chargeId }) => chargeId)).size);
  for (const { chargeId, cost, late, overage, provider, attempts, at } of charged) {
    const row = rows.find((one) => one.chargeId === chargeId);
    const rerated = dataOf(events, 'ChargeRerated').filter((data) => data.chargeId === chargeId);
    expect(row).toMatchObject({ cost: rerated.at(-1)?.cost ?? cost, provider, attempts, closedAt: at });
    expect([row?.late, row?.overage, row?.reason]).toEqual([late, overage, undefined]);
    expect(row?.reratings?.map(({ previousCost }) => previousCost) ?? []).toEqual(
      rerated.map(({ previousCost }) => previousCost),
    );
  }
}

async function usageIs({ events, project }: Case): Promise<void> {
  const [byDay, byKey] = [await project(usageByDay), await project(keyUse)];
  const charged = dataOf(events, 'TokensCharged');
  const placeOf = ({ pricedAt, keyId, model }: { pricedAt: string; keyId: string; model: string }): string =>
    [dayOf(pricedAt), keyId, model].join('/');
  const places = Map.groupBy(charged, placeOf);
  expect(byDay).toHaveLength(places.size);
  for (const { day, keyId, model, requests, promptTokens, completionTokens, cost } of byDay) {
    const place = [day, keyId, model].join('/');
    const calls = places.get(place) ?? [];
    const counted = (count: 'promptTokens' | 'completionTokens') =>
      calls.reduce((all, { usage }) => all + usage[count], 0);
    expect([requests, promptTokens, completionTokens]).toEqual([
      calls.length,
      counted('promptTokens'),
      counted('completionTokens'),
    ]);
    expect(cost).toBe(
      total([...calls.map((call) => call.cost), ...changes(events, (data) => placeOf(data) === place)]),
    );
  }
  const keysUsed = Map.groupBy(charged, ({ keyId }) => keyId);
  expect(byKey).toHaveLength(keysUsed.size);
  for (const { keyId, calls, spent, lastUsedAt } of byKey) {
    const mine = keysUsed.get(keyId) ?? [];
    expect(calls).toBe(mine.length);
    expect(spent).toBe(total([...mine.map(({ cost }) => cost), ...changes(events, (data) => data.keyId === keyId)]));
    expect(lastUsedAt).toBe(
      mine
        .map(({ pricedAt }) => pricedAt)
        .toSorted()
        .at(-1),
    );
  }
}

/** Whoever books expired credit finds by these rows every account that has some. */
async function lotsAre({ events, state, project }: Case): Promise<void> {
  const rows = await project(lots);
  const expiries = new Set(rows.map(({ expiresAt }) => expiresAt));
  for (const { expiresAt } of state.lots.byId.values()) expect(expiries).toContain(new Date(expiresAt).toISOString());
  for (const { lotId, amount, expiresAt } of rows) {
    const lot = state.lots.byId.get(lotId);
    expect([amount, expiresAt]).toEqual([formatUsd(lot?.amount ?? ZERO), new Date(lot?.expiresAt ?? 0).toISOString()]);
  }
  const back = events.filter(({ type }) => type === 'RefundFailed' || type === 'DisputeFundsReinstated');
  expect(await project(returns)).toEqual(back.slice(-1).map(({ data }) => ({ accountId: 'acc', returnedAt: data.at })));
}

async function keysAre({ events, project }: Case): Promise<void> {
  const revoked = new Set(dataOf(events, 'KeyRevoked').map(({ keyId }) => keyId));
  const rows = await project(keys);
  expect(rows.map(({ keyId }) => keyId).toSorted()).toEqual(
    dataOf(events, 'KeyIssued')
      .map(({ keyId }) => keyId)
      .toSorted(),
  );
  for (const { keyId, status } of rows) expect(status).toBe(revoked.has(keyId) ? 'revoked' : 'active');
}

it('are what the events come to', async () => {
  const batch = fc.record({ size: fc.integer({ min: 1, max: 12 }), again: fc.nat({ max: 5 }) });
  const law = fc.asyncProperty(
    histories(anything),
    fc.array(batch, { minLength: 1, maxLength: 4 }),
    async (steps, batches) => {
      const { events: played, state } = play(steps);
      const events = withFactsOfCharges(played);
      const log = recorded(events);
      const told: Case = { events, state, project: (projection) => rowsOf(projection, log, batches) };
      await balanceIs(told);
      await chargesAre(told);
      await usageIs(told);
      await lotsAre(told);
      await keysAre(told);
    },
  );
  await fc.assert(law, { numRuns: 60 });
});
