// Events of an account with their hash chain, as /api answers them, for specs.
import { chainHash, GENESIS } from '../src/features/ledger/chain-check.ts';
import type { LedgerEvent } from '../src/features/ledger/event-words.ts';

const at = '2026-03-04T12:00:00.000Z';
const STREAM = 'account-acc';

const FACTS: readonly Pick<LedgerEvent, 'type' | 'data' | 'amount' | 'balance_after'>[] = [
  { type: 'AccountOpened', data: { accountId: 'acc', at }, amount: null, balance_after: '0.00' },
  {
    type: 'CreditPurchased',
    data: { lotId: 'l', amount: '5.00', expiresAt: '2027-03-04T12:00:00.000Z', topupId: 't', at },
    amount: '5.00',
    balance_after: '5.00',
  },
  {
    type: 'TokensCharged',
    data: { chargeId: 'c', model: 'gpt-4o', cost: '0.006364', usage: { promptTokens: 1200 }, at },
    amount: '-0.006364',
    balance_after: '4.993636',
  },
];

/** Three events, from the first one on. */
export async function chainedEvents(): Promise<[LedgerEvent, LedgerEvent, LedgerEvent]> {
  const events: LedgerEvent[] = [];
  let hash = GENESIS;
  for (const [revision, facts] of FACTS.entries()) {
    const event = { ...facts, id: `id-${revision}`, object: 'event', stream: STREAM, revision, at } as const;
    const previous_hash = hash;
    hash = await chainHash(previous_hash, event);
    events.push({ ...event, recorded_at: at, metadata: { hash }, hash, previous_hash });
  }
  return events as [LedgerEvent, LedgerEvent, LedgerEvent];
}

/** The file of their stream, as it is downloaded. */
export function fileOf(events: readonly LedgerEvent[], announced = events.length): string {
  const lines = [
    { object: 'event_stream', version: 1, stream: STREAM, events: announced },
    ...events.map(({ revision, id, type, data, metadata }) => ({ revision, id, type, data, metadata })),
    { object: 'event_stream_end', events: announced, hash: events.at(-1)?.hash, proof: { keys: [] } },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
