// Two gateways on a store that fails in every way it can: no credit is counted twice, nothing is charged twice, nothing is lost.
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { APPEND_FAULTS, MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { verifyChain } from '../../src/event-store/index.js';
import { formatUsd, SystemClock, toInstant, usd } from '../../src/kernel/index.js';
import { account, type AccountEvent, Accounts, accountStream, available } from '../../src/ledger/index.js';
import { loadConfig } from '../../src/platform/config.js';
import { ApiError } from '../../src/platform/http/index.js';
import { Metrics } from '../../src/platform/index.js';
import { findModel, type Model, normaliseUsage, PriceBook, startingPriceList } from '../../src/pricing/index.js';
import { PriceLists } from '../../src/pricing/price-lists.js';
import { Billing, type PlacedHold } from '../../src/proxy/billing/billing.js';
import { Settler } from '../../src/proxy/billing/settler.js';
import { AdmittedTokens } from '../../src/proxy/call/token-limit.js';
import { account as opened } from '../support/ledger/commands.js';

const ACCOUNT = 'acc';
const MODEL = 'gpt-4o-mini';
/** About five of the holds below. */
const CREDIT = '0.05';
const SHORT = { appendTimeoutMs: 15, appendDeadlineMs: 60 };

interface Call {
  readonly gateway: 0 | 1;
  /** How long after the one before it, and how long it waits for its hold, in milliseconds. */
  readonly afterMs: number;
  readonly patienceMs: number;
  /** What the provider counts; nothing when it fails. */
  readonly completionTokens: number | undefined;
}

const calls = fc.array(
  fc.record<Call>({
    gateway: fc.constantFrom(0, 1),
    afterMs: fc.constantFrom(0, 0, 1, 5, 20),
    patienceMs: fc.constantFrom(2, 20, 10_000, 10_000),
    completionTokens: fc.option(fc.integer({ min: 1, max: 16_000 }), { nil: undefined, freq: 4 }),
  }),
  { minLength: 5, maxLength: 20, size: 'max' },
);
const faults = fc.array(fc.constantFrom(...APPEND_FAULTS), { maxLength: 16, size: 'max' });

/** What became of a call: its hold, if it got one, and what it is to be charged then. */
interface Fate {
  readonly hold: PlacedHold | undefined;
  readonly cost: string | undefined;
}

it('each call is charged or released once, and never more is held than there is, over any outage', async () => {
  await fc.assert(
    fc.asyncProperty(calls, faults, async (todo, misfortunes) => {
      const store = new MemoryEventStore({ appendDelayMs: 1 });
      const gateways = await openGateways(store);
      store.faults.push(...misfortunes);
      const fates: Promise<Fate>[] = [];
      for (const call of todo) {
        await delay(call.afterMs);
        fates.push(perform(gateways[call.gateway].billing, call));
      }
      await Promise.all(fates);
      store.faults.length = 0;
      await Promise.all(gateways.map(({ settler }) => settler.drain(20_000)));
      await expectAllRight(store, await Promise.all(fates));
    }),
    { numRuns: 25 },
  );
});

async function openGateways(store: MemoryEventStore) {
  const readModels = new MemoryReadModelStore();
  const priceBook = new PriceBook();
  const clock = new SystemClock();
  await new PriceLists(store, priceBook).publish({
    models: startingPriceList(),
    effectiveFrom: toInstant(clock.now()),
    at: clock.now(),
  });
  const open = () => {
    const accounts = new Accounts(store, readModels, undefined, SHORT);
    const settler = new Settler(accounts, readModels, new Metrics(), pino({ level: 'silent' }));
    return { accounts, settler, billing: new Billing(accounts, priceBook, settler, clock, loadConfig({})) };
  };
  const gateways = [open(), open()] as const;
  const at = clock.now();
  for (const command of opened(CREDIT)) await gateways[0].accounts.execute(ACCOUNT, { ...command, at });
  return gateways;
}

async function perform(billing: Billing, { patienceMs, completionTokens }: Call): Promise<Fate> {
  const demand = { input: { promptTokens: 500 }, maxTokens: 16_000, choices: 1 };
  const caller = { accountId: ACCOUNT, keyId: 'k', rootId: 'k', settings: { name: 'test' } };
  const tokens = new AdmittedTokens();
  const admission = { caller, requestId: 'req', giveUpAt: performance.now() + patienceMs, tokens };
  const hold = await refusable(billing.hold(admission, demand, findModel(MODEL) as Model));
  if (hold === undefined) return { hold, cost: undefined };
  if (completionTokens === undefined) {
    await refusable(billing.release(hold, 'upstream_error', 'it failed', { attempts: [] }));
    return { hold, cost: undefined };
  }
  const usage = { prompt_tokens: 10, completion_tokens: completionTokens, total_tokens: 10 + completionTokens };
  const answered = { usage, readUsage: normaliseUsage, provider: 'test', upstreamModel: MODEL, attempts: [] };
  await refusable(billing.settle(hold, answered));
  // $0.15 and $0.60 per million tokens
  return { hold, cost: formatUsd((10n * 150_000n + BigInt(completionTokens) * 600_000n) as ReturnType<typeof usd>) };
}

/** Undefined for what the client would be told. @throws what is no answer to a client. */
async function refusable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && [402, 503].includes(error.status)) return undefined;
    throw error;
  }
}

async function expectAllRight(store: MemoryEventStore, fates: readonly Fate[]): Promise<void> {
  const recorded = await store.readStream(accountStream(ACCOUNT), 0, 1_000);
  expect(await verifyChain(recorded)).toBeUndefined();
  const events = recorded as unknown as readonly AccountEvent[];
  let state = account.initial();
  for (const event of events) {
    state = account.evolve(state, event);
    expect(available(state, Date.parse(event.data.at)) >= 0n, `available after ${event.type}`).toBe(true);
  }
  expect(state.holds.size).toBe(0);
  const ends = events.filter(({ type }) => type === 'TokensCharged' || type === 'HoldReleased');
  const endOf = new Map(ends.map(({ type, data }) => [(data as { chargeId: string }).chargeId, { type, data }]));
  expect(endOf.size).toBe(ends.length);
  for (const { hold, cost } of fates) {
    if (hold === undefined) continue;
    const expected = cost === undefined ? { reason: 'upstream_error' } : { cost };
    expect(endOf.get(hold.chargeId)?.data).toMatchObject(expected);
    endOf.delete(hold.chargeId);
  }
  // Whatever else was held was never forwarded.
  for (const { data } of endOf.values()) expect(data).toMatchObject({ reason: 'not_forwarded' });
}
