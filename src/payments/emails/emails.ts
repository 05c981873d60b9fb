// The email about an event, in the reader's language.
import { formatUsd, magnitude, usd, ZERO } from '../../kernel/index.js';
import type { Language, Letter, Written } from '../../platform/mail/index.js';
import type { Data, Facts } from './email-data.js';
import { en } from './emails.en.js';
import type { EmailRow } from './emails.projection.js';
import { zh } from './emails.zh.js';

const WORDS: Readonly<Record<Language, typeof en>> = { en, zh };

/** The email about an event; undefined when there is none. */
export function emailOf(
  { accountId = '', topupId = '', runId = '', event: { type, data }, credit = '' }: EmailRow,
  facts: Facts,
  language: Language,
): Letter | undefined {
  const words = WORDS[language];
  switch (type) {
    case 'CreditPurchased':
      return words.toppedUp(data, facts);
    case 'TopupFailed':
      // An automatic top-up has an email about its end.
      return facts.automatic ? undefined : words.notToppedUp(topupId, data, facts);
    case 'RefundCompleted':
      return words.refunded(data, facts);
    case 'RefundFailed':
      if (data.reason === 'withdrawn') return words.withdrawn(data);
      return data.reason === 'declined' ? words.declined(data, facts) : words.notRefunded(data, facts);
    case 'DisputeOpened':
      return data.inquiry ? words.asked(data, facts) : words.disputed(data, facts);
    case 'DisputeClosed':
      return words.settled(data, facts);
    case 'AccountSuspended':
      return words.suspended(accountId);
    case 'AccountReinstated':
      return words.reinstated(accountId);
    case 'AccountRerated':
      return rerated(words, runId, data);
    case 'BalanceFellLow':
      return words.lowBalance(data, facts);
    case 'AutomaticTopupOrdered':
      return undefined; // `chargingEmail` has announced it
    case 'AutomaticTopupEnded':
      return words.cardDeclined(data.topupId, credit);
    case 'AutomaticTopupCeilingReached':
      return words.ceilingReached(facts);
  }
}

/** One for each run; none when it only changed what the calls cost us. */
function rerated(words: typeof en, runId: string, { charges, difference }: Data<'AccountRerated'>): Letter | undefined {
  const amount = usd(difference);
  if (amount === ZERO) return undefined;
  return words.rerated({ runId, charges, amount: formatUsd(magnitude(amount)), isCheaper: amount < ZERO });
}

/** The email before the card is charged. */
export const chargingEmail =
  (topupId: string, credit: string, threshold: string): Written =>
  (language) =>
    WORDS[language].charging(topupId, credit, threshold);
