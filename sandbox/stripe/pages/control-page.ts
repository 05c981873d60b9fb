// The operator's page: lists the sandbox's objects, with buttons for actions of a bank, a card network or Stripe
// itself.
import type Stripe from 'stripe';
import type { World } from '../world.js';
import { Html, document, html, money } from './html.js';

const NEWEST = 50;

export const controlPage = (world: World): string =>
  document(
    'Sandbox',
    html`<main class="wide">
      <h1>What a bank, a card network or Stripe would do</h1>
      <p class="total">Stripe sandbox</p>
      ${section('Payments', ['Charge', 'Amount', 'State', 'Cause'], newest(world.store.all('charge')).map(chargeRow))}
      ${section('Checkout', ['Session', 'Amount', 'State', 'Cause'], newest(world.store.all('checkout.session')).map(sessionRow))}
      ${section('Refunds', ['Refund', 'Amount', 'State', 'Cause'], newest(world.store.all('refund')).map(refundRow))}
      ${section('Disputes', ['Dispute', 'Amount', 'State', 'Cause'], newest(world.store.all('dispute')).map(disputeRow))}
      ${section('Payouts', ['Payout', 'Amount', 'State'], newest(world.store.all('payout')).map(payoutRow))}
      <section class="card">
        <h2>The balance</h2>
        <div class="inline">
          ${buttons('all', [
            ['payout-paid', 'Pay out'],
            ['payout-failed', 'Pay out, which fails'],
            ['payout-canceled', 'Pay out, then cancel'],
            ['book-late', 'Book what is late'],
            ['foreign-payment', 'Take a payment that is not ours'],
            ['stripe-fee', 'Take a fee of Stripe’s'],
            ['adjustment', 'Correct the balance'],
          ])}
        </div>
      </section>
      ${section('Events', ['Event', 'Type', 'Webhook'], newest(world.store.all('event')).map(eventRow))}
      ${jsonForm('Knobs', 'knobs', JSON.stringify(world.knobs, null, 1))}
      ${jsonForm('Faults of the API', 'faults', '{"route":"POST /v1/refunds","answer":500,"times":1}')}
    </main>`,
  );

/** Programs POST the same JSON to the same address. */
const jsonForm = (title: string, name: 'knobs' | 'faults', json: string): Html =>
  html`<section class="card">
    <h2>${title}</h2>
    <form method="post" action="/sandbox/${name}">
      <textarea name="json" rows="${json.split('\n').length + 1}" aria-label="${title}, as JSON" spellcheck="false">
${json}</textarea>
      <p class="inline"><button>Set</button></p>
    </form>
  </section>`;

/** The page at a charge's `receipt_url`. */
export const receiptPage = (charge: Stripe.Charge): string =>
  document(
    'Receipt',
    html`<main>
      <section class="card">
        <h1>Receipt</h1>
        <p class="total">${money(charge.amount, charge.currency)}</p>
        <dl>
          <dt>Charge</dt>
          <dd><code>${charge.id}</code></dd>
          <dt>Paid</dt>
          <dd>${new Date(charge.created * 1_000).toISOString()}</dd>
          <dt>Refunded</dt>
          <dd>${money(charge.amount_refunded, charge.currency)}</dd>
        </dl>
      </section>
    </main>`,
  );

const newest = <T>(oldestFirst: readonly T[]): T[] => oldestFirst.slice(-NEWEST).toReversed();

const section = (title: string, heads: readonly string[], rows: readonly Html[]): Html =>
  html`<section class="card">
    <h2>${title}</h2>
    ${
      rows.length === 0
        ? html`<p class="soft">None yet.</p>`
        : html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  ${heads.map((head) => html`<th scope="col">${head}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${rows}
              </tbody>
            </table>
          </div>`
    }
  </section>`;

const row = (id: string, amount: Html | string, state: string, actions: readonly Html[]): Html =>
  html`<tr>
    <td><code>${id}</code></td>
    <td>${amount}</td>
    <td>${state}</td>
    <td>${actions}</td>
  </tr>`;

type Button = readonly [action: string, title: string];

const buttons = (id: string, all: readonly Button[]): Html[] =>
  all.map(
    ([action, title]) =>
      html`<form method="post" action="/sandbox/actions">
        <input type="hidden" name="id" value="${id}" /><button name="action" value="${action}">${title}</button>
      </form>`,
  );

function chargeRow(charge: Stripe.Charge): Html {
  const isPaid = charge.status === 'succeeded';
  const states = [charge.status, charge.disputed ? 'disputed' : '', charge.refunded ? 'refunded' : ''];
  const actions: Button[] = [
    ...(isPaid && !charge.disputed
      ? ([
          ['dispute', 'Dispute'],
          ['inquiry', 'Inquiry'],
        ] as const)
      : []),
    ...(isPaid ? ([['fraud-warning', 'Warn of fraud']] as const) : []),
    ...(isPaid && !charge.disputed && !charge.refunded ? ([['refund', 'Refund']] as const) : []),
  ];
  return row(
    charge.id,
    money(charge.amount, charge.currency),
    states.filter(Boolean).join(', '),
    buttons(charge.id, actions),
  );
}

function sessionRow(session: Stripe.Checkout.Session): Html {
  const amount = money(session.amount_total ?? 0, session.currency ?? 'usd');
  const isProcessing = session.status === 'complete' && session.payment_status === 'unpaid';
  const actions: Button[] = [
    ...(session.status === 'open' ? ([['expire', 'Expire']] as const) : []),
    ...(isProcessing
      ? ([
          ['bank-pays', 'Bank pays'],
          ['bank-refuses', 'Bank refuses'],
        ] as const)
      : []),
  ];
  const title = session.url === null ? html`${amount}` : html`<a href="/c/pay/${session.id}">${amount}</a>`;
  return row(session.id, title, `${session.status}, ${session.payment_status}`, buttons(session.id, actions));
}

function refundRow(refund: Stripe.Refund): Html {
  const actions: Button[] = [
    ...(refund.status === 'pending' ? ([['refund-arrives', 'Arrives']] as const) : []),
    ...(refund.status === 'failed' || refund.status === 'canceled' ? [] : ([['refund-fails', 'Fails']] as const)),
  ];
  return row(refund.id, money(refund.amount, refund.currency), refund.status ?? '', buttons(refund.id, actions));
}

function disputeRow(dispute: Stripe.Dispute): Html {
  const isInquiry = dispute.status === 'warning_needs_response' || dispute.status === 'warning_under_review';
  const isOpen = isInquiry || dispute.status === 'needs_response' || dispute.status === 'under_review';
  const actions: Button[] = isOpen
    ? [['dispute-won', isInquiry ? 'Close' : 'Win'], isInquiry ? ['escalate', 'Escalate'] : ['dispute-lost', 'Lose']]
    : [];
  return row(dispute.id, money(dispute.amount, dispute.currency), dispute.status, buttons(dispute.id, actions));
}

const payoutRow = (payout: Stripe.Payout): Html =>
  html`<tr>
    <td><code>${payout.id}</code></td>
    <td>${money(payout.amount, payout.currency)}</td>
    <td>${payout.status}</td>
  </tr>`;

const eventRow = (event: Stripe.Event): Html =>
  html`<tr>
    <td><code>${event.id}</code></td>
    <td>${event.type}</td>
    <td>
      ${event.pending_webhooks === 0 ? html`<span class="good">taken</span>` : html`<span class="bad">not taken yet</span>`}
    </td>
  </tr>`;
