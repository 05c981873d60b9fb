// A small ledger with a bit of everything that a statement can hold: each provider's usage block, price bands, a window at night, units sold by
// the piece, an estimate, credit that came and went, prices that were corrected in every way; and its seals. The same
// bytes each time, so that docs/statements.md can tell of it.
import { createPrivateKey } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { statementFile } from '../../../src/account/statements/index.js';
import { chainHash, eventId, GENESIS, type JsonObject, toInstant, usd } from '../../../src/kernel/index.js';
import { Accounts } from '../../../src/ledger/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import {
  compilePriceList,
  type ModelPrices,
  PRICE_LIST_STREAM,
  type PriceListPublished,
  rate,
  readAnyUsage,
  type Usage,
  UsageFault,
  usageOf,
} from '../../../src/pricing/index.js';
import { applyToAccount, type RunScope } from '../../../src/rerating/apply.js';
import { LedgerKeys } from '../../../src/seals/index.js';
import { type EventStore, START } from '../../../src/event-store/index.js';
import { DAY, HOUR, MINUTE } from '../ledger/commands.js';
import { sealsOf } from './statement-seals.js';

const ACCOUNT = 'acct-1';
export const FEBRUARY = { from: '2026-02-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
export const MARCH = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };

/** The secret key of the first test of RFC 8032, section 7.1. */
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const PKCS8 = '302e020100300506032b657004220420';
const SAMPLE_KEY = createPrivateKey({ key: Buffer.from(PKCS8 + SEED, 'hex'), format: 'der', type: 'pkcs8' });

export const SAMPLE_KEYS = new LedgerKeys([SAMPLE_KEY]);

const everyKind = {
  input: '2.50',
  cachedInput: '1.25',
  explicitCachedInput: '0.25',
  cacheWrite: '3.125',
  cacheWrite1h: '5.00',
  output: '10.00',
  reasoning: '12.00',
  inputAudio: '40.00',
  outputAudio: '80.00',
  inputImage: '5.00',
  perRequest: '0.000001',
};
const MODELS: readonly ModelPrices[] = [
  { model: 'chat', bands: [{ price: everyKind, cost: { input: '2.00', output: '8.00' } }] },
  {
    model: 'long',
    bands: [
      { promptTokens: { '<=': 1_000 }, price: { input: '1.00', output: '4.00' } },
      { promptTokens: { '<': 5_000 }, price: { input: '2.00', output: '8.00' } },
      { price: { input: '3.000001', output: '12.00' } },
    ],
  },
  {
    model: 'night',
    bands: [
      {
        price: { input: '2.00', output: '8.00' },
        windows: [{ from: '16:30', to: '00:30', price: { input: '1.00', output: '2.00' } }],
      },
    ],
  },
  { model: 'speech', bands: [{ price: { input: '0.00', output: '0.00', perCharacter: '0.000015' } }] },
];

const ourCost = { input: '0.50', output: '2.00' };

const PRICES: readonly PriceListPublished[] = [
  { version: 1, effectiveFrom: '2026-01-01T00:00:00.000Z', models: [...MODELS], at: '2026-01-01T00:00:00.000Z' },
  {
    version: 2,
    effectiveFrom: '2026-03-15T00:00:00.000Z',
    models: MODELS.map(({ model, bands }) =>
      model === 'chat' ? { model, bands: [{ price: { ...everyKind, input: '2.00' } }] } : { model, bands },
    ),
    by: 'user-9',
    reason: 'a cheaper input',
    at: '2026-03-10T00:00:00.000Z',
  },
  {
    version: 3,
    effectiveFrom: '2026-04-01T00:00:00.000Z',
    models: MODELS.map(({ model, bands }) => {
      if (model === 'long') return { model, bands: bands.map((band) => ({ ...band, cost: ourCost })) };
      return { model, bands: model === 'night' ? [{ price: { input: '3.00', output: '9.00' } }] : bands };
    }),
    by: 'user-9',
    reason: 'long costs us less, and night is dearer',
    at: '2026-03-16T12:00:00.000Z',
  },
];

const at = (instant: string): number => Date.parse(`2026-${instant}Z`);

interface MoreOfCall {
  readonly usage?: Usage;
  readonly estimated?: string;
  readonly late?: boolean;
}

class Play {
  readonly store = new MemoryEventStore();
  readonly #accounts = new Accounts(this.store, new MemoryReadModelStore());
  #commands = 0;

  async do(fields: Omit<AccountCommand, 'commandId'> & object): Promise<void> {
    const command = { commandId: `command-${this.#commands++}`, ...fields } as unknown as AccountCommand;
    await this.#accounts.execute(ACCOUNT, command);
  }

  /** A call that was admitted at an instant, and charged by its provider's block a second later, `late` when its hold had been released. */
  async call(model: string, instant: string, usageRaw: JsonObject, more: MoreOfCall = {}) {
    const admitted = at(instant);
    const [list] = PRICES.filter(({ effectiveFrom }) => Date.parse(effectiveFrom) <= admitted).slice(-1);
    if (list === undefined) throw new Error('no prices yet');
    const usage = more.usage ?? readAnyUsage(usageRaw);
    if (usage instanceof UsageFault) throw new Error(usage.message);
    const { price, cost } = rate(compilePriceList(list), model, usage, admitted);
    const chargeId = `charge-${this.#commands}`;
    const hold = { chargeId, requestId: `request-${chargeId}`, keyId: 'key-1', model, priceVersion: list.version };
    await this.do({ type: 'PlaceHold', at: admitted, ...hold, amount: usd('0.50'), ttlMs: HOUR } as never);
    const answer = { provider: 'maker', upstreamModel: model, attempts: [{ channel: 'maker', status: 200 }] };
    const estimate = more.estimated === undefined ? {} : { estimated: more.estimated };
    const charge = { chargeId, cost: price, providerCost: cost, usage, usageRaw, ...answer, ...estimate };
    const released = { chargeId, reason: 'expired', attempts: [] };
    if (more.late) await this.do({ type: 'ReleaseHold', at: admitted + 500, ...released } as never);
    await this.do({ type: 'SettleHold', at: admitted + 1_000, ...charge } as never);
  }

  /** Prices the calls for a model that began in a period by another version of the price list. */
  async rerate(runId: string, instant: string, version: number, more: Partial<RunScope>): Promise<void> {
    const now = at(instant);
    const by = compilePriceList(PRICES[version - 1] as PriceListPublished);
    const scope = { ...MARCH, asOf: toInstant(now), policy: 'bill', runId, by, ...more } as const;
    await applyToAccount({ store: this.store, accounts: this.#accounts, now: () => now }, ACCOUNT, scope);
  }
}

const counted = (counts: Partial<Usage>): Usage =>
  usageOf({ promptTokens: 0, completionTokens: 0, ...counts }) as Usage;

/** A ledger, and what a customer would get from it. */
export async function statementLedger() {
  const play = new Play();
  await publish(play.store);
  const year = 365 * DAY;
  await play.do({ type: 'OpenAccount', at: at('02-10T09:00:00'), accountId: ACCOUNT } as never);
  const key = { keyId: 'key-1', secretHash: 'a'.repeat(64), last4: 'wxyz', settings: { name: 'laptop' } };
  await play.do({ type: 'IssueKey', at: at('02-10T09:01:00'), ...key } as never);
  const bought = { lotId: 'lot-1', topupId: 'topup-1', amount: usd('20'), expiresAt: at('02-10T09:05:00') + year };
  await play.do({ type: 'PurchaseCredit', at: at('02-10T09:05:00'), ...bought } as never);
  await play.call('chat', '02-20T10:00:00', { prompt_tokens: 1_200, completion_tokens: 300, total_tokens: 1_500 });

  const granted = { lotId: 'lot-2', amount: usd('1'), expiresAt: at('03-20T00:00:00'), reason: 'thank you' };
  await play.do({ type: 'GrantCredit', at: at('03-02T08:00:00'), ...granted } as never);
  await play.call('chat', '03-02T10:00:00', {
    prompt_tokens: 2_600,
    completion_tokens: 420,
    total_tokens: 3_020,
    prompt_tokens_details: { cached_tokens: 2_000, cache_write_tokens: 400, audio_tokens: 50 },
    completion_tokens_details: { reasoning_tokens: 120, audio_tokens: 30 },
  });
  await play.call('chat', '03-03T10:00:00', {
    input_tokens: 100,
    cache_read_input_tokens: 2_000,
    cache_creation_input_tokens: 700,
    cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
    output_tokens: 50,
  });
  const gemini = { promptTokenCount: 900, candidatesTokenCount: 40, thoughtsTokenCount: 60, totalTokenCount: 1_000 };
  await play.call('long', '03-04T10:00:00', gemini);
  await play.call('long', '03-05T10:00:00', {
    prompt_tokens: 5_000,
    completion_tokens: 20,
    total_tokens: 5_020,
    prompt_cache_hit_tokens: 4_000,
    prompt_cache_miss_tokens: 1_000,
  });
  await play.call('night', '03-06T23:59:59', { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 });
  await play.call('night', '03-07T00:30:00', { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 });
  await play.call('speech', '03-08T10:00:00', { characters: 321 }, { usage: counted({ characters: 321 }) });
  const cutOff = { usage: counted({ promptTokens: 80, completionTokens: 12 }), estimated: 'client_left' };
  await play.call('chat', '03-09T10:00:00', {}, cutOff);
  const refund = { requestId: 'request-1', parts: [{ refundId: 'refund-1', lotId: 'lot-1' }], amount: usd('5') };
  const why = { requestedBy: 'user-1', reason: 'not needed', windowMs: 60 * DAY };
  await play.do({ type: 'RequestRefund', at: at('03-12T10:00:00'), ...refund, ...why } as never);
  const people = { requestedBy: 'user-1', approvedBy: 'user-2', reason: 'billing error' };
  const taken = { adjustmentId: 'adjustment-1', amount: usd('-0.25'), expiresAt: 0, ...people, alone: undefined };
  await play.do({ type: 'AdjustBalance', at: at('03-14T10:00:00'), ...taken } as never);
  await play.call('chat', '03-16T10:00:00', {
    prompt_tokens: 1_900,
    completion_tokens: 10,
    total_tokens: 1_910,
    prompt_tokens_details: { cached_tokens: 1_889, cache_creation_input_tokens: 0, cache_type: 'ephemeral' },
  });
  await play.rerate('run-1', '03-17T10:00:00', 2, { model: 'chat', to: '2026-03-04T00:00:00.000Z' }); // cheaper
  await play.rerate('run-2', '03-18T10:00:00', 3, { model: 'long' }); // only what it costs us
  await play.rerate('run-3', '03-18T11:00:00', 3, { model: 'night', from: '2026-03-07T00:00:00.000Z' }); // dearer
  await play.rerate('run-4', '03-18T12:00:00', 3, { model: 'night', policy: 'absorb' });
  await play.do({ type: 'ExpireCredit', at: at('03-20T00:00:00') + MINUTE } as never);
  await play.rerate('run-5', '03-21T10:00:00', 1, { model: 'chat', to: '2026-03-04T00:00:00.000Z' }); // as before
  await play.rerate('run-6', '03-21T11:00:00', 2, { model: 'chat', to: '2026-03-03T00:00:00.000Z' }); // to a successor

  await play.call('chat', '04-02T10:00:00', { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 });
  const statement = (period: Period): Promise<string> => statementOf(play.store, period);
  return { play, store: play.store, statement, vkey: SAMPLE_KEYS.newest.verifierKey };
}

interface Period {
  readonly from: string;
  readonly to: string;
}

/** The JSON of the account's statement, signed or not. */
export async function statementOf(store: EventStore, period: Period, isSigned = true): Promise<string> {
  const seals = isSigned ? sealsOf(store, SAMPLE_KEYS) : undefined;
  const file = await statementFile(
    { store, readModels: new MemoryReadModelStore() },
    { accountId: ACCOUNT, format: 'json', ...period },
    seals,
  );
  return text(file.getStream());
}

/** The ledger as an insider would forge it: with changed data, right hashes, and seals made anew. */
export async function forged(
  store: EventStore,
  change: (data: JsonObject) => JsonObject,
  forgedType = 'TokensCharged',
): Promise<EventStore> {
  const forgery = new MemoryEventStore();
  const hashes = new Map<string, string>();
  for (const { stream, revision, type, id, data: before } of await store.readAll(START, 10_000)) {
    const data = type === forgedType ? change(structuredClone(before)) : before;
    const hash = chainHash(hashes.get(stream) ?? GENESIS, { stream, revision, type, id, data });
    hashes.set(stream, hash);
    await forgery.append(stream, revision - 1, [{ id, type, data, metadata: { hash } }]);
  }
  return forgery;
}

async function publish(store: MemoryEventStore): Promise<void> {
  let hash = GENESIS;
  const events = PRICES.map((list, revision) => {
    const data = JSON.parse(JSON.stringify(list)) as JsonObject;
    const id = eventId(PRICE_LIST_STREAM, `command-${revision}`, 0, '{}');
    hash = chainHash(hash, { stream: PRICE_LIST_STREAM, revision, type: 'PriceListPublished', id, data });
    return { id, type: 'PriceListPublished', data, metadata: { hash } };
  });
  await store.append(PRICE_LIST_STREAM, -1, events);
}
