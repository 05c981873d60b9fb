// The mails about automatic top-ups.
import type { Mail } from '../../mail/index.js';

type Letter = Omit<Mail, 'to'>;

const FOOTER = '\n\n-- \nThis mail was sent by token-hub. Nobody reads the answers to it.\n';
const letter = (subject: string, ...paragraphs: readonly string[]): Letter => ({
  subject,
  text: paragraphs.join('\n\n') + FOOTER,
});

export const chargingLetter = (credit: string, threshold: string): Letter =>
  letter(
    'Your saved card is being charged',
    `Your token-hub balance fell below $${threshold}, so $${credit} of credit is bought with your saved card now, as you asked for.`,
    'You can change or switch off automatic top-ups at any time.',
  );

export const chargedLetter = (credit: string, receipt: string): Letter =>
  letter(
    'Your balance was topped up',
    `$${credit} of credit was bought with your saved card.`,
    `The receipt: ${receipt}`,
  );

export const declinedLetter = (credit: string): Letter =>
  letter(
    'Your saved card was not charged',
    `$${credit} of credit could not be bought with your saved card: it was declined, or your bank wants you to confirm the payment.`,
    'Automatic top-ups are switched off until you switch them on again. You can top up by hand at any time.',
  );

export const ceilingLetter = (ceiling: string): Letter =>
  letter(
    'Your monthly ceiling is reached',
    `Your token-hub balance is low, and one more automatic top-up would be more than the $${ceiling} a month that you allow. Nothing is charged.`,
    'Raise the ceiling or top up by hand to go on. It begins anew with the next month (UTC).',
  );
