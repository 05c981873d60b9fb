import { beforeAll, describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/ledger/commands.js';
import { EditedStore, rehashed } from '../../../test/support/ledger/edited-store.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { book, open, order, report } from '../../../test/support/payments/topup-spec.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { type RecordedEvent, START } from '../../event-store/index.js';
import { type JsonObject, usd } from '../../kernel/index.js';
import { bookedStreamOf } from '../../books/index.js';
import { Topups } from '../../payments/index.js';
import { FactCheck } from './verify-facts.js';
import { verify } from './verify.js';

type Edit = (events: readonly RecordedEvent[]) => readonly RecordedEvent[];

async function ledger() {
  const made = await ledgerWithHistory();
  await made.open('a');
  await made.topUp('a', 't1');
  const mismatched = book('txn-2', { unmatched: true, clears: usd('0') });
  await new Topups(made.store).execute('t1', { ...mismatched, commandId: 'unmatched', at: NOON });
  return { ...made, events: await made.store.readAll(START, 1_000) };
}

let made: Awaited<ReturnType<typeof ledger>>;
beforeAll(async () => {
  made = await ledger();
});

/** What is found after an edit whose maker has made every hash right again. */
const faultsAfter = async (edit: Edit, account?: string): Promise<readonly string[]> =>
  (
    await verify(new EditedStore(rehashed(edit(made.events))), new MemoryReadModelStore(), {
      readModels: false,
      account,
    })
  ).faults;

const without =
  (...types: readonly string[]): Edit =>
  (events) =>
    events.filter(({ type }) => !types.includes(type));

/** Without an event and what comes after it in its stream. */
const cutAt =
  (type: string): Edit =>
  (events) => {
    const first = events.find((event) => event.type === type) as RecordedEvent;
    return events.filter(({ stream, revision }) => stream !== first.stream || revision < first.revision);
  };

const as =
  (type: string, data: JsonObject, which: JsonObject = {}): Edit =>
  (events) =>
    events.map((event) =>
      event.type === type && Object.entries(which).every(([field, value]) => event.data[field] === value)
        ? { ...event, data: { ...event.data, ...data } }
        : event,
    );

const dispute: Edit = (events) =>
  events.filter(({ type, data }) => type !== 'BalanceTransactionBooked' || data['source'] !== 'dispute');

const and =
  (stream: string, type: string, data: JsonObject): Edit =>
  (events) => {
    const { position } = events.at(-1) as RecordedEvent;
    const id = '00000000-0000-4000-8000-0000000000ff';
    const place = { id, stream, revision: 0, position: position + 1, recordedAt: '2026-03-04T13:00:00.000Z' };
    return [...events, { ...place, type, data, metadata: {} }];
  };

const AT = '2026-03-04T13:00:00.000Z';
const COUNTS = { matched: 0, pending: 0, ours_only: 0, theirs_only: 0, differs: 0, resolved: 0 };
const compared = (ledgerMinor: number): JsonObject => ({
  day: '2026-03-04',
  source: 'api',
  counts: COUNTS,
  totals: [{ currency: 'usd', activityMinor: 0, ledgerMinor, explainedMinor: 0 }],
  at: AT,
});
const invoice = (credit: string): JsonObject => ({
  number: '2026-000001',
  topupId: 't1',
  accountId: 'a',
  paidAt: AT,
  paymentIntentId: 'pi_1',
  currency: 'usd',
  grossMinor: 1_000,
  taxMinor: 0,
  credit,
  seller: { name: 'Seller', address: [] },
  at: AT,
});

it('finds nothing where both streams say the same', async () => {
  expect(await faultsAfter((events) => events)).toEqual([]);
  expect(await faultsAfter(and('invoices-2026', 'InvoiceIssued', invoice('10.00')))).toEqual([]);
  expect(await faultsAfter(and('reconciliation-2026-03-04', 'StripeDayCompared', compared(882)))).toEqual([]);
});

describe('names both streams, their events and what is missing', () => {
  it.each<[string, Edit, string]>([
    [
      'the credit of a paid top-up',
      cutAt('CreditPurchased'),
      'What was paid for top-up t1: topup-t1 has $10.00 (revision 2, TopupPaid), account-a has none. If a crash left it out, "tokenhub topup sync t1" books it.',
    ],
    [
      'the payment of credit',
      without('TopupPaid'),
      'What was paid for top-up t1: topup-t1 has none, account-a has $10.00 (revision 3, CreditPurchased).',
    ],
    [
      'other credit',
      as('CreditPurchased', { amount: '100.00' }),
      'account-a has $100.00 (revision 3, CreditPurchased)',
    ],
    [
      'the order of another account',
      as('TopupOrdered', { accountId: 'b' }),
      'topup-t1 has $10.00 (revision 2, TopupPaid), account-b has none',
    ],
    [
      'a refund that Stripe paid',
      without('RefundReported'),
      'What was paid out for refund r-t1: topup-t1 has none, account-a has $2.00 (revision 5, RefundCompleted)',
    ],
    [
      'a refund that the account paid',
      without('RefundCompleted'),
      'What was paid out for refund r-t1: topup-t1 has $2.00 (revision 7, RefundReported), account-a has none',
    ],
    ['another refund', as('RefundOrdered', { credit: '1.00' }), 'What is taken for refund r-t1: topup-t1 has $1.00'],
    [
      'a refund that Stripe failed',
      as('RefundReported', { status: 'failed' }),
      'What came back of refund r-t1: topup-t1 has $2.00 (revision 7, RefundReported), account-a has none',
    ],
    [
      'the money that a dispute took',
      dispute,
      'What disputes withdrew of top-up t1: topup-t1 has none, account-a has $10.00 (revision 7, DisputeFundsWithdrawn)',
    ],
    [
      'the credit that a dispute took',
      cutAt('DisputeFundsWithdrawn'),
      'What disputes withdrew of top-up t1: topup-t1 has $10.00 (revision 8, BalanceTransactionBooked), account-a has none',
    ],
    [
      'a mismatch',
      without('PaymentMismatched'),
      'Payments that match no order, booked and seen, of top-up t1: topup-t1 has 1',
    ],
    [
      'what a re-rating run booked',
      and('rerating-r', 'AccountRerated', { accountId: 'a', charges: 1, difference: '1.00', at: AT }),
      'What an account was charged more by run r: rerating-r has $1.00 (revision 0, AccountRerated), account-a has none',
    ],
    [
      'the top-up of an invoice',
      (events) => and('invoices-2026', 'InvoiceIssued', invoice('10.00'))(without('TopupPaid')(events)),
      'What was invoiced of top-up t1: invoices-2026 has $10.00 (revision 0, InvoiceIssued), topup-t1 has none',
    ],
    [
      'a payout, after its day was compared with Stripe',
      and('reconciliation-2026-03-04', 'StripeDayCompared', compared(100)),
      'Revision 0 of reconciliation-2026-03-04 recorded that the ledger had 1.00 USD at Stripe until 2026-03-05T00:00:00.000Z; what was booked before it comes to 8.82 USD.',
    ],
  ])('%s', async (_what, edit, fault) => {
    expect((await faultsAfter(edit)).join('\n')).toContain(fault);
  });
});

describe('of one account', () => {
  it('names what it says and other streams do not, and not what they alone say', async () => {
    expect(await faultsAfter((events) => events, 'a')).toEqual([]);
    for (const [type, what] of [
      ['TopupPaid', 'What was paid for top-up t1: topup-t1 has none, account-a has $10.00'],
      ['RefundReported', 'What was paid out for refund r-t1: topup-t1 has none, account-a has $2.00'],
      ['BalanceTransactionBooked', 'What disputes withdrew of top-up t1: topup-t1 has none, account-a has $10.00'],
    ] as const)
      expect((await faultsAfter(cutAt(type), 'a')).join(' ')).toContain(what);
    expect(await faultsAfter(without('CreditNoteIssued'), 'a')).toEqual([]);
  });
});

it('takes a comparison for right that had not seen the last booking yet', async () => {
  const before = and('reconciliation-2026-03-04', 'StripeDayCompared', compared(941));
  expect(await faultsAfter(before)).toEqual([]);
});

it.each(['account-', 'topup-'])('looks again for what came after it had read %s', async (later) => {
  const check = new FactCheck(made.store);
  const states = new Map<string, unknown>();
  for (const event of made.events) {
    const kind = bookedStreamOf(event.stream);
    if (kind === undefined || event.stream.startsWith(later)) continue;
    const state = states.get(event.stream) ?? kind.initial();
    await check.take(event, state);
    states.set(event.stream, kind.evolve(state, event));
  }
  expect(check.open).toBeGreaterThan(0);
  await check.finish();
  expect(check.faults.said).toEqual([]);
});

it('finds a top-up that was never credited when the whole ledger is verified, and not when one account is', async () => {
  const other = await ledgerWithHistory();
  await other.open('a');
  const topups = new Topups(other.store);
  for (const step of [order({ topupId: 't2', accountId: 'a' }), open(), report({ orderId: 't2' })]) {
    await topups.execute('t2', { ...step, commandId: step.type, at: NOON });
  }
  await other.project();
  const found = (account?: string) => verify(other.store, other.readModels, { account });
  const faultsOf = async (account?: string) => (await found(account)).faults;
  expect(await faultsOf()).toEqual([expect.stringMatching('^What was paid for top-up t2: .*"tokenhub topup sync t2"')]);
  expect(await faultsOf('a')).toEqual([]);
  expect((await found('a')).warnings).toEqual([expect.stringContaining('a payment that it was never credited')]);
});
