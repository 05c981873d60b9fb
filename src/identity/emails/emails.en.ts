// The emails about a person's own account, in English. They say what happened, and what to do if it was someone else.
import type { Letter } from '../../platform/mail/index.js';

interface Links {
  readonly login: string;
  readonly forgot: string;
}

const NOT_YOU = 'If it was not you, set a new password at once and write to the operator of this service.';

export const en = {
  verification: (link: string): Letter => ({
    subject: 'Confirm your email address',
    body: [
      'Confirm your email address to start using token-hub.',
      { label: 'Confirm your address', url: link },
      'The link works once, within 24 hours. If you did not just register with a password of your own, delete this email: without its link, nobody can log in.',
    ],
  }),

  knownAddress: ({ login, forgot }: Links): Letter => ({
    subject: 'You have an account already',
    body: [
      'Someone, probably you, asked for a token-hub account with this address. It has one already.',
      { label: 'Log in', url: login },
      'If you have forgotten the password, ask for a link to set a new one.',
      { label: 'Set a new password', url: forgot },
      'If it was not you, you need not do anything: nothing has changed.',
    ],
  }),

  reset: (link: string): Letter => ({
    subject: 'Set a new password',
    body: [
      'You can set a new password for token-hub.',
      { label: 'Set a new password', url: link },
      'The link works once, within an hour, and logs you out everywhere. If you did not request it, delete this email: your password stays as it is.',
    ],
  }),

  passwordChanged: ({ forgot }: Links): Letter => ({
    subject: 'Your password was changed',
    body: [
      'The password of your token-hub account was changed just now, and every other session was ended.',
      'If it was not you, set a new one at once.',
      { label: 'Set a new password', url: forgot },
    ],
  }),

  newAddress: (link: string): Letter => ({
    subject: 'Confirm your new email address',
    body: [
      'Make this the address of your token-hub account.',
      { label: 'Use this address', url: link },
      'The link works once, within 24 hours. If you did not request it, delete this email: nothing changes.',
    ],
  }),

  addressAsked: ({ forgot }: Links): Letter => ({
    subject: 'Your email address is about to change',
    body: [
      'Someone who is logged in to your token-hub account asked for another email address. It changes when that address is confirmed.',
      'If it was not you, set a new password at once, which logs everyone out.',
      { label: 'Set a new password', url: forgot },
    ],
  }),

  addressChanged: (): Letter => ({
    subject: 'Your email address was changed',
    body: [
      'The email address of your token-hub account was changed. From now on you log in with the new one, and emails go there.',
      'If it was not you, write to the operator of this service.',
    ],
  }),

  secondFactorOn: (): Letter => ({
    subject: 'Your second factor is on',
    body: [
      'From now on, logging in to your token-hub account needs a code of your app, or one of your recovery codes.',
      NOT_YOU,
    ],
  }),

  secondFactorOff: (): Letter => ({
    subject: 'Your second factor is off',
    body: ['From now on, your password alone logs you in to token-hub.', NOT_YOU],
  }),

  googleLinked: (): Letter => ({
    subject: 'A Google account was linked',
    body: [
      'From now on, a Google account logs you in to token-hub, too. You see it in your account, where you can unlink it.',
      NOT_YOU,
    ],
  }),

  deleted: (): Letter => ({
    subject: 'Your account was deleted',
    body: [
      'Your token-hub account is closed, its keys have stopped, and what was kept about you is deleted.',
      'The ledger of what was bought and used stays, as the law asks; it does not hold your name or address.',
    ],
  }),
};
