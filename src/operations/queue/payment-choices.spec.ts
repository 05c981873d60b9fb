// What waits of payments, refunds, webhooks and the reconciliation, and what is done about it.
import { beforeEach, describe, expect, it } from 'vitest';
import { MODEL, QueueDesk } from '../../../test/support/operations/queue-desk.js';
import { DAY_MS, usd } from '../../kernel/index.js';
import { ProviderBills } from '../../reconciliation/index.js';
import { lineIdOf } from '../../reconciliation/providers/provider-bills.projection.js';
import { sentenceOf } from './effect.js';

let desk: QueueDesk;
let session: string;
beforeEach(async () => {
  desk = await new QueueDesk().open();
  session = desk.sessions[0] ?? '';
});
const kinds = async () => (await desk.items({ accountId: 'acc0' })).map(({ kind }) => kind);
const typesOf = async (stream: string) => (await desk.store.readStream(stream, 0, 100)).map(({ type }) => type);
const lastOf = async (stream: string) => (await desk.store.readStream(stream, 0, 1_000)).at(-1);
const paid = async () => {
  desk.provider.pay(session, 'paid');
  await desk.sync.sync('topup0');
};

describe('a top-up without news', () => {
  beforeEach(() => desk.clock.pass(DAY_MS + 60_000));

  it('is asked about in the name of a person, after its effect was shown: what was paid is credited', async () => {
    desk.provider.pay(session, 'paid');
    expect(await kinds()).toEqual(['unsettled_topup']);
    const effect = await desk.effect('topup0', 'sync');
    expect(sentenceOf(effect)).toBe('The balance goes from $5.00 to $15.00.');
    expect(await typesOf('topup-topup0')).not.toContain('TopupPaid');
    const recorded = await desk.choose('topup0', 'sync');
    expect(recorded).toEqual(effect.events.map(({ type }) => type));
    expect(recorded[0]).toBe('TopupSyncRequested');
    expect(await desk.balance()).toBe('15.00');
    expect(await kinds()).toEqual([]);
  });

  it('still waits when Stripe knows nothing new, until it is dismissed as it stands', async () => {
    expect(await desk.choose('topup0', 'sync')).toEqual(['TopupSyncRequested']);
    expect(await kinds()).toEqual(['unsettled_topup']);
    expect(await desk.choose('topup0', 'dismiss')).toEqual(['QueueItemDismissed']);
    expect(await kinds()).toEqual([]);
    desk.provider.pay(session, 'pending');
    await desk.sync.sync('topup0');
    desk.clock.pass(DAY_MS + 60_000);
    expect(await kinds()).toEqual(['unsettled_topup']);
  });
});

it('a payment that is not what was ordered waits until it is dismissed', async () => {
  desk.provider.pay(session, 'paid', 999);
  await desk.sync.sync('topup0');
  const [item] = await desk.items({ accountId: 'acc0' });
  expect(item).toMatchObject({ kind: 'payment_mismatch', accountId: 'acc0', state: 'amount 999' });
  await desk.choose(item?.id ?? '', 'dismiss');
  expect(await kinds()).toEqual([]);
});

it('a warning of fraud is met by a refund, which finance approves, and waits no longer', async () => {
  await paid();
  desk.provider.warn(session);
  await desk.sync.sync('topup0');
  const [item] = await desk.items({ accountId: 'acc0' });
  expect(await desk.choose(item?.id ?? '', 'suspend')).toEqual(['AccountSuspended']);
  const effect = await desk.effect(item?.id ?? '', 'refund');
  expect(sentenceOf(effect)).toBe('The balance goes from $15.00 to $5.00.');
  expect(await desk.choose(item?.id ?? '', 'refund')).toEqual(['RefundRequested', 'QueueChoiceMade']);
  expect(await kinds()).toEqual(['requested_refund']);
});

describe('a refund', () => {
  const refundId = async () => {
    await desk.project();
    return (await desk.items({ kind: 'requested_refund' }))[0]?.id ?? '';
  };
  const asked = async () => {
    await paid();
    const terms = { requestId: 'q', parts: [{ refundId: 'ref', lotId: 'topup0' }], windowMs: DAY_MS };
    await desk.tell('acc0', { type: 'RequestRefund', ...terms, requestedBy: 'ada', reason: 'unused' });
    return refundId();
  };

  it('is approved by somebody else, once, with a reason; its preview sends nothing', async () => {
    const id = await asked();
    expect((await desk.effect(id, 'approve', 'ada')).refused?.code).toBe('second_person_needed');
    await desk.effect(id, 'approve', 'fay');
    expect(desk.provider.payments.get(session)?.refunds).toEqual([]);
    const seen = await desk.item(id);
    const outcomes = await Promise.all(['fay', 'finn'].map((by) => desk.chooseOf(seen, 'approve', by)));
    expect(outcomes.filter((outcome) => outcome[0] === 'RefundApproved')).toHaveLength(1);
    expect(desk.provider.payments.get(session)?.refunds).toHaveLength(1);
    const approved = (await desk.store.readStream('account-acc0', 0, 100)).find(
      ({ type }) => type === 'RefundApproved',
    );
    expect(String(approved?.data['reason'])).toContain('says so');
  });

  it('that Stripe does not end is ended by hand by two people', async () => {
    const id = await asked();
    await desk.choose(id, 'approve', 'fay');
    desk.clock.pass(DAY_MS + 60_000);
    expect((await desk.item(id)).kind).toBe('unsent_refund');
    const effect = await desk.effect(id, 'fail', 'fay');
    expect(sentenceOf(effect)).toBe('The balance goes from $5.00 to $15.00.');
    expect(await desk.choose(id, 'fail', 'fay')).toEqual(['RefundEndProposed']);
    expect(await desk.choose(id, 'approve', 'fay')).toBe('second_person_needed');
    expect(await desk.choose(id, 'approve', 'finn')).toEqual(['RefundFailed', 'RefundReported']);
    expect(await desk.balance()).toBe('15.00');
    const byHand = { actor: 'fay', reason: 'fay says so', approvedBy: 'finn', approvalReason: 'finn says so' };
    expect(await lastOf('account-acc0')).toMatchObject({ type: 'RefundFailed', data: { byHand } });
  });

  it('has one proposal of how it ends, which waits at once, is seen before it is approved, and can be declined', async () => {
    const id = await asked();
    await desk.choose(id, 'approve', 'fay');
    desk.clock.pass(DAY_MS + 60_000);
    await desk.choose(id, 'complete_outside', 'fay');
    const seen = await desk.item(id);
    expect(await desk.offered(id)).toEqual(['sync', 'approve', 'decline']);
    expect(desk.choices.find(seen, 'approve').does).toContain('paid from our bank');
    expect(seen.known).toContain('fay proposes that it is completed outside: fay says so');
    expect(await desk.choose(id, 'decline', 'finn')).toEqual(['RefundEndDeclined']);
    expect(await lastOf('account-acc0')).toMatchObject({ data: { declinedBy: 'finn', reason: 'finn says so' } });
    expect(await desk.offered(id)).toEqual(['sync', 'complete', 'complete_outside', 'fail']);
    desk.clock.pass(1);
    await desk.choose(id, 'fail', 'fay');
    expect(await desk.chooseOf(seen, 'approve', 'finn')).toBe('proposed_anew');
    expect((await desk.item(id)).state).not.toBe(seen.state);
    expect(await desk.choose(id, 'approve', 'finn')).toEqual(['RefundFailed', 'RefundReported']);
  });

  it('is the decision of finance', async () => {
    const id = await asked();
    const item = await desk.item(id);
    const decision = { who: { by: 'olga', reason: 'why' }, input: {}, roles: ['operator'] } as const;
    await expect(desk.choices.choose(item, 'approve', decision)).rejects.toThrow('the role finance');
    await expect(desk.choices.choose(item, 'decline', { ...decision, roles: ['finance'] })).resolves.toMatchObject([
      { type: 'RefundFailed' },
    ]);
  });
});

it('a webhook that failed is replayed in the name of a person, and waits no longer', async () => {
  desk.provider.pay(session, 'paid');
  desk.store.dieIn = 2;
  const hint = { type: 'topup', topupId: 'topup0' } as const;
  const notice = { eventId: 'evt_1', eventType: 'checkout.session.completed', hint };
  await expect(desk.webhooks.follow(hint, [notice])).rejects.toThrow('died');
  expect((await desk.items({ kind: 'failed_webhook' })).map(({ known }) => known)).toEqual([
    "Stripe's event evt_1 (checkout.session.completed, top-up topup0) could not be followed up: died",
  ]);
  expect(sentenceOf(await desk.effect('evt_1', 'replay'))).toBe('The balance goes from $5.00 to $15.00.');
  const recorded = await desk.choose('evt_1', 'replay');
  expect([recorded[0], recorded.at(-1)]).toEqual(['WebhookReplayed', 'WebhookProcessed']);
  expect(await desk.items({ kind: 'failed_webhook' })).toEqual([]);
});

it('a dispute waits with its deadline, until it is dismissed, and comes back when the bank takes the money', async () => {
  await paid();
  desk.provider.dispute(session, true, 100);
  const [dispute] = desk.provider.payments.get(session)?.disputes ?? [];
  Object.assign(dispute ?? {}, { evidenceDueAt: Date.UTC(2026, 2, 11) });
  await desk.sync.sync('topup0');
  const [item] = await desk.items({ accountId: 'acc0' });
  expect(item).toMatchObject({ kind: 'open_dispute', dueAt: '2026-03-11T00:00:00.000Z' });
  await desk.choose(item?.id ?? '', 'dismiss');
  expect(await kinds()).toEqual([]);
  await desk.tell('acc0', {
    type: 'RecordDispute',
    disputeId: item?.id ?? '',
    lotId: 'topup0',
    amount: usd('10'),
    reason: 'fraudulent',
    inquiry: false,
    withdrawn: usd('10'),
    reinstated: usd('0'),
  });
  expect(await kinds()).toEqual(['open_dispute']);
});

describe('what does not agree with Stripe', () => {
  const SIDES = {
    status: 'theirs_only',
    date: '2026-03-01T10:00:00.000Z',
    theirs: [],
    ours: [],
    differences: [],
    corrections: [{ currency: 'usd', amountMinor: -35, feeMinor: 0 }],
  } as const;

  it('is told with its amounts, what it is at Stripe, and whose it is', async () => {
    const money = { currency: 'eur', amountMinor: 10_000, feeMinor: 320 };
    const at = { balanceTransactionId: 'txn_1', createdAt: SIDES.date, category: 'charge', sourceId: 'ch_1' };
    const theirs = [{ ...money, ...at, paymentIntentId: 'pi_1', topupId: 'top1' }];
    await desk.reconciliations.recordItem('2026-03-01', 'txn_1', { ...SIDES, theirs, corrections: [money] } as never);
    const { known, facts } = await desk.item('txn_1');
    expect(known).toBe(
      'Stripe and the ledger do not agree on a transaction of 2026-03-01: theirs_only. Stripe has 100.00 EUR with a fee of 3.20 EUR (charge, ch_1, pi_1, top-up top1); the ledger has nothing.',
    );
    expect(facts).toMatchObject({
      stripe_amount: '100.00 EUR',
      stripe_fee: '3.20 EUR',
      ledger_amount: undefined,
      category: 'charge',
      payment_intent: 'pi_1',
      topup: 'top1',
    });
    const ours = [{ currency: 'eur', amountMinor: -500, feeMinor: 0 }];
    await desk.reconciliations.recordItem('2026-03-01', 'txn_2', {
      ...SIDES,
      status: 'ours_only',
      ours,
      corrections: ours,
    } as never);
    expect((await desk.item('txn_2')).known).toMatch(
      /Stripe has nothing; the ledger has -5.00 EUR with a fee of 0.00 EUR.$/,
    );
  });

  it('is closed as one person proposes and another approves, with what is booked shown before', async () => {
    await desk.reconciliations.recordItem('2026-03-01', 'txn_1', SIDES as never);
    const effect = await desk.effect('txn_1', 'write_off', 'fay');
    expect(effect.postings).toContainEqual({ account: 'expenses:written-off', currency: 'USD', amount: '0.35' });
    expect(await desk.choose('txn_1', 'settle_topup', 'fay')).toBe('input_needed');
    expect(await desk.choose('txn_1', 'write_off', 'fay')).toEqual(['ResolutionRequested']);
    expect(await desk.offered('txn_1')).toEqual(['approve', 'decline']);
    expect(await desk.choose('txn_1', 'approve', 'fay')).toBe('second_person_needed');
    expect(await desk.choose('txn_1', 'approve', 'finn')).toEqual(['ResolutionApproved']);
    expect(await lastOf('reconciliation-2026-03-01')).toMatchObject({
      data: { reason: 'fay says so', approvalReason: 'finn says so' },
    });
    expect(await desk.items({ kind: 'stripe_item' })).toEqual([]);
  });

  it('is not closed by who has seen another proposal', async () => {
    await desk.reconciliations.recordItem('2026-03-01', 'txn_1', SIDES as never);
    await desk.choose('txn_1', 'write_off', 'fay');
    const seen = await desk.item('txn_1');
    await desk.choose('txn_1', 'decline', 'finn');
    desk.clock.pass(1);
    await desk.choose('txn_1', 'write_off', 'fay');
    expect(await desk.chooseOf(seen, 'approve', 'finn')).toBe('proposed_anew');
  });
});

describe('what a provider bills otherwise', () => {
  const DAY = '2026-03-01';
  const id = lineIdOf({ channel: 'openai', day: DAY, model: MODEL });
  beforeEach(async () => {
    const bill = { format: 'csv', channel: 'openai', configured: ['openai'], tolerance: usd('0.01') } as const;
    const files = [{ name: 'bill.csv', text: `day,model,cost\n${DAY},${MODEL},0.25\n` }];
    await new ProviderBills(desk.store, desk.clock).import({ ...bill, files }, 'fay');
  });

  it('is closed as one person proposes and another approves, with the reasons of both', async () => {
    expect(await desk.offered(id)).toEqual(['book', 'keep']);
    expect((await desk.effect(id, 'book', 'fay')).postings).toContainEqual({
      account: 'expenses:providers',
      currency: 'USD',
      amount: '0.25',
    });
    expect(await desk.choose(id, 'book', 'fay')).toEqual(['ProviderDifferenceProposed']);
    expect(await desk.offered(id)).toEqual(['approve', 'decline']);
    expect(await desk.choose(id, 'approve', 'fay')).toBe('second_person_needed');
    expect(await desk.choose(id, 'approve', 'finn')).toEqual(['ProviderDifferenceAccepted']);
    expect(await lastOf('provider-bills-openai')).toMatchObject({
      data: { reason: 'fay says so', approvedBy: 'finn', approvalReason: 'finn says so' },
    });
  });

  it('stays open when a proposal is declined; who saw that one does not approve the next', async () => {
    await desk.choose(id, 'book', 'fay');
    const seen = await desk.item(id);
    expect(await desk.choose(id, 'decline', 'finn')).toEqual(['ProviderDifferenceDeclined']);
    expect(await desk.offered(id)).toEqual(['book', 'keep']);
    desk.clock.pass(1);
    await desk.choose(id, 'keep', 'fay');
    expect(await desk.chooseOf(seen, 'approve', 'finn')).toBe('proposed_anew');
    expect(await desk.items({ kind: 'provider_difference' })).toMatchObject([{ about: { state: 'proposed' } }]);
  });
});

it('a choice is of the item as it was shown, and of those that it has', async () => {
  desk.clock.pass(DAY_MS + 60_000);
  const item = await desk.item('topup0');
  const decision = { who: { by: 'olga', reason: 'why' }, input: {} };
  await expect(desk.choices.choose(item, 'sync', { ...decision, state: 'otherwise' })).rejects.toThrow('has changed');
  await expect(desk.choices.choose(item, 'delete', decision)).rejects.toThrow(
    'no choice "delete" now, but sync, dismiss',
  );
  await expect(desk.choices.choose(item, 'sync', { ...decision, input: { amount: usd('1') } })).rejects.toThrow(
    'takes no amount',
  );
});
