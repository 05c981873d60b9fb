// The receipt of a top-up. Pure.
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
