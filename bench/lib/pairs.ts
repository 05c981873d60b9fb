// Hold and settle, as a call does, as often as a number of callers manage.
import { setTimeout as delay } from 'node:timers/promises';
import { kernel, type ledger } from './built.ts';
import type { BenchAccount } from './accounts.ts';

type Accounts = InstanceType<typeof ledger.Accounts>;

export interface PairFigures {
  readonly pairs: number;
  readonly perSecond: number;
  /** From the hold's command to the charge's durability, in milliseconds. */
  readonly latencies: readonly number[];
  readonly charged: bigint;
}

const HOLD = kernel.usd('0.01');
const TTL_MS = 60_000;
const PRICE_PER_TOKEN = 600_000n; // 0.60 USD per million, in pico-dollars

/** Keeps `inFlight` callers busy for a while, each with one pair after another, on the accounts in turn. */
export async function runPairs(
  accounts: Accounts,
  on: readonly BenchAccount[],
  inFlight: number,
  forMs: number,
): Promise<PairFigures> {
  const latencies: number[] = [];
  let charged = 0n;
  let turn = 0;
  const start = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() - start < forMs) {
      const tokens = 1 + (turn % 1_000);
      const account = on[turn++ % on.length] as BenchAccount;
      const began = performance.now();
      const cost = await runPair(accounts, account, tokens);
      charged += cost;
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const seconds = (performance.now() - start) / 1_000;
  return { pairs: latencies.length, perSecond: latencies.length / seconds, latencies, charged };
}

/** One pair after another at a fixed rate, on the accounts in turn. Times count from the instant a pair was due. */
export async function runPairsAt(
  accounts: Accounts,
  on: readonly BenchAccount[],
  perSecond: number,
  forMs: number,
): Promise<PairFigures> {
  const latencies: number[] = [];
  const start = performance.now();
  const pairs = Array.from({ length: Math.floor((perSecond * forMs) / 1_000) }, async (_, turn) => {
    const due = start + (turn * 1_000) / perSecond;
    await delay(Math.max(0, due - performance.now()));
    const cost = await runPair(accounts, on[turn % on.length] as BenchAccount, 1 + turn);
    latencies.push(performance.now() - due);
    return cost;
  });
  const charged = (await Promise.all(pairs)).reduce((sum, cost) => sum + cost, 0n);
  const seconds = (performance.now() - start) / 1_000;
  return { pairs: latencies.length, perSecond: latencies.length / seconds, latencies, charged };
}

async function runPair(accounts: Accounts, { accountId, keyId }: BenchAccount, tokens: number): Promise<bigint> {
  const chargeId = kernel.newId();
  await accounts.execute(accountId, {
    type: 'PlaceHold',
    commandId: `${chargeId}/hold/1`,
    at: Date.now(),
    chargeId,
    requestId: `req_${chargeId}`,
    keyId,
    model: 'gpt-4o-mini',
    priceVersion: 1,
    amount: HOLD,
    ttlMs: TTL_MS,
  });
  const cost = kernel.picoUsd(BigInt(tokens) * PRICE_PER_TOKEN);
  await accounts.execute(accountId, {
    type: 'SettleHold',
    commandId: `${chargeId}/settle`,
    at: Date.now(),
    chargeId,
    cost,
    providerCost: cost,
    usage: usageOf(tokens),
    usageRaw: usageRawOf(tokens),
    provider: 'bench',
    upstreamModel: 'gpt-4o-mini',
    attempts: [{ channel: 'bench', status: 200 }],
  });
  return cost;
}

const usageOf = (tokens: number) => ({
  promptTokens: 20,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  promptAudioTokens: 0,
  promptImageTokens: 0,
  completionTokens: tokens,
  reasoningTokens: 0,
  completionAudioTokens: 0,
  totalTokens: 20 + tokens,
});

const usageRawOf = (tokens: number) => ({
  prompt_tokens: 20,
  completion_tokens: tokens,
  total_tokens: 20 + tokens,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
});
