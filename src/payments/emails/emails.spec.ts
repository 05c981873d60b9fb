// Each email states the amount, the currency, the reference to quote and what the customer can do.
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../event-store/index.js';
import { laidOut, type Language } from '../../platform/mail/index.js';
import type { Facts } from './email-data.js';
import { emailOf } from './emails.js';
import { type EmailRow, emailRows } from './emails.projection.js';

const AT = '2026-03-02T12:00:00.000Z';
const FACTS: Facts = {
  refundWindowDays: 7,
  credit: '10.00',
  paid: '72.00 CNY',
  back: '36.00 CNY',
  receipt: 'https://hub.example/api/topups/top/receipt',
  disputed: { topupId: 'top', amount: '10.00' },
  monthlyCeiling: '25.00',
  topupPage: 'https://hub.example/topup',
};

const recorded = (stream: string, type: string, data: object, id = 'event-1'): RecordedEvent => ({
  stream,
  type,
  id,
  position: 1,
  revision: 1,
  metadata: {},
  recordedAt: AT,
  data: { ...data, at: AT },
});

/** The row that these events come to. */
function rowOf(...events: readonly RecordedEvent[]): EmailRow {
  const ids = new Set(events.map((event) => emailRows.rowId(event)));
  const row = events.reduce<EmailRow | undefined>((before, event) => emailRows.step(before, event), undefined);
  if (ids.size !== 1 || ids.has(undefined) || row === undefined) throw new Error('these are not about one email');
  return row;
}

const ofAccount = (type: string, data: object) => rowOf(recorded('account-acc', type, data));
const refund = { refundId: 'ref', lotId: 'top', amount: '5.00' };
const dispute = { disputeId: 'du_1', lotId: 'top', amount: '10.00', reason: 'fraudulent' };

const textOf = (row: EmailRow, facts: Facts, language: Language): string => {
  const letter = emailOf(row, facts, language);
  return letter === undefined ? '' : laidOut(letter, language).text;
};

describe('an email about', () => {
  it.each<[string, EmailRow, subject: string, says: readonly string[]]>([
    [
      'a top-up',
      ofAccount('CreditPurchased', { lotId: 'top', topupId: 'top', amount: '10.00', expiresAt: AT }),
      'Your balance was topped up',
      ['$10.00 of credit', 'You paid 72.00 CNY for it.', 'Reference: top', FACTS.receipt ?? '', 'Until 7 days after'],
    ],
    [
      'a top-up that came to nothing',
      rowOf(recorded('topup-top', 'TopupFailed', { reason: 'stolen_card' })),
      'Your top-up was not paid',
      ['$10.00 of credit', 'of 72.00 CNY for', 'failed', 'The reason: the bank declined the card.', 'Reference: top'],
    ],
    [
      'a refund request that was taken back',
      ofAccount('RefundFailed', { ...refund, reason: 'withdrawn', withdrawnBy: 'ada' }),
      'Your refund request was withdrawn',
      ['refund $5.00 of token-hub credit was taken back', 'on your balance again', 'Reference: ref'],
    ],
    [
      'a low balance',
      rowOf(recorded('balance-alert-acc', 'BalanceFellLow', { threshold: '5.00', balance: '4.98' })),
      'Your balance is low',
      ['is $4.98, which is less than the $5.00', 'Top up: https://hub.example/topup', 'You get this email once'],
    ],
    [
      'calls that were priced again, for less',
      rowOf(recorded('rerating-run-1', 'AccountRerated', { accountId: 'acc', charges: 2, difference: '-0.50' })),
      'You got credit back',
      ['price of 2 calls', '$0.50 of credit is on your balance again', 'Reference: run-1'],
    ],
    [
      'a call that was priced again, for more',
      rowOf(recorded('rerating-run-1', 'AccountRerated', { accountId: 'acc', charges: 1, difference: '0.25' })),
      'Your calls were priced again',
      ['price of a call', '$0.25 more', 'Reference: run-1', 'If you don’t agree'],
    ],
    [
      'a refund that was paid',
      ofAccount('RefundCompleted', refund),
      'Your refund was paid',
      ['$5.00', '36.00 CNY back, the way', 'Reference: ref, of the top-up top', 'ten days'],
    ],
    [
      'a refund that was declined',
      ofAccount('RefundFailed', { ...refund, reason: 'declined', declinedBy: 'u', detail: 'It was used.' }),
      'Your refund was declined',
      ['$5.00', 'It was used.', 'Reference: ref', 'on your balance again'],
    ],
    [
      'a refund that Stripe could not pay',
      ofAccount('RefundFailed', { ...refund, reason: 'failed' }),
      'Your refund could not be paid',
      ['36.00 CNY for $5.00', 'could not be sent', 'Reference: ref', 'on your balance again'],
    ],
    [
      'a refund that a bank sent back',
      ofAccount('RefundFailed', { ...refund, reason: 'failed', completed: true }),
      'Your refund could not be paid',
      ['36.00 CNY for $5.00', 'returned to us'],
    ],
    [
      'a dispute, which freezes credit',
      ofAccount('DisputeOpened', { ...dispute, inquiry: false }),
      'A payment is disputed: your credit is frozen',
      ['72.00 CNY', '$10.00', 'fraudulent', 'calls with your keys are refused', 'Reference: du_1, of the top-up top'],
    ],
    [
      'an inquiry, which freezes nothing',
      ofAccount('DisputeOpened', { ...dispute, inquiry: true }),
      'Your bank asks about a payment',
      ['72.00 CNY', '$10.00', 'go on using your credit', 'Reference: du_1'],
    ],
    [
      'a dispute that was won',
      ofAccount('DisputeClosed', { disputeId: 'du_1', outcome: 'won' }),
      'The dispute of your payment is over',
      ['72.00 CNY for $10.00', 'its credit is yours again', 'Reference: du_1, of the top-up top'],
    ],
    [
      'a dispute that was lost',
      ofAccount('DisputeClosed', { disputeId: 'du_1', outcome: 'lost' }),
      'The dispute of your payment is over',
      ['its credit is gone', 'top up again'],
    ],
    [
      'a freeze by the staff',
      ofAccount('AccountSuspended', { reason: 'internal: looks like case 17' }),
      'Your account is suspended',
      ['refused', 'Your credit stays', 'Reference: acc'],
    ],
    ['its end', ofAccount('AccountReinstated', { reason: 'x' }), 'Your account is no longer suspended', ['acc']],
    [
      'a ceiling',
      rowOf(recorded('automatic-topup-acc', 'AutomaticTopupCeilingReached', { month: '2026-03' })),
      'Your monthly ceiling is reached',
      ['$25.00 a month'],
    ],
    [
      'a saved card that was declined',
      rowOf(
        recorded('automatic-topup-acc', 'AutomaticTopupOrdered', { topupId: 'top', credit: '10.00' }),
        recorded('automatic-topup-acc', 'AutomaticTopupEnded', { topupId: 'top', outcome: 'failed' }),
      ),
      'Your saved card was not charged',
      ['$10.00', 'Reference: top'],
    ],
  ])('%s', (_what, row, subject, says) => {
    const email = textOf(row, FACTS, 'en');
    expect(emailOf(row, FACTS, 'en')?.subject).toBe(subject);
    for (const part of says) expect(email).toContain(part);
    expect(email).not.toMatch(/undefined|case 17/);
    expect(row.accountId ?? row.topupId).toMatch(/^(acc|top)$/);
    // The email leaves out facts that are not known yet.
    expect(textOf(row, { refundWindowDays: 7 }, 'en')).not.toMatch(/undefined| {2}|CNY/);
    // The same amounts and ids, in Chinese.
    const chinese = textOf(row, FACTS, 'zh');
    expect(emailOf(row, FACTS, 'zh')?.subject).toMatch(/^[\p{Script=Han}：]+$/u);
    for (const figure of email.match(/\$[\d.]+|[\d.]+ CNY|https:\S+/g) ?? []) expect(chinese).toContain(figure);
    expect(`${chinese} ${textOf(row, { refundWindowDays: 7 }, 'zh')}`).not.toMatch(/undefined|CNY.*CNY.*CNY|case 17/);
  });
});

it.each([
  ['zh', 'product_not_received', '原因：未收到商品或服务。'],
  ['zh', 'a_reason_to_come', '原因：a_reason_to_come。'],
  ['en', 'product_not_received', 'Its reason is: product not received.'],
] as const)('an email in %s says why a bank disputes a payment: %s', (language, reason, words) =>
  expect(textOf(ofAccount('DisputeOpened', { ...dispute, reason }), FACTS, language)).toContain(words),
);

describe('the rows of emails', () => {
  const automatic = (type: string, data: object) => recorded('automatic-topup-acc', type, data, 'event-2');
  const ordered = automatic('AutomaticTopupOrdered', { topupId: 'top', credit: '10.00' });

  it('have the time of their event, and none while there is nothing to tell', () => {
    expect(ofAccount('RefundCompleted', refund)).toMatchObject({ letterId: 'event-1', at: AT });
    expect(rowOf(ordered)).not.toHaveProperty('at');
    const paid = automatic('AutomaticTopupEnded', { topupId: 'top', outcome: 'paid' });
    expect(rowOf(ordered, paid)).not.toHaveProperty('at'); // its purchase is told
    expect(emailOf(rowOf(ordered), FACTS, 'en')).toBeUndefined();
    const failed = rowOf(recorded('topup-top', 'TopupFailed', { reason: 'x' }));
    expect(emailOf(failed, { ...FACTS, automatic: true }, 'en')).toBeUndefined(); // its end is told
  });

  it('are of no other events, nor of those in other streams', () => {
    const others = [
      recorded('account-acc', 'RefundRequested', refund),
      recorded('account-acc', 'TokensCharged', {}),
      recorded('topup-top', 'CreditPurchased', {}),
      recorded('account-acc', 'AutomaticTopupEnded', { topupId: 'top' }),
    ];
    expect(others.map((event) => emailRows.rowId(event))).toEqual(others.map(() => undefined));
  });
});
