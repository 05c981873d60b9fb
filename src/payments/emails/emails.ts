// The emails about money. Each states the amount, the currency, the reference to quote and what the customer can do.
import { magnitude, usd, formatUsd, ZERO } from '../../kernel/index.js';
import type { Mail } from '../../platform/mail/index.js';
import type { EmailRow } from './emails.projection.js';

export type Email = Pick<Mail, 'subject' | 'text'>;

/** Facts that the event does not contain; the email leaves unknown ones out. */
export interface Facts {
  /** The account and the credit, for an event that only names a top-up. */
  readonly accountId?: string | undefined;
  readonly credit?: string | undefined;
  /** The price of the credit and the amount refunded, such as `72.00 CNY`. */
  readonly paid?: string | undefined;
  readonly back?: string | undefined;
  readonly receipt?: string | undefined;
  /** Whether it was paid with a saved card. */
  readonly automatic?: boolean | undefined;
  readonly refundWindowDays: number;
  /** The disputed top-up, and the disputed part of its credit. */
  readonly disputed?: { readonly topupId: string; readonly amount: string } | undefined;
  readonly monthlyCeiling?: string | undefined;
  /** Where credit is bought. */
  readonly topupPage?: string | undefined;
}

const FOOTER = '\n\n-- \nThis email was sent by token-hub. Replies to it are not read.\n';
/** An email in the form of all of them: paragraphs, and the footer. */
export const email = (subject: string, ...paragraphs: readonly (string | undefined)[]): Email => ({
  subject,
  text: paragraphs.filter((each) => each !== undefined).join('\n\n') + FOOTER,
});
const reference = (...ids: readonly string[]): string => `Reference: ${ids.join(', ')}`;
const WRITE = 'contact the operator of this service and quote the reference';

/** The email about an event; undefined when there is none. */
export function emailOf(
  { accountId = '', topupId = '', runId = '', event: { type, data }, credit = '' }: EmailRow,
  facts: Facts,
): Email | undefined {
  switch (type) {
    case 'CreditPurchased':
      return toppedUp(data, facts);
    case 'TopupFailed':
      // An automatic top-up has an email about its end.
      return facts.automatic ? undefined : notToppedUp(topupId, data, facts);
    case 'RefundCompleted':
      return refunded(data, facts);
    case 'RefundFailed':
      if (data.reason === 'withdrawn') return withdrawn(data);
      return data.reason === 'declined' ? declined(data, facts) : notRefunded(data, facts);
    case 'DisputeOpened':
      return data.inquiry ? asked(data, facts) : disputed(data, facts);
    case 'DisputeClosed':
      return settled(data, facts);
    case 'AccountSuspended':
      return email(
        'Your account is suspended',
        'Calls with the keys of your token-hub account are refused until further notice. Your credit stays as it is, and calls in progress are completed.',
        reference(accountId),
        `If you don’t know the reason, ${WRITE}.`,
      );
    case 'AccountReinstated':
      return email(
        'Your account is no longer suspended',
        'Calls with the keys of your token-hub account work again.',
        reference(accountId),
      );
    case 'AccountRerated':
      return rerated(runId, data);
    case 'BalanceFellLow':
      return lowBalance(data, facts);
    case 'AutomaticTopupOrdered':
      return undefined; // `chargingEmail` has announced it
    case 'AutomaticTopupEnded':
      return cardDeclined(data.topupId, credit);
    case 'AutomaticTopupCeilingReached':
      return ceilingReached(facts);
  }
}

type Data<T extends EmailRow['event']['type']> = Extract<EmailRow['event'], { type: T }>['data'];

function toppedUp({ topupId, amount }: Data<'CreditPurchased'>, facts: Facts): Email {
  const { paid, automatic, receipt, refundWindowDays: days } = facts;
  const card = automatic ? 'with your saved card, according to your settings for automatic top-ups' : 'for it';
  return email(
    'Your balance was topped up',
    `$${amount} of credit was added to your token-hub balance.${paid === undefined ? '' : ` You paid ${paid} ${card}.`}`,
    reference(topupId),
    receipt === undefined ? undefined : `Your receipt: ${receipt}`,
    `Unused credit expires after twelve months. Until ${days} days after the purchase, you can request a refund of it.`,
    `If you did not make this payment, ${WRITE}.`,
  );
}

const notToppedUp = (topupId: string, { reason }: Data<'TopupFailed'>, { paid, credit }: Facts): Email =>
  email(
    'Your top-up was not paid',
    `The payment${paid === undefined ? '' : ` of ${paid}`} for your order of ${credit === undefined ? 'credit' : `$${credit} of credit`} failed. The reason given was: ${reason.replace(/\.$/, '')}.`,
    reference(topupId),
    `You can top up again at any time. If you were charged for it, ${WRITE}.`,
  );

const refunded = ({ refundId, lotId, amount }: Data<'RefundCompleted'>, { back }: Facts): Email =>
  email(
    'Your refund was paid',
    `$${amount} of your token-hub credit was refunded. You get ${back ?? 'its price'} back, the way you paid.`,
    reference(refundId, `of the top-up ${lotId}`),
    `It can take up to ten days until the refund appears on your statement. If it has not appeared by then, ask your bank. If your bank can’t find it, ${WRITE}.`,
  );

const declined = ({ refundId, lotId, amount, detail = '' }: Data<'RefundFailed'>, { back }: Facts): Email =>
  email(
    'Your refund was declined',
    `Your refund of $${amount} of token-hub credit${back === undefined ? '' : ` (${back})`} was declined for this reason:`,
    detail,
    reference(refundId, `of the top-up ${lotId}`),
    `The credit is on your balance again, and you can use it. If you don’t agree, ${WRITE}.`,
  );

const withdrawn = ({ refundId, lotId, amount }: Data<'RefundFailed'>): Email =>
  email(
    'Your refund request was withdrawn',
    `Your request to refund $${amount} of token-hub credit was taken back. The credit is on your balance again, and you can use it.`,
    reference(refundId, `of the top-up ${lotId}`),
    `If you did not withdraw it, ${WRITE}.`,
  );

const notRefunded = ({ refundId, lotId, amount, completed }: Data<'RefundFailed'>, { back }: Facts): Email =>
  email(
    'Your refund could not be paid',
    `${back ?? 'The refund'} for $${amount} of your token-hub credit ${completed ? 'was returned to us, because your bank did not accept it' : 'could not be sent to the card or account that you paid with'}.`,
    reference(refundId, `of the top-up ${lotId}`),
    `The credit is on your balance again, and you can use it. You can request the refund again. If you no longer have the card or account that you paid with, ${WRITE}.`,
  );

const asked = ({ disputeId, lotId, amount, reason }: Data<'DisputeOpened'>, { paid }: Facts): Email =>
  email(
    'Your bank asks about a payment',
    `Your bank has asked about ${paid === undefined ? 'a payment' : `the payment of ${paid}`} for $${amount} of token-hub credit. Its reason is: ${reason}.`,
    reference(disputeId, `of the top-up ${lotId}`),
    'You can go on using your credit. If you recognise the payment, tell your bank. If your bank disputes the payment, your credit will be frozen until the dispute is closed.',
  );

const disputed = ({ disputeId, lotId, amount, reason }: Data<'DisputeOpened'>, { paid }: Facts): Email =>
  email(
    'A payment is disputed: your credit is frozen',
    `Your bank has disputed ${paid === undefined ? 'a payment' : `the payment of ${paid}`} for token-hub credit. The dispute concerns $${amount} of credit. Its reason is: ${reason}.`,
    'Until the dispute is closed, calls with your keys are refused, and the disputed credit is not on your balance.',
    reference(disputeId, `of the top-up ${lotId}`),
    `If you recognise the payment, ask your bank to withdraw the dispute. If you did not make it, ${WRITE}.`,
  );

function settled({ disputeId, outcome }: Data<'DisputeClosed'>, { disputed: about, paid }: Facts): Email {
  const what = `The dispute of ${paid === undefined ? 'a payment' : `the payment of ${paid}`}${about === undefined ? '' : ` for $${about.amount} of token-hub credit`}`;
  const endings = {
    won: 'is closed: the payment stands, and its credit is yours again.',
    lost: 'is closed: your bank took the money back, and its credit is gone.',
    inquiry_closed: 'was not opened: your bank has no more questions.',
  };
  return email(
    'The dispute of your payment is over',
    `${what} ${endings[outcome]}`,
    outcome === 'inquiry_closed' ? undefined : 'It no longer blocks the use of your credit.',
    reference(disputeId, ...(about === undefined ? [] : [`of the top-up ${about.topupId}`])),
    outcome === 'lost' ? `To continue, top up again. If you don’t agree, ${WRITE}.` : undefined,
  );
}

/** One for each run; none when it only changed what the calls cost us. */
function rerated(runId: string, { charges, difference }: Data<'AccountRerated'>): Email | undefined {
  const amount = usd(difference);
  if (amount === ZERO) return undefined;
  const calls = `The price of ${charges === 1 ? 'a call' : `${charges} calls`} of your token-hub account was corrected.`;
  const outcome =
    amount < ZERO
      ? `$${formatUsd(magnitude(amount))} of credit is on your balance again.`
      : `They cost $${difference} more than you were charged, and your balance is lower by that amount.`;
  return email(
    amount < ZERO ? 'You got credit back' : 'Your calls were priced again',
    `${calls} ${outcome}`,
    'Your entries and statements show each call with its old and its new price.',
    reference(runId),
    `If you don’t agree, ${WRITE}.`,
  );
}

/** One for each fall below the threshold. */
const lowBalance = ({ threshold, balance }: Data<'BalanceFellLow'>, { topupPage }: Facts): Email =>
  email(
    'Your balance is low',
    `Your token-hub balance is $${balance}, which is less than the $${threshold} that you chose. Calls are refused once it does not cover them.`,
    topupPage === undefined ? undefined : `Top up: ${topupPage}`,
    'You get this email once, and again only after your balance has been above that amount. You can change the amount or switch the email off on the page for topping up.',
  );

/** The email before the card is charged. */
export const chargingEmail = (topupId: string, credit: string, threshold: string): Email =>
  email(
    'Your saved card is being charged',
    `Your token-hub balance fell below $${threshold}. According to your settings, your saved card is now being charged for $${credit} of credit.`,
    reference(topupId),
    'You can change automatic top-ups or switch them off at any time.',
  );

const cardDeclined = (topupId: string, credit: string): Email =>
  email(
    'Your saved card was not charged',
    `Your saved card could not be charged for $${credit} of credit. It was declined, or your bank wants you to confirm the payment.`,
    reference(topupId),
    'Automatic top-ups are now off, until you switch them on again. You can top up manually at any time.',
  );

const ceilingReached = ({ monthlyCeiling }: Facts): Email =>
  email(
    'Your monthly ceiling is reached',
    `Your token-hub balance is low, but another automatic top-up would exceed your ceiling${monthlyCeiling === undefined ? '' : ` of $${monthlyCeiling} a month`}. Nothing was charged.`,
    'To continue, raise the ceiling or top up manually. The next month (UTC) starts from zero.',
  );
