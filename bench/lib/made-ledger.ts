// A ledger of any size, made once: accounts that paid, and calls that were held and charged over the month before this one. Commands go
// through the same deciders and writers as a gateway's, so every event is one that a gateway could have written.
import { type BenchAccount, openAccount } from './accounts.ts';
import { kernel, ledger, PriceLists, pricing } from './built.ts';
import { openEventStore, openReadModels } from './stores.ts';

type Accounts = InstanceType<typeof ledger.Accounts>;

export interface MadeLedger {
  readonly events: number;
  readonly charges: number;
  /** What all calls cost, worked out here from the published numbers, in pico-dollars. */
  readonly charged: bigint;
  /** The month of the calls: from the first instant to before the second. */
  readonly from: string;
  readonly to: string;
  readonly perSecond: number;
}

export const MODEL = 'gpt-4o-mini';
const CREDIT = '1000000';
/** As many events of an account as a customer makes who calls twice a minute for a month. */
const PAIRS_PER_ACCOUNT = 10_000;
/** Pairs that one account writes at once, and accounts that write at once: together they fill an append and a commit. */
const PAIRS_AT_ONCE = 200;
const ACCOUNTS_AT_ONCE = 16;
const TTL_MS = 60_000;

/** Writes a ledger with about `size` events into a folder. */
export async function makeLedger(folder: string, size: number): Promise<MadeLedger> {
  const store = await openEventStore(folder);
  const readModels = await openReadModels(folder, 'snapshots');
  const [from, to] = monthBefore(new Date());
  const lists = new PriceLists(store, new pricing.PriceBook());
  const effectiveFrom = kernel.toInstant(from);
  const list = await lists.publish({ models: pricing.startingPriceList(), effectiveFrom, at: from });
  if (list === undefined) throw new Error('the starting prices were not published');
  const prices = pricing.compilePriceList(list);
  const accounts = new ledger.Accounts(store, readModels);
  const pairs = Math.floor(size / 2);
  const count = Math.max(1, Math.ceil(pairs / PAIRS_PER_ACCOUNT));
  const start = performance.now();
  const open: BenchAccount[] = [];
  for (let index = 0; index < count; index++) open.push(await openAccount(accounts, CREDIT, from));
  let [charges, charged, events] = [0, 0n, 1 + 3 * count];
  const rounds = Math.ceil(pairs / count / PAIRS_AT_ONCE);
  const callMs = Math.floor((to - from) / (rounds * PAIRS_AT_ONCE));
  for (let round = 0; round < rounds; round++) {
    for (let first = 0; first < count; first += ACCOUNTS_AT_ONCE) {
      const some = open.slice(first, first + ACCOUNTS_AT_ONCE);
      const at = from + round * PAIRS_AT_ONCE * callMs;
      const sums = await Promise.all(some.map((account) => calls(accounts, account, prices, at, callMs)));
      for (const sum of sums) charged += sum;
      charges += some.length * PAIRS_AT_ONCE;
      events += some.length * PAIRS_AT_ONCE * 2;
    }
  }
  const perSecond = (events / (performance.now() - start)) * 1_000;
  await store.close();
  await readModels.close();
  return { events, charges, charged, from: kernel.toInstant(from), to: kernel.toInstant(to), perSecond };
}

function monthBefore(now: Date): [from: number, to: number] {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return [Date.UTC(year, month - 1), Date.UTC(year, month)];
}

/** A call each `callMs` of one account; returns what they cost. */
async function calls(
  accounts: Accounts,
  { accountId, keyId }: BenchAccount,
  prices: ReturnType<typeof pricing.compilePriceList>,
  from: number,
  callMs: number,
): Promise<bigint> {
  let charged = 0n;
  const holds: Promise<unknown>[] = [];
  const settle: (() => Promise<unknown>)[] = [];
  for (let call = 0; call < PAIRS_AT_ONCE; call++) {
    const at = from + call * callMs;
    const chargeId = kernel.newId();
    const [input, output] = [200 + (call % 97) * 31, 1 + (call % 89) * 11];
    const usage = { ...NO_USAGE, promptTokens: input, completionTokens: output, totalTokens: input + output };
    const cost = pricing.rate(prices, MODEL, usage, at);
    charged += cost.price;
    const hold = { chargeId, requestId: `req_${chargeId}`, keyId, model: MODEL, priceVersion: 1, ttlMs: TTL_MS };
    const answer = { usage, usageRaw: rawOf(input, output), provider: 'openai', upstreamModel: MODEL, attempts: TRIED };
    holds.push(
      accounts.execute(accountId, {
        ...hold,
        type: 'PlaceHold',
        commandId: `${chargeId}/hold/1`,
        at,
        amount: kernel.picoUsd(cost.price * 2n),
      }),
    );
    settle.push(() =>
      accounts.execute(accountId, {
        ...answer,
        type: 'SettleHold',
        commandId: `${chargeId}/settle`,
        at: from + PAIRS_AT_ONCE * callMs - 1,
        chargeId,
        cost: cost.price,
        providerCost: cost.cost,
      }),
    );
  }
  await Promise.all(holds);
  await Promise.all(settle.map((each) => each()));
  return charged;
}

const TRIED = [{ channel: 'openai', status: 200 }];

const NO_USAGE = {
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  promptAudioTokens: 0,
  promptImageTokens: 0,
  reasoningTokens: 0,
  completionAudioTokens: 0,
};

const rawOf = (input: number, output: number) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
});
