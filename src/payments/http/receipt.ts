// The receipt of a top-up, and the page to which a checkout returns. Pure.
import { html, type Html } from '../../platform/http/index.js';
import { formatMinor } from '../topups/price.js';
import type { TopupRow } from '../topups/topups.projection.js';

export interface Receipt {
  readonly receipt: string;
  readonly account: string;
  readonly paid_at: string;
  readonly description: string;
  readonly credit: string;
  readonly credit_currency: 'usd';
  readonly amount: string;
  readonly currency: string;
  readonly rate: string | null;
  readonly refunded: string;
  readonly payment: string;
}

/** Undefined for a top-up that was not paid. */
export function receiptOf(row: TopupRow): Receipt | undefined {
  const { topupId, accountId, status, credit, currency, priceMinor, quote, paidAt, paymentIntentId, refunds } = row;
  if (status !== 'paid' || paidAt === undefined) return undefined;
  const back = refunds.reduce((total, each) => total + (each.status === 'succeeded' ? each.amountMinor : 0), 0);
  return {
    receipt: topupId,
    account: accountId,
    paid_at: paidAt,
    description: 'token-hub credit, prepaid',
    credit,
    credit_currency: 'usd',
    amount: formatMinor(priceMinor, currency),
    currency,
    rate: quote === undefined ? null : `${quote.numerator} fen for ${quote.denominator} cents`,
    refunded: formatMinor(back, currency),
    payment: paymentIntentId ?? '',
  };
}

const line = (name: string, value: string): Html =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`;

export function receiptPage(receipt: Receipt): Html {
  const currency = receipt.currency.toUpperCase();
  return html`<dl>
      ${line('Receipt', receipt.receipt)} ${line('Account', receipt.account)} ${line('Paid', receipt.paid_at)}
      ${line('For', `$${receipt.credit} of ${receipt.description}`)} ${line('Amount', `${receipt.amount} ${currency}`)}
      ${receipt.rate === null ? undefined : line('Rate', receipt.rate)}
      ${receipt.refunded === '0.00' ? undefined : line('Refunded', `${receipt.refunded} ${currency}`)}
      ${line('Payment', receipt.payment)}
    </dl>
    <p class="hint">Unused credit expires twelve months after it was bought. Print this page or save it as a PDF.</p>`;
}

interface ReturnPage {
  readonly title: string;
  readonly content: Html;
}

/** The page for a customer who returns from the checkout. */
export function returnPage({ status, credit, topupId }: TopupRow, checkoutUrl: string | undefined): ReturnPage {
  const receipt = html`<p><a href="/api/topups/${topupId}/receipt">Your receipt</a></p>`;
  switch (status) {
    case 'paid':
      return {
        title: 'Thank you',
        content: html`<p>$${credit} of credit is on your account. You can use it now.</p>
          ${receipt}`,
      };
    case 'pending': {
      const soon =
        'Your payment is being processed. Your credit will be available as soon as the payment arrives. Some payment methods take a few days.';
      return { title: 'Payment being processed', content: html`<p>${soon}</p>` };
    }
    case 'failed':
      return {
        title: 'Not paid',
        content: html`<p>The payment for $${credit} of credit failed, and nothing was charged. Please order again.</p>`,
      };
    case 'canceled':
      return {
        title: 'Canceled',
        content: html`<p>You canceled this order of $${credit} of credit, and nothing was charged.</p>`,
      };
    case 'expired':
      return {
        title: 'Expired',
        content: html`<p>
          This order of $${credit} of credit was not paid in time, and nothing was charged. Please order again.
        </p>`,
      };
    case 'ordered': {
      const again =
        checkoutUrl === undefined ? undefined : html`<p><a href="${checkoutUrl}">Back to the checkout</a></p>`;
      return {
        title: 'Not paid yet',
        content: html`<p>Your order of $${credit} of credit has not been paid, and nothing was charged.</p>
          ${again}`,
      };
    }
  }
}
