// Buying credit and what follows from it, over answers of /api.
import { Notifications } from '@mantine/notifications';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answers, failure, FakeApi, show } from '../../../test/render.tsx';
import { changeLanguage } from '../../app/i18n.ts';
import { BuyCredit } from './buy-credit.tsx';
import { CheckoutReturn } from './checkout-return.tsx';
import { Refunds } from './refunds.tsx';
import { Topups } from './topups.tsx';

const user = userEvent.setup();
const HOUR_MS = 3_600_000;
const later = new Date(Date.now() + HOUR_MS).toISOString();

const OPTIONS = {
  presets: ['5.00', '10.00', '50.00', '100.00'],
  floor: '5.00',
  max: '5000.00',
  currencies: ['usd', 'cny'],
  refund_window_days: 7,
};
const price = (credit: string, currency: string, amount: string, minor: number, quote: object | null = null) => ({
  object: 'topup_price',
  credit,
  currency,
  price: amount,
  price_minor: minor,
  quote,
});
const QUOTE = { numerator: 720, denominator: 100, rate: '7.20', source: 'configured', expires_at: later };
const quoteOf = (amount: string, currency = 'usd') => `GET /api/topups/quote?amount=${amount}&currency=${currency}`;
const TOPUP = {
  id: 'top',
  object: 'topup',
  status: 'ordered',
  credit: '10.00',
  currency: 'cny',
  price: '72.00',
  automatic: false,
  ordered_at: '2026-11-29T12:00:00.000Z',
  expires_at: later,
  failure: null,
  receipt_url: null,
  refundable: '0.00',
  refundable_until: null,
  not_refundable: 'not_paid',
  refunds: [],
};
const PAID = { ...TOPUP, status: 'paid', receipt_url: '/api/topups/top/receipt' };
const list = (...data: readonly object[]) => ({ object: 'list', data, has_more: false, next_cursor: null });
const TOPUPS = 'GET /api/topups?limit=10';
const REFUNDS = 'GET /api/refunds?limit=10';

let fake: FakeApi;
const answers = (more: Answers) => (fake = new FakeApi(more));
const lastSent = () => {
  const { route, body } = fake.sent.at(-1) ?? {};
  return [route, body];
};
const click = async (name: string) => user.click(await screen.findByRole('button', { name }));
beforeEach(() => localStorage.clear());

describe('buying credit', () => {
  it('shows the price in yuan with its rate and how long it holds, and orders at that price', async () => {
    answers({
      'GET /api/topups/options': OPTIONS,
      [quoteOf('10.00')]: price('10.00', 'usd', '10.00', 1_000),
      [quoteOf('10.00', 'cny')]: price('10.00', 'cny', '72.00', 7_200, QUOTE),
      'POST /api/topups': failure(409, 'price_changed', 'The price has changed since you were shown it.'),
    });
    await show(<BuyCredit />);
    await screen.findByRole('button', { name: 'Pay $10.00 with Stripe' });
    await user.click(screen.getByLabelText('Chinese yuan'));
    await screen.findByText(/set by token-hub/);
    expect(screen.getByText('¥7.20')).toBeDefined();
    expect(screen.getByRole('timer').textContent).toMatch(/^(60:00|59:5\d)$/);
    await click('Pay ¥72.00 with Stripe');
    expect((await screen.findByRole('alert')).textContent).toContain('The price has changed');
    const body = { amount: '10.00', currency: 'cny', save_card: false, price_minor: 7_200 };
    expect(lastSent()).toEqual(['POST /api/topups', body]);
  });

  it('orders once, however long the checkout takes to come, and anew when the browser comes back', async () => {
    answers({
      'GET /api/topups/options': OPTIONS,
      [quoteOf('10.00')]: price('10.00', 'usd', '10.00', 1_000),
      'POST /api/topups': { ...TOPUP, checkout_url: '#checkout' },
    });
    await show(<BuyCredit />);
    await click('Pay $10.00 with Stripe');
    await waitFor(() => expect(window.location.hash).toBe('#checkout'));
    const pay = screen.getByRole('button', { name: 'Pay $10.00 with Stripe' });
    await user.click(pay);
    expect(fake.sent).toHaveLength(1);
    act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await waitFor(() => expect(pay).toHaveProperty('disabled', false));
  });

  it('says so when an order that is sent again can’t be paid any more', async () => {
    answers({
      'GET /api/topups/options': { ...OPTIONS, currencies: ['usd'] },
      [quoteOf('10.00')]: price('10.00', 'usd', '10.00', 1_000),
      'POST /api/topups': { ...TOPUP, checkout_url: null },
    });
    await show(
      <>
        <Notifications />
        <BuyCredit />
      </>,
    );
    await click('Pay $10.00 with Stripe');
    expect(await screen.findByText('This top-up can’t be paid any more. Order it again.')).toBeDefined();
  });

  it('says in the words of the API what is wrong with another amount', async () => {
    answers({
      'GET /api/topups/options': OPTIONS,
      [quoteOf('10.00')]: price('10.00', 'usd', '10.00', 1_000),
      [quoteOf('4')]: failure(400, 'invalid_amount', 'A top-up must be from $5.00 to $5000.00.'),
    });
    await show(<BuyCredit />);
    await user.click(await screen.findByRole('radio', { name: 'Other' }));
    await user.type(screen.getByLabelText('Amount'), '4');
    await screen.findByText('A top-up must be from $5.00 to $5000.00.');
    expect(screen.getByRole('button', { name: 'Pay with Stripe' })).toHaveProperty('disabled', true);
    await user.type(screen.getByLabelText('Amount'), 'x');
    await screen.findByText('Write an amount such as 25 or 25.50.');
  });
});

describe('coming back from the checkout', () => {
  it('waits until the credit is there', async () => {
    const route = 'GET /api/topups/top?refresh=true';
    answers({ [route]: TOPUP });
    await show(<CheckoutReturn id="top" isBack={false} />);
    await screen.findByText('Waiting for the payment');
    fake.answers = { [route]: PAID };
    await screen.findByText('Thank you');
    expect(screen.getByRole('link', { name: 'Receipt' }).getAttribute('href')).toBe('/api/topups/top/receipt');
  });

  it('shows a payment that came to nothing below, too', async () => {
    const route = 'GET /api/topups/top?refresh=true';
    const pending = { ...TOPUP, status: 'pending' };
    answers({ [route]: pending, [TOPUPS]: list(pending) });
    await show(
      <>
        <CheckoutReturn id="top" isBack={false} />
        <Topups />
      </>,
    );
    await screen.findByText('Payment being processed');
    const failed = { ...TOPUP, status: 'failed', failure: 'payment_failed' };
    fake.answers = { [route]: failed, [TOPUPS]: list(failed) };
    await screen.findByText('The payment failed');
    expect(await screen.findByText('Payment failed')).toBeDefined();
  });

  it('without a payment offers to pay or to cancel, and cancels once it is sure', async () => {
    answers({
      'GET /api/topups/top?refresh=true': TOPUP,
      'POST /api/topups/top/cancel': { ...TOPUP, status: 'canceled' },
    });
    await show(<CheckoutReturn id="top" isBack />);
    await screen.findByText('Not paid yet');
    expect(screen.getByRole('button', { name: 'Pay now' })).toBeDefined();
    await click('Cancel');
    fake.answers = { ...fake.answers, 'GET /api/topups/top?refresh=true': { ...TOPUP, status: 'canceled' } };
    await click('Cancel the top-up');
    await screen.findByText('Canceled');
    expect(lastSent()).toEqual(['POST /api/topups/top/cancel', undefined]);
  });
});

describe('top-ups and refunds', () => {
  it('say in words how they stand, and why one can’t be refunded', async () => {
    const over = { refundable_until: '2026-11-01T00:00:00.000Z', not_refundable: 'refund_window_over' };
    answers({ [TOPUPS]: list({ ...PAID, ...over }, { ...TOPUP, id: 't2', status: 'expired' }) });
    await show(<Topups />);
    await screen.findByText('No: bought too long ago');
    expect(screen.getByText('Not paid in time')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Refund' })).toBeNull();
  });

  it('say in both languages why a card was not charged', async () => {
    answers({ [TOPUPS]: list({ ...TOPUP, status: 'failed', failure: 'insufficient_funds' }) });
    await show(<Topups />);
    expect(await screen.findByText(/too little money/)).toBeDefined();
    await act(() => changeLanguage('zh'));
    expect(await screen.findByText('余额不足，或已达到限额。')).toBeDefined();
    await act(() => changeLanguage('en'));
  });

  it('ask for what the API says can be refunded', async () => {
    const open = { refundable: '6.54', refundable_until: later, not_refundable: null };
    answers({ [TOPUPS]: list({ ...PAID, ...open }), 'POST /api/refunds': { object: 'list', data: [] } });
    await show(<Topups />);
    await click('Refund');
    const dialog = await screen.findByRole('dialog', { name: 'Get unused credit back' });
    expect(within(dialog).getByLabelText('Credit to refund')).toHaveProperty('value', '6.54');
    await click('Request the refund');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(lastSent()).toEqual(['POST /api/refunds', { topup_id: 'top', amount: '6.54', reason: 'not_needed' }]);
  });

  it('say at the amount what is wrong with it', async () => {
    const open = { refundable: '6.54', refundable_until: later, not_refundable: null };
    const refusal = failure(
      400,
      'invalid_request',
      '"amount": must be an amount of US dollars such as "10.00"',
      'amount',
    );
    answers({ [TOPUPS]: list({ ...PAID, ...open }), 'POST /api/refunds': refusal });
    await show(<Topups />);
    await click('Refund');
    await user.type(await screen.findByLabelText('Credit to refund'), ',5{Enter}');
    await screen.findByText('must be an amount of US dollars such as "10.00"');
    expect(screen.getByLabelText('Credit to refund').getAttribute('aria-invalid')).toBe('true');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('are taken back as long as nobody has decided, and tell who was faster', async () => {
    const refund = { id: 'ref', status: 'requested', credit: '4.00', requested_at: later, topup_id: 'top' };
    answers({
      [REFUNDS]: list({ ...refund, amount: null, currency: 'usd', failure: null, failure_reason: null }),
      'POST /api/refunds/ref/withdraw': failure(409, 'refund_approved', 'This refund was approved already.'),
    });
    await show(<Refunds />);
    await click('Withdraw');
    await click('Withdraw the request');
    expect((await screen.findByRole('alert')).textContent).toContain('This refund was approved already.');
  });
});
