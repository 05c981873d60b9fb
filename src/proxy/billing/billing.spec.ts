// Holds and charges on real accounts, over an in-memory event store and a clock that stands still.
import * as fc from 'fast-check';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, NOON, YEAR } from '../../../test/support/ledger/commands.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryRateLimitStore } from '../../adapters/memory/memory-rate-limit-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { type Amount, Clock, formatUsd, picoUsd, toInstant, usd, ZERO } from '../../kernel/index.js';
import { type AccountCommand, Accounts, type AccountState, available, posted } from '../../ledger/index.js';
import { loadConfig } from '../../platform/config.js';
import type { ApiError } from '../../platform/http/index.js';
import { Metrics } from '../../platform/index.js';
import {
  costLines,
  findModel,
  maxCost,
  type Model,
  normaliseUsage,
  PriceBook,
  rate,
  startingPriceList,
  type Usage,
  usageOf,
} from '../../pricing/index.js';
import { PriceLists } from '../../pricing/price-lists.js';
import { RateLimits } from '../call/rate-limits.js';
import { Billing, type PlacedHold } from './billing.js';
import type { Demand } from './demand.js';
import { Settler } from './settler.js';

class StandingClock extends Clock {
  constructor(public at: number) {
    super();
  }

  override now(): number {
    return this.at;
  }
}

const CONFIG = loadConfig({
  REQUEST_TIMEOUT_MS: '100000',
  CLIENT_STALL_TIMEOUT_MS: '7000',
  KEY_TOKENS_PER_MINUTE: '1000000',
});
const KEY = { keyId: 'k', secretHash: 'a'.repeat(64), last4: 'wxyz', settings: { name: 'laptop' } };
const ATTEMPTS = [{ channel: 'sandbox', status: 200 }];

async function open(credit: string, at = NOON) {
  const store = new MemoryEventStore();
  const readModels = new MemoryReadModelStore();
  const accounts = new Accounts(store, readModels);
  const priceBook = new PriceBook();
  await new PriceLists(store, priceBook).publish({
    models: startingPriceList(),
    effectiveFrom: toInstant(NOON - YEAR),
    at: NOON - YEAR,
  });
  const execute = (command: Record<string, unknown>) =>
    accounts.execute('acc', { commandId: String(command['type']), at, ...command } as AccountCommand);
  await execute({ type: 'OpenAccount', accountId: 'acc' });
  await execute({ type: 'IssueKey', ...KEY });
  const lot = { lotId: 'lot', amount: usd(credit), reason: 'test', expiresAt: at + YEAR };
  if (usd(credit) > ZERO) await execute({ type: 'GrantCredit', ...lot });
  const clock = new StandingClock(at);
  const settler = new Settler(accounts, readModels, new Metrics(), pino({ level: 'silent' }));
  const billing = new Billing(accounts, priceBook, settler, clock, CONFIG);
  const limits = new RateLimits(new MemoryRateLimitStore(), accounts, CONFIG);
  const caller = { accountId: 'acc', keyId: 'k', rootId: 'k', settings: KEY.settings };
  const prices = priceBook.inForce(at);
  if (prices === undefined) throw new Error('there is no price list');
  return {
    clock,
    prices,
    state: (): Promise<AccountState> => accounts.copy('acc'),
    /** Free tokens of the key's minute, seen by a use of one. */
    tokensLeft: async () => (await limits.admitTokens(caller, 1)).headers['x-ratelimit-remaining-tokens'],
    hold: async (demand: Demand, model: Model, estimate = 1): Promise<PlacedHold> => {
      const giveUpAt = performance.now() + 10_000;
      const tokens = await limits.admitTokens(caller, estimate);
      return billing.hold({ caller, requestId: 'request', giveUpAt, tokens }, demand, model);
    },
    settle: (hold: PlacedHold, promptTokens: number, completionTokens: number) =>
      billing.settle(hold, {
        usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens },
        readUsage: normaliseUsage,
        provider: 'sandbox',
        upstreamModel: 'model',
        attempts: ATTEMPTS,
      }),
    release: (hold: PlacedHold) => billing.release(hold, 'upstream_error', 'it failed', { attempts: ATTEMPTS }),
  };
}

function modelNamed(id: string): Model {
  const found = findModel(id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

const OPUS = modelNamed('claude-opus-5-5');
const FLASH = modelNamed('deepseek-flash');

/** As Claude Code asks: 50 KB, and all that the model can do. */
const SESSION: Demand = {
  input: { promptTokens: 50_500, without: ['inputAudio', 'cacheWrite1h'] },
  maxTokens: 128_000,
  choices: 1,
  capField: 'max_tokens',
};
const small = (maxTokens: number | undefined): Demand => ({
  ...SESSION,
  input: { promptTokens: 1_000 },
  maxTokens,
});

let desk: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  desk = await open('5.00');
});

describe('a hold', () => {
  it('lives until the longest call has ended, its client has stalled as long as it may, and the charge is made', async () => {
    await desk.hold(SESSION, OPUS);
    const [hold] = (await desk.state()).holds.values();
    expect(hold?.expiresAt).toBe(toInstant(NOON + 100_000 + 7_000 + 20_000));
  });

  it('that is refused gives back the tokens that the request was let in with', async () => {
    const poor = await open('0.00');
    await expect(poor.hold(SESSION, OPUS, 900_000)).rejects.toMatchObject({ status: 402 });
    expect(await poor.tokensLeft()).toBe('999999');
    const placed = await desk.hold(SESSION, OPUS, 900_000);
    expect(await desk.tokensLeft()).toBe('99999');
    await desk.settle(placed, 100, 50);
    expect(await desk.tokensLeft()).toBe(String(1_000_000 - 150 - 2));
  });
});

it('a call is charged at the price of the instant its hold was placed, however late it ends', async () => {
  // A peak window of DeepSeek's ends at 04:00 UTC.
  const peak = Date.UTC(2026, 2, 4, 3, 59);
  const night = await open('5.00', peak);
  const hold = await night.hold(small(100), FLASH);
  night.clock.at = peak + 2 * MINUTE;
  const usage = usageOf({ promptTokens: 1_000, completionTokens: 100 }) as Usage;
  const costs = [peak, night.clock.at].map((at) => formatUsd(rate(night.prices, FLASH.id, usage, at).price));
  expect(costs[0]).not.toBe(costs[1]);
  expect(formatUsd((await night.settle(hold, 1_000, 100)) ?? ZERO)).toBe(costs[0]);
});

it('a call is held for at the price that it is charged at, though another gateway’s clock is ahead', async () => {
  // The peak window of DeepSeek's begins at 01:00 UTC.
  const night = Date.UTC(2026, 2, 4, 1) - 1;
  const ahead = await open('5.00', night + 2);
  ahead.clock.at = night;
  const placed = await ahead.hold(small(100), FLASH);
  const lines = costLines(ahead.prices, FLASH.id, small(100).input, night + 2);
  expect((await ahead.state()).holds.get(placed.chargeId)?.value).toBe(maxCost(lines, 100));
  await ahead.settle(placed, 1_000, 100);
  expect(available(await ahead.state(), night + 2) >= ZERO).toBe(true);
});

it('an answer is charged up to its cap and the allowance of docs/api.md, however much more its model can say', async () => {
  const [fits, exceeds] = [await desk.hold(small(500), OPUS), await desk.hold(small(500), OPUS)];
  const most = 500 + 2_048 + 50;
  expect(await desk.settle(fits, 1_000, most)).toBeDefined();
  expect(await desk.settle(exceeds, 1_000, most + 1)).toBeUndefined();
});

describe('a cap that is all a model can do', () => {
  const amountOf = async (chargeId: string): Promise<Amount> => (await desk.state()).holds.get(chargeId)?.value ?? ZERO;

  it('is lowered so that its hold takes half of what there is, and not a token more', async () => {
    const hold = await desk.hold(SESSION, OPUS);
    const cap = hold.cap ?? 0;
    const costAt = (completionTokens: number) =>
      maxCost(costLines(desk.prices, OPUS.id, SESSION.input, NOON), completionTokens);
    expect(await amountOf(hold.chargeId)).toBe(costAt(cap));
    expect(costAt(cap) <= usd('2.50') && costAt(cap + 1) > usd('2.50')).toBe(true);
  });

  it('lets three sessions at once on a small balance, also when they race', async () => {
    const holds = await Promise.all([1, 2, 3].map(() => desk.hold(SESSION, OPUS)));
    const caps = holds.map(({ cap = 0 }) => cap);
    expect(caps.every((cap) => cap >= 8_192)).toBe(true);
    expect(caps).toEqual(caps.toSorted((a, b) => b - a));
    expect(available(await desk.state(), NOON) >= ZERO).toBe(true);
  });

  it('is left alone where half of what there is affords it', async () => {
    const rich = await open('500.00');
    expect((await rich.hold(SESSION, OPUS)).cap).toBeUndefined();
  });

  it('is lowered to no less than what an answer needs, beside the budget for thinking', async () => {
    const poor = await open('0.80');
    expect((await poor.hold(SESSION, OPUS)).cap).toBe(8_192);
    const thinking = await open('1.50');
    expect((await thinking.hold({ ...SESSION, thinkingTokens: 30_000 }, OPUS)).cap).toBe(38_192);
    const smallCap = await open('0.02');
    expect((await smallCap.hold(small(500), OPUS)).cap).toBeUndefined();
  });

  it('is shared by all choices', async () => {
    const hold = await desk.hold({ ...small(100_000), choices: 3 }, OPUS);
    expect(3 * (hold.cap ?? 0) * 20).toBeLessThanOrEqual(2_500_000);
    expect(3 * (hold.cap ?? 0) * 20).toBeGreaterThan(2_450_000);
  });

  it('is refused with the affordable one when not even that much fits', async () => {
    const poor = await open('0.40');
    const refused = await poor.hold(SESSION, OPUS).catch((error: ApiError) => error);
    expect(refused).toMatchObject({ status: 402 });
    expect((refused as ApiError).message).toMatch(
      /^This request may cost up to \$2\.8\d+; \$0\.40 of credit is available\. With max_tokens of at most \d+ instead of 128000/,
    );
  });

  it('is not lowered where the provider can’t be told', async () => {
    const { capField: _none, ...images } = SESSION;
    await expect(desk.hold(images, OPUS)).resolves.toMatchObject({ cap: undefined });
    await expect(desk.hold(images, OPUS)).rejects.toMatchObject({ status: 402 });
  });
});

describe('a request without a cap', () => {
  it('gets one that leaves half for others', async () => {
    const [first, second] = [await desk.hold(small(undefined), OPUS), await desk.hold(small(undefined), OPUS)];
    expect(first.cap).toBeGreaterThan(120_000);
    expect(second.cap).toBeGreaterThan(60_000);
  });

  it('is refused where there is not enough for a single token of an answer', async () => {
    const { input } = small(undefined);
    const least = maxCost(costLines(desk.prices, OPUS.id, input, NOON), 1);
    const poor = await open(formatUsd(picoUsd(least - 1n)));
    await expect(poor.hold(small(undefined), OPUS)).rejects.toMatchObject({ status: 402 });
    const rich = await open(formatUsd(least));
    await expect(rich.hold(small(undefined), OPUS)).resolves.toMatchObject({ cap: 1 });
  });

  it('gets what little there is', async () => {
    const poor = await open('0.02');
    const { cap = 0 } = await poor.hold(small(undefined), OPUS);
    expect(cap).toBeGreaterThan(100);
    expect(available(await poor.state(), NOON) < usd('0.00002')).toBe(true);
    await expect(poor.hold(small(undefined), OPUS)).rejects.toMatchObject({ status: 402 });
  });
});

it('no interleaving of calls takes the balance below zero or loses credit', async () => {
  const act = fc.record({
    cap: fc.constantFrom(undefined, 1, 500, 8_192, 128_000),
    choices: fc.constantFrom(1, 1, 3),
    prompt: fc.constantFrom(10, 50_000),
    end: fc.constantFrom('settle', 'settle', 'release', 'never'),
    used: fc.integer({ min: 0, max: 100 }),
    yields: fc.nat({ max: 6 }),
  });
  const property = fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
    const one = await open('3.00');
    let spent = ZERO;
    const call = async ({ cap, choices, prompt, end, used, yields }: (typeof acts)[number]) => {
      for (let turn = 0; turn < yields; turn++) await Promise.resolve();
      const demand = { ...SESSION, input: { promptTokens: prompt }, maxTokens: cap, choices };
      const hold = await one.hold(demand, OPUS).catch(() => undefined);
      expect(available(await one.state(), NOON) >= ZERO).toBe(true);
      if (hold === undefined || end === 'never') return;
      if (end === 'release') return one.release(hold);
      const completion = Math.floor(((hold.cap ?? cap ?? 0) * choices * used) / 100);
      const cost = await one.settle(hold, prompt, completion);
      spent = picoUsd(spent + (cost ?? ZERO));
    };
    await Promise.all(acts.map(call));
    const state = await one.state();
    expect(available(state, NOON) >= ZERO).toBe(true);
    expect(formatUsd(posted(state))).toBe(formatUsd(picoUsd(usd('3.00') - spent)));
  });
  await fc.assert(property, { numRuns: 100 });
});
