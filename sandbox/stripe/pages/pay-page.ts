// The page where a customer pays: the order, and a button for each payment scenario.
import type Stripe from 'stripe';
import type { PaymentScenario } from '../payment-scenario.js';
import type { World } from '../world.js';
import { Html, document, html, money } from './html.js';

interface Choice {
  readonly scenario: PaymentScenario;
  readonly title: string;
  readonly what: string;
}

const OTHERS: readonly Choice[] = [
  {
    scenario: 'three_d_secure',
    title: 'Card that asks for 3-D Secure',
    what: 'You are asked to confirm at your bank first.',
  },
  { scenario: 'declined', title: 'Card that is declined', what: 'You stay here and may try again.' },
  {
    scenario: 'async_succeeds',
    title: 'Bank debit that succeeds',
    what: 'Processing at first; the money comes later.',
  },
  { scenario: 'async_fails', title: 'Bank debit that fails', what: 'Processing at first; the money never comes.' },
];
const WALLETS: readonly Choice[] = [
  { scenario: 'alipay', title: 'Alipay', what: 'Pays at once.' },
  { scenario: 'wechat_pay', title: 'WeChat Pay', what: 'Pays at once.' },
];

export function payPage(world: World, session: Stripe.Checkout.Session): string {
  const currency = session.currency ?? 'usd';
  const total = money(session.amount_total ?? 0, currency);
  const items = world.lineItems.get(session.id) ?? [];
  return document(
    `Pay ${total}`,
    html`<main class="checkout">
      <section aria-label="What you buy">
        <h1>You pay</h1>
        <p class="total">${total}</p>
        <dl>
          ${items.map((item) => lineOf(item, currency))}
          <dt class="sum">Total</dt>
          <dd class="sum">${total}</dd>
        </dl>
        ${emailLine(session)} ${cancelLink(session)}
      </section>
      <section class="card" aria-label="How you pay">
        ${lastError(world, session)}
        ${form(session, html`<button class="main" name="scenario" value="card">Pay ${total} by card</button>`)}
        ${wallets(session)}
        <h2>Or see what happens with a</h2>
        ${OTHERS.map((choice) => button(session, choice))} ${note(session)}
      </section>
    </main>`,
  );
}

/** Stands for the authentication page of the customer's bank. */
export const challengePage = (session: Stripe.Checkout.Session): string =>
  document(
    'Confirm it is you',
    html`<main>
      <section class="card">
        <h1>Your bank asks</h1>
        <p class="total">${money(session.amount_total ?? 0, session.currency ?? 'usd')}</p>
        <p>Is it you who pays? The payment waits until you answer; this stands for 3-D Secure.</p>
        <form method="post" action="/c/pay/${session.id}/authenticate">
          <button class="main" name="ok" value="true">Yes, confirm</button>
        </form>
        <form method="post" action="/c/pay/${session.id}/authenticate">
          <button name="ok" value="false">No, refuse</button>
        </form>
      </section>
    </main>`,
  );

export function endPage(session: Stripe.Checkout.Session): string {
  const back = session.status === 'complete' ? session.success_url : (session.cancel_url ?? session.success_url);
  const said = session.status === 'complete' ? 'This payment is complete.' : 'This page has expired; nothing was paid.';
  return document(
    'Done',
    html`<main>
      <section class="card">
        <p>${said}</p>
        ${back === null ? undefined : html`<p><a href="${urlOf(back, session)}">Back to the shop</a></p>`}
      </section>
    </main>`,
  );
}

export const messagePage = (message: string): string =>
  document(
    'Sorry',
    html`<main>
      <section class="card">
        <p class="alert" role="alert">${message}</p>
        <a href="/sandbox">What is in the sandbox</a>
      </section>
    </main>`,
  );

/** The shop's return URL. */
export const urlOf = (template: string, { id }: Stripe.Checkout.Session): string =>
  template.replaceAll('{CHECKOUT_SESSION_ID}', id);

const lineOf = (item: Stripe.LineItem, currency: string): Html =>
  html`<dt>${item.description ?? 'Item'}${(item.quantity ?? 1) > 1 ? ` × ${item.quantity}` : ''}</dt>
    <dd>${money(item.amount_total, currency)}</dd>`;

const form = (session: Stripe.Checkout.Session, inner: Html): Html =>
  html`<form method="post" action="/c/pay/${session.id}">${inner}</form>`;

const button = (session: Stripe.Checkout.Session, { scenario, title, what }: Choice): Html =>
  form(session, html`<button name="scenario" value="${scenario}">${title}<small>${what}</small></button>`);

const wallets = (session: Stripe.Checkout.Session): readonly Html[] =>
  WALLETS.filter(({ scenario }) => session.payment_method_types.includes(scenario)).map((choice) =>
    button(session, choice),
  );

const emailLine = (session: Stripe.Checkout.Session): Html | undefined => {
  const email = session.customer_details?.email ?? session.customer_email;
  return email ? html`<p class="soft">Receipt to ${email}</p>` : undefined;
};

const cancelLink = (session: Stripe.Checkout.Session): Html | undefined =>
  session.cancel_url === null
    ? undefined
    : html`<p><a href="${urlOf(session.cancel_url, session)}">Cancel and go back</a></p>`;

const note = ({ custom_text: { submit } }: Stripe.Checkout.Session): Html | undefined =>
  submit === null ? undefined : html`<p class="soft">${submit.message}</p>`;

function lastError(world: World, session: Stripe.Checkout.Session): Html | undefined {
  if (typeof session.payment_intent !== 'string') return undefined;
  const error = world.store.get('payment_intent', session.payment_intent).last_payment_error;
  return error === null
    ? undefined
    : html`<p class="alert" role="alert">${error.message ?? 'Not paid.'} Try another way.</p>`;
}
