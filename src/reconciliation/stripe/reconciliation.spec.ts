import { expect, describe, it } from 'vitest';
import { Rejection, toInstant, type Unissued } from '../../kernel/index.js';
import { addPostings, type Totals, trialBalance } from '../../ledger/index.js';
import { reconciliationPostings } from './postings.js';
import {
  type Comparison,
  type ItemSides,
  type ReconciliationEvent,
  reconciliationEventSchemas,
} from './reconciliation.events.js';
import { reconciliation, type ReconciliationCommand } from './reconciliation.js';

type Given = Unissued<ReconciliationCommand>;

const NOON = Date.parse('2026-03-02T12:00:00.000Z');

const given = (...past: readonly Given[]) => {
  const state = past.reduce((folded, command) => {
    const events = decided(command, folded);
    if (events instanceof Rejection) throw new Error(`given: ${events.message}`);
    return events.reduce((each, event) => reconciliation.evolve(each, event), folded);
  }, reconciliation.initial());
  return {
    state,
    when(command: Given) {
      const outcome = decided(command, state);
      return {
        emits: (type: ReconciliationEvent['type'], data: object = {}) =>
          expect(outcome).toMatchObject([{ type, data }]),
        emitsNothing: () => expect(outcome).toEqual([]),
        refuses: (code: string) => expect(outcome).toMatchObject({ code }),
        books: () => booked(outcome as readonly ReconciliationEvent[]),
      };
    },
  };
};

function decided(command: Given, state: ReturnType<typeof reconciliation.initial>) {
  const outcome = reconciliation.decide({ ...command, commandId: 'c', at: NOON }, state);
  if (outcome instanceof Rejection) return outcome;
  for (const { type, data } of outcome) reconciliationEventSchemas[type].parse(data);
  return outcome;
}

function booked(events: readonly ReconciliationEvent[]): Record<string, string> {
  const totals: Totals = new Map();
  for (const event of events) addPostings(totals, reconciliationPostings(event));
  return Object.fromEntries(
    trialBalance(totals).map(({ account, currency, balance }) => [`${account} ${currency}`, balance]),
  );
}

const foreign = {
  balanceTransactionId: 'txn_9',
  createdAt: toInstant(NOON),
  currency: 'usd',
  amountMinor: 5_000,
  feeMinor: 175,
  category: 'charge',
};

const sides = (more: Partial<ItemSides> = {}): ItemSides => ({
  status: 'theirs_only',
  date: toInstant(NOON),
  theirs: [foreign],
  ours: [],
  differences: [],
  corrections: [{ currency: 'usd', amountMinor: 5_000, feeMinor: 175 }],
  ...more,
});

const open = (more: Partial<ItemSides> = {}): Given => ({ type: 'RecordItem', itemId: 'txn_9', sides: sides(more) });
const agreement = { theirs: [foreign], ours: [{ currency: 'usd', amountMinor: 5_000, feeMinor: 175 }] };
const agree: Given = { type: 'RecordMatch', itemId: 'txn_9', agreement };
const propose = (more: Partial<Extract<Given, { type: 'RequestResolution' }>> = {}): Given => ({
  type: 'RequestResolution',
  itemId: 'txn_9',
  action: 'foreign_payment',
  reason: 'Invoice 1001',
  requestedBy: 'ada',
  ...more,
});
const approve = (approvedBy: string, more: { reason?: string; proposedAt?: string } = {}): Given => ({
  type: 'ApproveResolution',
  itemId: 'txn_9',
  approvedBy,
  ...more,
});
const decline: Given = { type: 'DeclineResolution', itemId: 'txn_9', declinedBy: 'bob', reason: 'It is a fee' };

const comparison: Comparison = {
  day: '2026-03-01',
  source: 'api',
  counts: { matched: 1, pending: 0, ours_only: 0, theirs_only: 0, differs: 0, resolved: 0 },
  totals: [],
};

describe('the reconciliation of a day', () => {
  it('records a comparison once, and again when it has news', () => {
    const record: Given = { type: 'RecordComparison', comparison };
    given().when(record).emits('StripeDayCompared');
    given(record).when(record).emitsNothing();
    const news = { ...comparison, counts: { ...comparison.counts, matched: 2 } };
    given(record).when({ type: 'RecordComparison', comparison: news }).emits('StripeDayCompared', news);
  });

  it('opens an item once, and again when its sides have changed', () => {
    given().when(open()).emits('ReconciliationItemOpened', { status: 'theirs_only' });
    given(open()).when(open()).emitsNothing();
    given(open({ status: 'pending' }))
      .when(open())
      .emits('ReconciliationItemOpened', { status: 'theirs_only' });
  });

  it('closes an open item when the sides agree, and says nothing of one that always agreed', () => {
    given(open()).when(agree).emits('ReconciliationItemMatched', agreement);
    given().when(agree).emitsNothing();
    given(open(), agree).when(agree).emitsNothing();
  });

  it('closes an item by two people', () => {
    given(open()).when(propose()).emits('ResolutionRequested', { requestedBy: 'ada' });
    given(open(), propose()).when(propose()).emitsNothing();
    given(open(), propose()).when(approve('ada')).refuses('second_person_needed');
    given(open(), propose())
      .when(approve('bob'))
      .emits('ResolutionApproved', { requestedBy: 'ada', approvedBy: 'bob' });
    given(open(), propose(), approve('bob')).when(approve('bob')).emitsNothing();
  });

  it('closes an item with the reasons of both', () =>
    given(open(), propose())
      .when(approve('bob', { reason: 'It is theirs' }))
      .emits('ResolutionApproved', { reason: 'Invoice 1001', approvalReason: 'It is theirs' }));

  it('closes an item as was looked at, not as was proposed anew', () => {
    given(open(), propose())
      .when(approve('bob', { proposedAt: toInstant(NOON - 1) }))
      .refuses('proposed_anew');
    given(open(), propose())
      .when(approve('bob', { proposedAt: toInstant(NOON) }))
      .emits('ResolutionApproved');
  });

  it('closes an item with what it settles, and where that is shown', () => {
    const more = { action: 'settle_topup', topupId: 'top', evidence: 'ticket 12' } as const;
    given(open()).when(propose(more)).emits('ResolutionRequested', more);
    given(open(), propose(more))
      .when(approve('bob'))
      .emits('ResolutionApproved', { ...more, balanceTransactionId: 'txn_9' });
  });

  it('closes a payout under its own name', () => {
    const [payout, of] = [{ itemId: 'po_1' }, { type: 'RecordItem', itemId: 'po_1', sides: sides() } as const];
    given(of, propose(payout))
      .when({ ...approve('bob'), ...payout })
      .emits('ResolutionApproved', { payoutId: 'po_1' });
  });

  it('refuses to close what is not open, not proposed, or too young', () => {
    given().when(propose()).refuses('item_not_found');
    given().when(approve('bob')).refuses('item_not_found');
    given().when(decline).refuses('item_not_found');
    given(open(), agree).when(propose()).refuses('item_closed');
    given(open(), agree).when(approve('bob')).refuses('item_closed');
    given(open(), propose(), approve('bob')).when(decline).refuses('item_closed');
    given(open()).when(approve('bob')).refuses('nothing_to_approve');
    given(open({ status: 'pending' }))
      .when(propose())
      .refuses('item_pending');
  });

  it('takes one proposal at a time, and another when the first is declined', () => {
    given(open(), propose())
      .when(propose({ action: 'write_off' }))
      .refuses('resolution_requested');
    given(open(), propose(), decline)
      .when(propose({ action: 'write_off' }))
      .emits('ResolutionRequested');
    given(open()).when(decline).emitsNothing();
  });

  it('forgets a proposal about an item that has changed since', () =>
    given(open(), propose(), open({ corrections: [{ currency: 'usd', amountMinor: 1, feeMinor: 0 }] }))
      .when(approve('bob'))
      .refuses('nothing_to_approve'));

  it('asks for a top-up with settle_topup alone, and only in USD', () => {
    given(open())
      .when(propose({ action: 'settle_topup' }))
      .refuses('invalid_topup');
    given(open())
      .when(propose({ topupId: 'top' }))
      .refuses('invalid_topup');
    const yuan = { currency: 'cny', amountMinor: 5_000, feeMinor: 0 };
    for (const corrections of [[yuan], [...sides().corrections, yuan]])
      given(open({ corrections }))
        .when(propose({ action: 'settle_topup', topupId: 'top' }))
        .refuses('invalid_currency');
  });

  it('leaves explained items alone until their difference changes', () => {
    const explained = [open(), propose({ action: 'explain' }), approve('bob')];
    given(...explained)
      .when(open())
      .emitsNothing();
    given(...explained)
      .when(open({ corrections: [{ currency: 'usd', amountMinor: 4_000, feeMinor: 175 }] }))
      .emits('ReconciliationItemOpened');
  });
});

describe('the history of a day', () => {
  const at = toInstant(NOON);
  const request = { itemId: 'txn_9', action: 'explain', reason: 'why', requestedBy: 'ada', at } as const;
  const approved = { ...request, approvedBy: 'bob', date: at, corrections: [], balanceTransactionId: 'txn_9' };

  it('never goes back in time, though a clock does', () => {
    const { state } = given(open(), propose());
    const command = { ...decline, commandId: 'c', at: NOON - 5_000 };
    expect(reconciliation.decide(command, state)).toMatchObject([{ data: { at } }]);
  });

  it.each<[string, ReconciliationEvent]>([
    ['an instant before the last one', { type: 'ResolutionRequested', data: { ...request, at: toInstant(NOON - 1) } }],
    ['an approval by who proposed it', { type: 'ResolutionApproved', data: { ...approved, approvedBy: 'ada' } }],
    ['an item that nobody opened', { type: 'ResolutionRequested', data: { ...request, itemId: 'txn_1' } }],
  ])('throws at %s', (_what, event) =>
    expect(() => reconciliation.evolve(given(open(), propose()).state, event)).toThrow('impossible'),
  );
});

describe('an approved resolution', () => {
  const approved = (more: Parameters<typeof propose>[0], of: Partial<ItemSides> = {}) =>
    given(open(of), propose(more)).when(approve('bob')).books();

  it.each([
    ['foreign_payment', 'liabilities:payments:unmatched'],
    ['write_off', 'expenses:written-off'],
    ['bank_transfer', 'assets:bank'],
  ] as const)('books %s against %s', (action, account) =>
    expect(approved({ action })).toEqual({
      'assets:stripe:balance USD': '48.25',
      'expenses:stripe:fees USD': '1.75',
      [`${account} USD`]: '-50.00',
    }),
  );

  it('settles what a top-up left in clearing', () =>
    expect(approved({ action: 'settle_topup', topupId: 'top' })).toMatchObject({
      'assets:stripe:clearing USD': '-50.00',
    }));

  it('books a fee of Stripe’s as one', () =>
    expect(
      approved({ action: 'stripe_fee' }, { corrections: [{ currency: 'usd', amountMinor: -150, feeMinor: 0 }] }),
    ).toEqual({ 'assets:stripe:balance USD': '-1.50', 'expenses:stripe:fees USD': '1.50' }));

  it('takes back what Stripe does not have, in each currency', () =>
    expect(
      approved(
        { action: 'write_off' },
        {
          corrections: [
            { currency: 'jpy', amountMinor: -500, feeMinor: -18 },
            { currency: 'usd', amountMinor: 350, feeMinor: 12 },
          ],
        },
      ),
    ).toEqual({
      'assets:stripe:balance JPY': '-482.00',
      'assets:stripe:balance USD': '3.38',
      'expenses:stripe:fees JPY': '-18.00',
      'expenses:stripe:fees USD': '0.12',
      'expenses:written-off JPY': '500.00',
      'expenses:written-off USD': '-3.50',
    }));

  it('books nothing where it only explains', () => expect(approved({ action: 'explain' })).toEqual({}));
});
