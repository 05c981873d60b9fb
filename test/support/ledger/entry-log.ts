// A log of many entries that books can be made of, without the deciders that would make them: quick to make, and the same every time. Most are
// calls; every golden event that moves money is among the others.
import { readdirSync, readFileSync } from 'node:fs';
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { postingsOf } from '../../../src/books/booked-streams.js';
import type { NewEvent } from '../../../src/event-store/index.js';
import { formatUsd, type JsonObject, picoUsd } from '../../../src/kernel/index.js';

export const DAY_ZERO = Date.parse('2026-01-01T00:00:00.000Z');

/** Numbers below a bound that look like chance, the same in each run (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number((state >> 33n) % BigInt(below));
  };
}

const pico = (amount: number): string => formatUsd(picoUsd(BigInt(amount)));

export interface EntryLog {
  readonly events: number;
  readonly seed?: number;
  readonly days?: number;
}

interface Entry {
  /** That of its account without it. */
  readonly stream?: string;
  readonly type: string;
  readonly data: JsonObject;
}

const GOLDENS = new URL('../../golden/events/', import.meta.url);
const KINDS_OF_STREAMS = [
  'account-a',
  'topup-t',
  'payout-po',
  'automatic-topup-a',
  'invoices-2026',
  'reconciliation-2026-03-01',
  'provider-bills-openai',
];

/** The golden events that move money, each with the stream whose postings know it. */
const goldens = readdirSync(GOLDENS)
  .map((file) => JSON.parse(readFileSync(new URL(file, GOLDENS), 'utf8')) as Entry)
  .flatMap((event) =>
    KINDS_OF_STREAMS.filter((stream) => moves({ ...event, stream })).map((stream) => ({ ...event, stream })),
  );

function moves({ stream, type, data }: Required<Entry>): boolean {
  const recorded = { id: '', stream, type, data, revision: 0, position: 0, metadata: {}, recordedAt: '' };
  try {
    return postingsOf(recorded).length > 0;
  } catch {
    return false; // of another kind of stream
  }
}

function golden(next: (below: number) => number, nth: number, at: string): Entry {
  const { stream, type, data } = goldens[next(goldens.length)] as Required<Entry>;
  return { stream: stream === 'account-a' ? `account-a${nth}` : stream, type, data: { ...data, at } };
}

/** An event of a kind that moves money, of account number `nth`, at an instant. */
function entry(next: (below: number) => number, nth: number, at: string): Entry {
  const lotId = `lot${nth}`;
  switch (next(22)) {
    case 0:
      return {
        type: 'CreditPurchased',
        data: { lotId, amount: pico(10 ** 13 + next(10 ** 4) * 10 ** 10), expiresAt: at, topupId: lotId, at },
      };
    case 1:
      return {
        type: 'CreditGranted',
        data: { lotId: `bonus${nth}`, amount: '1.00', expiresAt: at, reason: 'welcome', at },
      };
    case 2:
      return {
        type: 'CreditExpired',
        data: { lotId, kind: next(2) === 0 ? 'paid' : 'bonus', amount: pico(next(10 ** 12)), expiredAt: at, at },
      };
    case 3:
      return {
        type: 'RefundRequested',
        data: { refundId: `r${next(1_000)}`, lotId, amount: '2.00', requestedBy: 'u', reason: 'unused', at },
      };
    case 4:
      return { type: 'RefundCompleted', data: { refundId: `r${next(1_000)}`, lotId, amount: '1.37', at } };
    case 5: {
      const [amountMinor, feeMinor] = [1_000 + next(10_000), next(100)];
      const currency = ['usd', 'eur', 'jpy'][next(3)] ?? '';
      const about = { balanceTransactionId: `txn_${next(10 ** 9)}`, source: 'payment', currency };
      const sums = { amountMinor, feeMinor, netMinor: amountMinor - feeMinor, clears: '10.00' };
      return { stream: `topup-${nth}`, type: 'BalanceTransactionBooked', data: { ...about, ...sums, at } };
    }
    case 6:
      return golden(next, nth, at);
    default: {
      const [cost, providerCost] = [pico(next(10 ** 9) * 37), pico(next(10 ** 8) * 37)] as const;
      const slices = [{ lotId: next(2) === 0 ? lotId : `bonus${nth}`, amount: cost }];
      const late = next(50) === 0 ? { late: true } : {};
      const call = { model: `model-${next(4)}`, priceVersion: 1 + next(3), pricedAt: at };
      return {
        type: 'TokensCharged',
        data: { ...call, cost, providerCost, slices, ...late, at },
      };
    }
  }
}

/** A store with so many entries, spread over accounts and days, in the order of their instants. */
export async function logOfEntries({ events, seed = 1, days = 90 }: EntryLog): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  const next = numbers(seed);
  const revisions = new Map<string, number>();
  const stepMs = Math.floor((days * 86_400_000) / events);
  for (let index = 0; index < events; index++) {
    const nth = next(500);
    const at = new Date(DAY_ZERO + index * stepMs).toISOString();
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const { stream = `account-a${nth}`, ...made } = entry(next, nth, at);
    const event: NewEvent = { id, ...made, metadata: {} };
    const revision = revisions.get(stream) ?? -1;
    await store.append(stream, revision, [event]);
    revisions.set(stream, revision + 1);
  }
  return store;
}
