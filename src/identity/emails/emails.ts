// The emails about a person's own account. They say what happened, and what to do if it was someone else.
import type { Mail } from '../../platform/mail/index.js';

type Email = Omit<Mail, 'to'>;

const FOOTER = '\n\n-- \nThis mail was sent by token-hub. Nobody reads the answers to it.\n';
const email = (subject: string, ...paragraphs: readonly string[]): Email => ({
  subject,
  text: paragraphs.join('\n\n') + FOOTER,
});

export const verificationEmail = (link: string): Email =>
  email(
    'Confirm your email address',
    'Open this link to confirm your email address and start using token-hub:',
    link,
    'It works once, within 24 hours. If you did not just register with a password of your own, delete this email: without its link, nobody can log in.',
  );

export const knownAddressEmail = (links: { readonly login: string; readonly forgot: string }): Email =>
  email(
    'You have an account already',
    'Someone, probably you, asked for a token-hub account with this address. It has one already.',
    `Log in: ${links.login}`,
    `If you have forgotten the password, ask for a link to set a new one: ${links.forgot}`,
    'If it was not you, you need not do anything: nothing has changed.',
  );

export const resetEmail = (link: string): Email =>
  email(
    'Set a new password',
    'Open this link to set a new password for token-hub:',
    link,
    'It works once, within an hour, and logs you out everywhere. If you did not request it, delete this email: your password stays as it is.',
  );

export const passwordChangedEmail = (forgot: string): Email =>
  email(
    'Your password was changed',
    'The password of your token-hub account was changed just now, and every other session was ended.',
    `If it was not you, set a new one at once: ${forgot}`,
  );

export const newAddressEmail = (link: string): Email =>
  email(
    'Confirm your new email address',
    'Open this link to make this the address of your token-hub account:',
    link,
    'It works once, within 24 hours. If you did not request it, delete this email: nothing changes.',
  );

export const addressAskedEmail = (forgot: string): Email =>
  email(
    'Your email address is about to change',
    'Someone who is logged in to your token-hub account asked for another email address. It changes when that address is confirmed.',
    `If it was not you, set a new password at once, which logs everyone out: ${forgot}`,
  );

export const addressChangedEmail = (): Email =>
  email(
    'Your email address was changed',
    'The email address of your token-hub account was changed. From now on you log in with the new one, and emails go there.',
    'If it was not you, write to the operator of this service.',
  );

export const secondFactorEmail = (on: boolean): Email =>
  email(
    on ? 'Your second factor is on' : 'Your second factor is off',
    on
      ? 'From now on, logging in to your token-hub account needs a code of your app, or one of your recovery codes.'
      : 'From now on, your password alone logs you in to token-hub.',
    'If it was not you, set a new password at once and write to the operator of this service.',
  );

export const googleLinkedEmail = (): Email =>
  email(
    'A Google account was linked',
    'From now on, a Google account logs you in to token-hub, too. You see it among your settings, where you can unlink it.',
    'If it was not you, set a new password at once and write to the operator of this service.',
  );

export const deletedEmail = (): Email =>
  email(
    'Your account was deleted',
    'Your token-hub account is closed, its keys have stopped, and what was kept about you is deleted.',
    'The ledger of what was bought and used stays, as the law asks; it does not hold your name or address.',
  );
