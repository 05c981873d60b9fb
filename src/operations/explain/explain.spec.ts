// Why a call cost what it cost. The example of docs/audit.md is this charge, to the letter.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { bringUpToDate } from '../../event-store/index.js';
import { type Amount, chainHash, sum, SystemClock, usd } from '../../kernel/index.js';
import { type AccountCommand, Accounts } from '../../ledger/index.js';
import {
  compilePriceList,
  type ModelPrices,
  normaliseUsage,
  PriceBook,
  PriceLists,
  rate,
  type Usage,
} from '../../pricing/index.js';
import { LedgerKeys, Sealer, Seals } from '../../seals/index.js';
import { PROJECTIONS } from '../projections.js';
import { forOwner } from './explain.js';
import { explanationText } from './explanation-text.js';
import { Explanations } from './explanations.js';

const NOON = Date.parse('2026-11-02T12:00:00.000Z');
const PRICES: ModelPrices = {
  model: 'gpt-4o',
  bands: [
    {
      promptTokens: { '<=': 128_000 },
      price: { input: '3', cachedInput: '1.5', output: '12', perRequest: '0.0001' },
      cost: { input: '2.5', cachedInput: '1.25', output: '10' },
    },
    { price: { input: '6', output: '24' } },
  ],
};
const RAW = {
  prompt_tokens: 1_200,
  completion_tokens: 350,
  total_tokens: 1_550,
  prompt_tokens_details: { cached_tokens: 1_024 },
};
const usage = normaliseUsage(RAW) as Usage;

let explanations: Explanations;
let store: MemoryEventStore;

/** An account with two lots, a call that takes the rest of the one and some of the other, and one that was released. */
beforeAll(async () => {
  store = new MemoryEventStore();
  const readModels = new MemoryReadModelStore();
  const priceLists = new PriceLists(store, new PriceBook());
  const published = await priceLists.publish({
    models: [PRICES],
    effectiveFrom: '2026-11-01T00:00:00.000Z',
    at: NOON - 86_400_000,
    acceptWarnings: true,
  });
  if (published === undefined) throw new Error('the prices were not published');
  const accounts = new Accounts(store, readModels);
  const execute = (type: AccountCommand['type'], at: number, fields: object) =>
    accounts.execute('acc1', {
      type,
      commandId: `${type} ${at} ${JSON.stringify(fields, bigints)}`,
      at,
      ...fields,
    } as never);
  await execute('OpenAccount', NOON, { accountId: 'acc1' });
  const settings = { name: 'laptop' };
  await execute('IssueKey', NOON, { keyId: 'key1', secretHash: 'a'.repeat(64), last4: 'wxyz', settings });
  const expiresAt = NOON + 1e10;
  await execute('GrantCredit', NOON, { lotId: 'welcome', amount: usd('0.005'), reason: 'welcome', expiresAt });
  await execute('PurchaseCredit', NOON, { lotId: 'topup1', amount: usd('10'), topupId: 'topup1', expiresAt });
  const answer = { provider: 'openai', upstreamModel: 'gpt-4o', attempts: [{ channel: 'openai', status: 200 }] };
  for (const [chargeId, at] of [
    ['charge1', NOON + 1_000],
    ['charge2', NOON + 9_000],
  ] as const) {
    const call = { chargeId, requestId: `request-${chargeId}`, keyId: 'key1', model: 'gpt-4o' };
    await execute('PlaceHold', at, { ...call, priceVersion: 1, amount: usd('0.05'), ttlMs: 60_000 });
  }
  const { price, cost } = rate(compilePriceList(published), 'gpt-4o', usage, NOON + 1_000);
  const charged = { chargeId: 'charge1', cost: price, providerCost: cost, usage, usageRaw: RAW, ...answer };
  await execute('SettleHold', NOON + 3_500, charged);
  await execute('ReleaseHold', NOON + 9_500, { chargeId: 'charge2', reason: 'upstream_error', detail: 'HTTP 500' });
  const keys = new LedgerKeys([generateKeyPairSync('ed25519').privateKey]);
  const seals = new Seals(store, readModels, keys, []);
  await new Sealer(seals, store, new SystemClock()).seal();
  await bringUpToDate(store, readModels, PROJECTIONS);
  explanations = new Explanations(store, readModels, priceLists, seals);
});

const bigints = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
const total = (amounts: readonly (string | undefined)[]): Amount => sum(amounts.map((amount) => usd(amount ?? '0')));

describe('the explanation of a charge', () => {
  it('has lines that sum to what the customer pays and what the provider charges', async () => {
    const { lines, cost, provider_cost, price } = await explanations.of('charge1');
    expect(lines.map(({ kind, count, rate: each, amount }) => [kind, count, each, amount])).toEqual([
      ['input', '176', '0.000003', '0.000528'],
      ['cachedInput', '1024', '0.0000015', '0.001536'],
      ['output', '350', '0.000012', '0.0042'],
      ['perRequest', '1', '0.0001', '0.0001'],
    ]);
    expect(total(lines.map(({ amount }) => amount))).toBe(usd(cost ?? ''));
    expect(total(lines.map(({ provider_amount }) => provider_amount))).toBe(usd(provider_cost ?? ''));
    expect(price).toMatchObject({ version: 1, prompt_from: 0, prompt_to: 128_000, window: null });
  });

  it('says which lots paid, and what they held before and after', async () => {
    const { slices, cost } = await explanations.of('charge1');
    expect(slices).toEqual([
      { lot_id: 'welcome', kind: 'bonus', amount: '0.005', before: '0.005', after: '0.00' },
      { lot_id: 'topup1', kind: 'paid', amount: '0.001364', before: '10.00', after: '9.998636' },
    ]);
    expect(total(slices.map(({ amount }) => amount))).toBe(usd(cost ?? ''));
  });

  it('shows the usage as it was sent and as it is charged, and that one follows from the other', async () => {
    expect((await explanations.of('charge1')).usage).toMatchObject({
      raw: RAW,
      normalised: { promptTokens: 1_200, cachedTokens: 1_024, completionTokens: 350 },
      reading: [],
      follows_from_raw: true,
    });
  });

  it('names the place of each of its events in the chain and in the sealed tree', async () => {
    const { events } = await explanations.of('charge1');
    expect(events.map(({ type }) => type)).toEqual(['HoldPlaced', 'TokensCharged']);
    for (const { stream, revision, previous_hash, hash, tree } of events) {
      const [event] = await store.readStream(stream, revision, 1);
      expect(event && chainHash(previous_hash, event)).toBe(hash);
      expect(tree).toEqual({ index: expect.any(Number), sealed_by_size: 9 });
    }
  });

  it('is found by the id of the request, too, and not on another account', async () => {
    expect((await explanations.of('request-charge1')).charge_id).toBe('charge1');
    await expect(explanations.of('charge1', 'acc2')).rejects.toThrow('There is no charge');
  });

  it('of a released hold says why nothing is charged', async () => {
    const { cost, notes, lines } = await explanations.of('charge2');
    expect([cost, lines, notes]).toEqual([null, [], ['Nothing was charged: the provider failed.']]);
  });

  it('keeps provider costs, books and words of staff from the customer', async () => {
    for (const id of ['charge1', 'charge2']) {
      const text = JSON.stringify(forOwner(await explanations.of(id)));
      expect(text).not.toMatch(/provider_|postings|position|by_hand|HTTP 500/);
    }
  });

  it('reads as docs/audit.md prints it', async () => {
    const page = readFileSync(new URL('../../../docs/audit.md', import.meta.url), 'utf8');
    const text = explanationText(await explanations.of('charge1')).replaceAll(/recorded \S+,/g, 'recorded …,');
    expect(page).toContain(text);
  });
});
