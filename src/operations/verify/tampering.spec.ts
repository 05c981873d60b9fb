// What somebody may do who can write to the event store, but has not the key of the ledger: each is named.
import { beforeAll, describe, expect, it } from 'vitest';
import { EditedStore, rehashed } from '../../../test/support/ledger/edited-store.js';
import { sealedLedger } from '../../../test/support/seals/sealed-ledger.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { rebuild, type RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { Seals } from '../../seals/index.js';
import { PROJECTIONS } from '../projections.js';
import { verify } from './verify.js';

let ledger: Awaited<ReturnType<typeof sealedLedger>>;
beforeAll(async () => {
  ledger = await sealedLedger();
});

type Edit = (events: readonly RecordedEvent[]) => readonly RecordedEvent[];

/** What is found after an edit, and a replay by whoever made it. */
async function faultsAfter(edit: Edit, events = ledger.events): Promise<string> {
  const store = new EditedStore(edit(events));
  const readModels = new MemoryReadModelStore();
  await rebuild(store, readModels, PROJECTIONS);
  return (await verify(store, readModels, { seals: ledger.seals(store) })).faults.join('\n');
}

const without =
  (isGone: (event: RecordedEvent) => boolean): Edit =>
  (events) =>
    events.filter((event) => !isGone(event));

const changed =
  (isIt: (event: RecordedEvent) => boolean, change: (event: RecordedEvent) => Partial<RecordedEvent>): Edit =>
  (events) =>
    events.map((event) => (isIt(event) ? { ...event, ...change(event) } : event));

const of =
  (type: string) =>
  (event: RecordedEvent): boolean =>
    event.type === type;

const data = (change: (data: JsonObject) => JsonObject) => (event: RecordedEvent) => ({
  data: { ...event.data, ...change(event.data) },
});

/** An event that is appended with a right hash, and without the key. */
const forged =
  (stream: string, type: string, more: JsonObject): Edit =>
  (events) => {
    const last = events.at(-1) as RecordedEvent;
    const id = '00000000-0000-4000-8000-0000000000ff';
    const event = { id, stream, type, data: more, metadata: {}, revision: 0, recordedAt: last.recordedAt };
    return rehashed([...events, { ...event, position: last.position + 1 }]);
  };

const AT = '2026-03-02T13:00:00.000Z';
const ADJUSTMENT = {
  adjustmentId: 'x',
  amount: '100.00',
  slices: [],
  uncovered: '0.00',
  coveredDebt: '0.00',
  expiresAt: '2027-03-02T12:00:00.000Z',
  reason: 'goodwill',
  requestedBy: 'user-1',
  approvedBy: 'user-2',
  at: AT,
};

it('a ledger that nobody touched is right', async () => {
  const { store, readModels, seals } = ledger;
  const whole = { faults: [], checkpoints: 4, readModels: PROJECTIONS.length };
  expect(await verify(store, readModels, { seals: seals(store) })).toMatchObject(whole);
});

describe('named without any rehashing', () => {
  it.each<[string, Edit, string | RegExp]>([
    [
      'the end of a top-up stream that is cut',
      without(({ stream, revision }) => stream === 'topup-t1' && revision > 4),
      'No event has position',
    ],
    ['all payouts deleted', without(({ stream }) => stream.startsWith('payout-')), /No event has position \d+, \d+\./],
    ['the newest price list deleted', without(of('PriceListPublished')), /not those that the checkpoint/],
    [
      'a mismatch deleted at the end of what there was',
      without(({ type, stream }) => type === 'PaymentMismatched' && stream === 'topup-t2'),
      'missing',
    ],
    [
      'the time of an event',
      changed(of('CreditGranted'), () => ({ recordedAt: AT })),
      /The time .* of revision \d of account-\w/,
    ],
    [
      'positions exchanged between two streams',
      (events) => {
        const [i, j] = [3, 9];
        const [a, b] = [events[i], events[j]] as [RecordedEvent, RecordedEvent];
        return events.with(i, { ...a, position: b.position }).with(j, { ...b, position: a.position });
      },
      'not those that the checkpoint',
    ],
    [
      'metadata added',
      changed(of('TokensCharged'), ({ metadata }) => ({ metadata: { ...metadata, note: 'x' } })),
      'has metadata that no gateway writes: note',
    ],
    [
      'a MAC taken away',
      changed(of('TopupOrdered'), ({ metadata: { mac: _mac, ...metadata } }) => ({ metadata })),
      'Revision 0 of topup-t1 (TopupOrdered) has no MAC: no gateway wrote it.',
    ],
    [
      'the end of the log that is cut',
      (events) => events.slice(0, -3),
      /seals \d+: 2 were removed. The last that is there is revision/,
    ],
    ['an adjustment forged', forged('account-b', 'BalanceAdjusted', ADJUSTMENT), '(BalanceAdjusted) has no MAC'],
    [
      'a paid top-up forged',
      forged('topup-t9', 'TopupOrdered', {
        topupId: 't9',
        accountId: 'b',
        credit: '500.00',
        currency: 'usd',
        priceMinor: 50_000,
        expiresAt: AT,
        at: AT,
      }),
      'Revision 0 of topup-t9 (TopupOrdered) has no MAC',
    ],
  ])('%s', async (_what, edit, fault) => {
    expect(await faultsAfter(edit)).toMatch(fault);
  });
});

it('an event of a type that there is not is named', async () => {
  const store = new EditedStore(changed(of('CreditGranted'), () => ({ type: 'CreditGift' }))(ledger.events));
  const { faults } = await verify(store, ledger.readModels, { seals: ledger.seals(store) });
  expect(faults.join('\n')).toMatch(/The hash of revision \d of account-\w \(CreditGift\) does not match/);
});

describe('an event before the beginning of the log, which gateways would count', () => {
  const hidden = (): EditedStore => {
    const paid = ledger.events.findLast(({ stream }) => stream === 'account-a') as RecordedEvent;
    const gift = { ...paid, type: 'CreditGranted', revision: paid.revision + 1, position: -5 };
    return new EditedStore([...ledger.events, gift]);
  };

  it.each([undefined, 'a'])('is named (account %s)', async (account) => {
    const store = hidden();
    const { faults } = await verify(store, ledger.readModels, { seals: ledger.seals(store), account });
    expect(faults.join('\n')).toContain(
      '(CreditGranted) is at position -5, before the beginning of the log: no gateway wrote it.',
    );
  });

  it('is named by a verification since a checkpoint, too', async () => {
    const store = hidden();
    const seals = ledger.seals(store);
    const since = seals.openCheckpoint([...ledger.place.kept.values()][0] ?? '');
    const { faults } = await verify(store, ledger.readModels, { seals, since });
    expect(faults.join('\n')).toContain('is at position -5');
  });
});

describe('named after everything was rehashed and replayed', () => {
  it.each<[string, Edit, string | RegExp]>([
    ['a deletion', without(of('FraudWarned')), /seals 41: 1 was removed/],
    ['a tail that was cut', (events) => events.slice(0, -4), /3 were removed/],
    [
      'another approver',
      changed(
        of('PriceListPublished'),
        data(() => ({ by: 'user-9' })),
      ),
      'Revision 0 of price-list (PriceListPublished) has a wrong MAC',
    ],
    [
      'usage a hundred times as large beside the same block',
      changed(
        of('TokensCharged'),
        data(({ usage }) => ({
          usage: { ...(usage as JsonObject), completionTokens: 100_000, totalTokens: 100_100 },
        })),
      ),
      'does not follow from the provider’s usage block',
    ],
  ])('%s', async (_what, edit, fault) => {
    expect(await faultsAfter((events) => rehashed(edit(events)))).toMatch(fault);
  });
});

/** Without the end of a stream, from its newest event of a type on. */
const cut =
  (stream: string, type: string): Edit =>
  (events) => {
    const from = events.findLast((event) => event.stream === stream && event.type === type)?.revision ?? 0;
    return events.filter((event) => event.stream !== stream || event.revision < from);
  };

describe('named in the last minute, which no checkpoint seals,', () => {
  const BOTH: [string, Edit, string][] = [
    ['a payment', cut('topup-t3', 'TopupPaid'), 'topup-t3 has none, account-b has $10.00'],
    ['its credit', cut('account-b', 'CreditPurchased'), 'account-b has none'],
    [
      'what Stripe says of a refund',
      cut('topup-t3', 'RefundReported'),
      'What was paid out for refund r-t3: topup-t3 has',
    ],
    ['what the account says of it', cut('account-b', 'RefundCompleted'), 'account-b has none'],
    ['the money of a dispute', cut('topup-t3', 'BalanceTransactionBooked'), 'What disputes withdrew of top-up t3'],
    ['its credit, taken back', cut('account-b', 'DisputeFundsWithdrawn'), 'What disputes withdrew of top-up t3'],
  ];
  it.each(BOTH)('when it was cut from one of its streams, and everything replayed: %s', async (_what, edit, fault) => {
    expect(await faultsAfter(edit, ledger.later)).toContain(fault);
  });

  it('in a ledger that is a file, when it was cut from its middle: anything', async () => {
    const faults = await faultsAfter(cut('payout-po-t3', 'PayoutFailed'), ledger.later);
    expect(faults).toMatch(/^No event has position \d+\. It came after the newest checkpoint, and was removed\.$/);
  });

  it.each<[string, Edit]>([
    ['a payout', cut('payout-po-t3', 'PayoutFailed')],
    ['a mismatch and what came after it', cut('topup-t3', 'PaymentMismatched')],
    ['the end of the log', (events) => events.slice(0, -1)],
    ['all of it', (events) => events.slice(0, -ledger.later.length + ledger.events.length)],
  ])('when the read models were not replayed: %s', async (_what, edit) => {
    const store = new EditedStore(edit(ledger.later));
    const { faults } = await verify(store, ledger.readModels, { seals: ledger.seals(store) });
    expect(faults.join('\n')).toMatch(/differs; live|no event makes it|which this ledger does not have/);
  });

  it('but not the end of the log, once everything was replayed', async () => {
    expect(await faultsAfter((events) => events.slice(0, ledger.events.length), ledger.later)).toBe('');
  });
});

describe('verifying since a checkpoint', () => {
  it('reads only what came later, and finds what is wrong there', async () => {
    const { store, readModels, seals, place } = ledger;
    const [first = 0] = place.kept.keys();
    const since = seals(store).openCheckpoint(place.kept.get(first) ?? '');
    const later = await verify(store, readModels, { seals: seals(store), since });
    expect(later).toMatchObject({ faults: [], checkpoints: 2, events: ledger.later.length - first });
    expect(later.warnings).toEqual([
      expect.stringMatching(`^The first ${first} events were not read`),
      expect.stringMatching('^The rows of the read models were not compared'),
    ]);
    const edited = new EditedStore(ledger.events.filter(({ type }) => type !== 'FraudWarned'));
    const { faults } = await verify(edited, readModels, { seals: seals(edited), since });
    expect(faults.join('\n')).toMatch('1 was removed. No event has position');
  });

  it('verifies all of a log that does not begin with what it seals', async () => {
    const { readModels, seals, place } = ledger;
    const edited = new EditedStore(ledger.events.slice(1));
    const since = seals(edited).openCheckpoint([...place.kept.values()][0] ?? '');
    const { faults } = await verify(edited, readModels, { seals: seals(edited), since });
    expect(faults[0]).toMatch('The log does not begin with');
  });
});

it('says when nothing is sealed', async () => {
  const { store, readModels } = ledger;
  const seals = new Seals(store, new MemoryReadModelStore(), undefined, []);
  expect((await verify(store, readModels, { seals })).warnings[0]).toMatch('LEDGER_KEY_FILE names no key');
});
