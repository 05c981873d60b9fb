// The mails about money. Each says how much, in which currency, what to quote, and what can be done.
import type { Mail } from '../../platform/mail/index.js';
import type { EmailRow } from './emails.projection.js';

export type Email = Pick<Mail, 'subject' | 'text'>;

/** What an event does not say itself; what is not known is left out. */
export interface Facts {
  /** Whose it is, and how much credit, where a top-up alone knows that. */
  readonly accountId?: string | undefined;
  readonly credit?: string | undefined;
  /** Such as `72.00 CNY`: what was paid for the credit, and what goes back of it. */
  readonly paid?: string | undefined;
  readonly back?: string | undefined;
  readonly receipt?: string | undefined;
  /** Whether a saved card paid it. */
  readonly automatic?: boolean | undefined;
  readonly refundWindowDays: number;
  /** The top-up that a dispute is about, and how much of its credit. */
  readonly disputed?: { readonly topupId: string; readonly amount: string } | undefined;
  readonly monthlyCeiling?: string | undefined;
}

const FOOTER = '\n\n-- \nThis mail was sent by token-hub. Nobody reads the answers to it.\n';
const email = (subject: string, ...paragraphs: readonly (string | undefined)[]): Email => ({
  subject,
  text: paragraphs.filter((each) => each !== undefined).join('\n\n') + FOOTER,
});
const reference = (...ids: readonly string[]): string => `Reference: ${ids.join(', ')}`;
const WRITE = 'write to who runs this service and quote the reference';

/** Undefined for what is not told by mail. */
export function emailOf(
  { accountId = '', topupId = '', event: { type, data }, credit = '' }: EmailRow,
  facts: Facts,
): Email | undefined {
  switch (type) {
    case 'CreditPurchased':
      return toppedUp(data, facts);
    case 'TopupFailed':
      return facts.automatic ? undefined : notToppedUp(topupId, data, facts); // the other has an email by its end
    case 'RefundCompleted':
      return refunded(data, facts);
    case 'RefundFailed':
      return data.reason === 'declined' ? declined(data, facts) : notRefunded(data, facts);
    case 'DisputeOpened':
      return data.inquiry ? asked(data, facts) : disputed(data, facts);
    case 'DisputeClosed':
      return settled(data, facts);
    case 'AccountSuspended':
      return email(
        'Your account is suspended',
        'Calls with the keys of your token-hub account are refused until further notice. Your credit stays as it is, and calls under way are finished.',
        reference(accountId),
        `If you don’t know why, ${WRITE}.`,
      );
    case 'AccountReinstated':
      return email(
        'Your account is no longer suspended',
        'Calls with the keys of your token-hub account are answered again.',
        reference(accountId),
      );
    case 'AutomaticTopupOrdered':
      return undefined; // told before the card is charged
    case 'AutomaticTopupEnded':
      return cardDeclined(data.topupId, credit);
    case 'AutomaticTopupCeilingReached':
      return ceilingReached(facts);
  }
}

type Data<T extends EmailRow['event']['type']> = Extract<EmailRow['event'], { type: T }>['data'];

function toppedUp({ topupId, amount }: Data<'CreditPurchased'>, facts: Facts): Email {
  const { paid, automatic, receipt, refundWindowDays: days } = facts;
  const card = automatic ? 'with your saved card, as your automatic top-ups are set' : 'for it';
  return email(
    'Your balance was topped up',
    `$${amount} of credit is on your token-hub balance.${paid === undefined ? '' : ` You paid ${paid} ${card}.`}`,
    reference(topupId),
    receipt === undefined ? undefined : `The receipt: ${receipt}`,
    `Credit you don’t use expires after twelve months. Until ${days} days after its purchase you can ask for it back.`,
    `If it was not you who paid, ${WRITE}.`,
  );
}

const notToppedUp = (topupId: string, { reason }: Data<'TopupFailed'>, { paid, credit }: Facts): Email =>
  email(
    'Your top-up was not paid',
    `${credit === undefined ? 'Credit' : `$${credit} of credit`} that you ordered could not be bought: the payment${paid === undefined ? '' : ` of ${paid}`} came to nothing. The reason that was given: ${reason.replace(/\.$/, '')}.`,
    reference(topupId),
    `You can top up again at any time. If money has left your account, ${WRITE}.`,
  );

const refunded = ({ refundId, lotId, amount }: Data<'RefundCompleted'>, { back }: Facts): Email =>
  email(
    'Your refund was paid',
    `$${amount} of your token-hub credit was paid back: ${back ?? 'its price'}, the way you paid it.`,
    reference(refundId, `of the top-up ${lotId}`),
    `Banks take up to ten days to show it. If it is not there by then, ask yours; then ${WRITE}.`,
  );

const declined = ({ refundId, lotId, amount, detail = '' }: Data<'RefundFailed'>, { back }: Facts): Email =>
  email(
    'Your refund was declined',
    `A refund of $${amount} of your token-hub credit${back === undefined ? '' : ` (${back})`} was declined:`,
    detail,
    reference(refundId, `of the top-up ${lotId}`),
    `The credit is on your balance again, and you can go on using it. If you don’t agree, ${WRITE}.`,
  );

const notRefunded = ({ refundId, lotId, amount, completed }: Data<'RefundFailed'>, { back }: Facts): Email =>
  email(
    'Your refund could not be paid',
    `${back ?? 'The price'} for $${amount} of your token-hub credit ${completed ? 'came back to us: your bank did not take it' : 'could not be sent to where you paid from'}.`,
    reference(refundId, `of the top-up ${lotId}`),
    `The credit is on your balance again, and you can go on using it. If what you paid with is no longer yours, ${WRITE}; else ask for the refund once more.`,
  );

const asked = ({ disputeId, lotId, amount, reason }: Data<'DisputeOpened'>, { paid }: Facts): Email =>
  email(
    'Your bank asks about a payment',
    `Your bank asks about ${paid === undefined ? 'a payment' : `the payment of ${paid}`} for $${amount} of token-hub credit, and gives as its reason: ${reason}.`,
    reference(disputeId, `of the top-up ${lotId}`),
    'You can go on using your credit. If you know the payment, tell your bank; if it disputes it after all, your credit is frozen until that is settled.',
  );

const disputed = ({ disputeId, lotId, amount, reason }: Data<'DisputeOpened'>, { paid }: Facts): Email =>
  email(
    'A payment is disputed: your credit is frozen',
    `Your bank disputes ${paid === undefined ? 'a payment' : `the payment of ${paid}`} for token-hub credit, $${amount} of it, and gives as its reason: ${reason}.`,
    'Until that is settled, calls with your keys are refused, and the disputed credit is taken from your balance.',
    reference(disputeId, `of the top-up ${lotId}`),
    `If you know the payment, ask your bank to withdraw the dispute. If it was not you who paid, ${WRITE}.`,
  );

function settled({ disputeId, outcome }: Data<'DisputeClosed'>, { disputed: about, paid }: Facts): Email {
  const what = `The dispute of ${paid === undefined ? 'a payment' : `the payment of ${paid}`}${about === undefined ? '' : ` for $${about.amount} of token-hub credit`}`;
  const endings = {
    won: 'was settled: the payment stands, and its credit is yours again.',
    lost: 'was settled: your bank took the money back, and its credit is gone.',
    inquiry_closed: 'was not opened: your bank has no more questions.',
  };
  return email(
    'The dispute of your payment is over',
    `${what} ${endings[outcome]}`,
    outcome === 'inquiry_closed' ? undefined : 'It no longer keeps you from using your credit.',
    reference(disputeId, ...(about === undefined ? [] : [`of the top-up ${about.topupId}`])),
    outcome === 'lost' ? `To go on, top up again. If you don’t agree, ${WRITE}.` : undefined,
  );
}

/** Goes out before the card is charged. */
export const chargingEmail = (topupId: string, credit: string, threshold: string): Email =>
  email(
    'Your saved card is being charged',
    `Your token-hub balance fell below $${threshold}, so $${credit} of credit is bought with your saved card now, as you asked for.`,
    reference(topupId),
    'You can change or switch off automatic top-ups at any time.',
  );

const cardDeclined = (topupId: string, credit: string): Email =>
  email(
    'Your saved card was not charged',
    `$${credit} of credit could not be bought with your saved card: it was declined, or your bank wants you to confirm the payment.`,
    reference(topupId),
    'Automatic top-ups are switched off until you switch them on again. You can top up by hand at any time.',
  );

const ceilingReached = ({ monthlyCeiling }: Facts): Email =>
  email(
    'Your monthly ceiling is reached',
    `Your token-hub balance is low, and one more automatic top-up would be more than the ${monthlyCeiling === undefined ? '' : `$${monthlyCeiling} `}a month that you allow. Nothing is charged.`,
    'Raise the ceiling or top up by hand to go on. It begins anew with the next month (UTC).',
  );
