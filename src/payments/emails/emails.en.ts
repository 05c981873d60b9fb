// The emails about money, in English. Each states the amount, the currency, the reference to quote and what the customer can do.
import { countOf } from '../../kernel/index.js';
import type { Letter, LetterLink } from '../../platform/mail/index.js';
import { type PaymentFailure, paymentFailure } from '../topups/payment-failure.js';
import type { Data, Facts, Rerated } from './email-data.js';

const letter = (subject: string, ...body: readonly (string | LetterLink | undefined)[]): Letter => ({ subject, body });
const reference = (...ids: readonly string[]): string => `Reference: ${ids.join(', ')}`;
const ofTopup = (id: string): string => `of the top-up ${id}`;
const WRITE = 'contact the operator of this service and quote the reference';

const FAILURES: Readonly<Record<PaymentFailure, string>> = {
  card_declined: 'the bank declined the card',
  insufficient_funds: 'the card or account has too little money, or has reached its limit',
  expired_card: 'the card has expired',
  incorrect_details: 'the bank could not confirm the details of the card',
  authentication_required: 'the payer was not authenticated with the bank',
  card_not_supported: 'the card does not take this kind of payment or currency',
  try_again: 'the bank could not process it just then',
  payment_failed: 'the bank did not say why',
};

export const en = {
  toppedUp: ({ topupId, amount }: Data<'CreditPurchased'>, facts: Facts): Letter => {
    const { paid, automatic, receipt, refundWindowDays: days } = facts;
    const card = automatic ? 'with your saved card, according to your settings for automatic top-ups' : 'for it';
    return letter(
      'Your balance was topped up',
      `$${amount} of credit was added to your token-hub balance.${paid === undefined ? '' : ` You paid ${paid} ${card}.`}`,
      reference(topupId),
      receipt === undefined ? undefined : { label: 'Your receipt', url: receipt },
      `Unused credit expires after twelve months. Until ${countOf(days, 'day')} after the purchase, you can request a refund of it.`,
      `If you did not make this payment, ${WRITE}.`,
    );
  },

  notToppedUp: (topupId: string, { reason }: Data<'TopupFailed'>, { paid, credit }: Facts): Letter =>
    letter(
      'Your top-up was not paid',
      `The payment${paid === undefined ? '' : ` of ${paid}`} for your order of ${credit === undefined ? 'credit' : `$${credit} of credit`} failed. The reason: ${FAILURES[paymentFailure(reason)]}.`,
      reference(topupId),
      `You can top up again at any time. If you were charged for it, ${WRITE}.`,
    ),

  refunded: ({ refundId, lotId, amount }: Data<'RefundCompleted'>, { back }: Facts): Letter =>
    letter(
      'Your refund was paid',
      `$${amount} of your token-hub credit was refunded. You get ${back ?? 'its price'} back, the way you paid.`,
      reference(refundId, ofTopup(lotId)),
      `It can take up to ten days until the refund appears on your statement. If it has not appeared by then, ask your bank. If your bank can’t find it, ${WRITE}.`,
    ),

  declined: ({ refundId, lotId, amount, detail = '' }: Data<'RefundFailed'>, { back }: Facts): Letter =>
    letter(
      'Your refund was declined',
      `Your refund of $${amount} of token-hub credit${back === undefined ? '' : ` (${back})`} was declined for this reason:`,
      detail,
      reference(refundId, ofTopup(lotId)),
      `The credit is on your balance again, and you can use it. If you don’t agree, ${WRITE}.`,
    ),

  withdrawn: ({ refundId, lotId, amount }: Data<'RefundFailed'>): Letter =>
    letter(
      'Your refund request was withdrawn',
      `Your request to refund $${amount} of token-hub credit was taken back. The credit is on your balance again, and you can use it.`,
      reference(refundId, ofTopup(lotId)),
      `If you did not withdraw it, ${WRITE}.`,
    ),

  notRefunded: ({ refundId, lotId, amount, completed }: Data<'RefundFailed'>, { back }: Facts): Letter =>
    letter(
      'Your refund could not be paid',
      `${back ?? 'The refund'} for $${amount} of your token-hub credit ${completed ? 'was returned to us, because your bank did not accept it' : 'could not be sent to the card or account that you paid with'}.`,
      reference(refundId, ofTopup(lotId)),
      `The credit is on your balance again, and you can use it. You can request the refund again. If you no longer have the card or account that you paid with, ${WRITE}.`,
    ),

  asked: ({ disputeId, lotId, amount, reason }: Data<'DisputeOpened'>, { paid }: Facts): Letter =>
    letter(
      'Your bank asks about a payment',
      `Your bank has asked about ${paid === undefined ? 'a payment' : `the payment of ${paid}`} for $${amount} of token-hub credit. Its reason is: ${reason.replaceAll('_', ' ')}.`,
      reference(disputeId, ofTopup(lotId)),
      'You can go on using your credit. If you recognise the payment, tell your bank. If your bank disputes the payment, your credit will be frozen until the dispute is closed.',
    ),

  disputed: ({ disputeId, lotId, amount, reason }: Data<'DisputeOpened'>, { paid }: Facts): Letter =>
    letter(
      'A payment is disputed: your credit is frozen',
      `Your bank has disputed ${paid === undefined ? 'a payment' : `the payment of ${paid}`} for token-hub credit. The dispute concerns $${amount} of credit. Its reason is: ${reason.replaceAll('_', ' ')}.`,
      'Until the dispute is closed, calls with your keys are refused, and the disputed credit is not on your balance.',
      reference(disputeId, ofTopup(lotId)),
      `If you recognise the payment, ask your bank to withdraw the dispute. If you did not make it, ${WRITE}.`,
    ),

  settled: ({ disputeId, outcome }: Data<'DisputeClosed'>, { disputed: about, paid }: Facts): Letter => {
    const what = `The dispute of ${paid === undefined ? 'a payment' : `the payment of ${paid}`}${about === undefined ? '' : ` for $${about.amount} of token-hub credit`}`;
    const endings = {
      won: 'is closed: the payment stands, and its credit is yours again.',
      lost: 'is closed: your bank took the money back, and its credit is gone.',
      inquiry_closed: 'was not opened: your bank has no more questions.',
    };
    return letter(
      'The dispute of your payment is over',
      `${what} ${endings[outcome]}`,
      outcome === 'inquiry_closed' ? undefined : 'It no longer blocks the use of your credit.',
      reference(disputeId, ...(about === undefined ? [] : [ofTopup(about.topupId)])),
      outcome === 'lost' ? `To continue, top up again. If you don’t agree, ${WRITE}.` : undefined,
    );
  },

  suspended: (accountId: string): Letter =>
    letter(
      'Your account is suspended',
      'Calls with the keys of your token-hub account are refused until further notice. Your credit stays as it is, and calls in progress are completed.',
      reference(accountId),
      `If you don’t know the reason, ${WRITE}.`,
    ),

  reinstated: (accountId: string): Letter =>
    letter(
      'Your account is no longer suspended',
      'Calls with the keys of your token-hub account work again.',
      reference(accountId),
    ),

  rerated: ({ runId, charges, amount, isCheaper }: Rerated): Letter =>
    letter(
      isCheaper ? 'You got credit back' : 'Your calls were priced again',
      `The price of ${charges === 1 ? 'a call' : `${charges} calls`} of your token-hub account was corrected. ${
        isCheaper
          ? `$${amount} of credit is on your balance again.`
          : `They cost $${amount} more than you were charged, and your balance is lower by that amount.`
      }`,
      'Your entries and statements show each call with its old and its new price.',
      reference(runId),
      `If you don’t agree, ${WRITE}.`,
    ),

  lowBalance: ({ threshold, balance }: Data<'BalanceFellLow'>, { topupPage }: Facts): Letter =>
    letter(
      'Your balance is low',
      `Your token-hub balance is $${balance}, which is less than the $${threshold} that you chose. Calls are refused once it does not cover them.`,
      topupPage === undefined ? undefined : { label: 'Top up', url: topupPage },
      'You get this email once, and again only after your balance has been above that amount. You can change the amount or switch the email off on the page for topping up.',
    ),

  /** Before the card is charged. */
  charging: (topupId: string, credit: string, threshold: string): Letter =>
    letter(
      'Your saved card is being charged',
      `Your token-hub balance fell below $${threshold}. According to your settings, your saved card is now being charged for $${credit} of credit.`,
      reference(topupId),
      'You can change automatic top-ups or switch them off at any time.',
    ),

  cardDeclined: (topupId: string, credit: string): Letter =>
    letter(
      'Your saved card was not charged',
      `Your saved card could not be charged for $${credit} of credit. It was declined, or your bank wants you to confirm the payment.`,
      reference(topupId),
      'Automatic top-ups are now off, until you switch them on again. You can top up manually at any time.',
    ),

  ceilingReached: ({ monthlyCeiling }: Facts): Letter =>
    letter(
      'Your monthly ceiling is reached',
      `Your token-hub balance is low, but another automatic top-up would exceed your ceiling${monthlyCeiling === undefined ? '' : ` of $${monthlyCeiling} a month`}. Nothing was charged.`,
      'To continue, raise the ceiling or top up manually. The next month (UTC) starts from zero.',
    ),
};
