import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../platform/mail/index.js';
import { EMAILS, type Emails } from './emails.js';

const LINK = 'https://hub.example/verify?token=x';
const LINKS = { login: 'https://hub.example/login', forgot: 'https://hub.example/forgot' };

/** Every email, with the addresses that it names. */
const WRITTEN: Readonly<Record<keyof Emails, readonly [(emails: Emails) => ReturnType<Emails['reset']>, string[]]>> = {
  verification: [({ verification }) => verification(LINK), [LINK]],
  knownAddress: [({ knownAddress }) => knownAddress(LINKS), [LINKS.login, LINKS.forgot]],
  reset: [({ reset }) => reset(LINK), [LINK]],
  passwordChanged: [({ passwordChanged }) => passwordChanged(LINKS), [LINKS.forgot]],
  newAddress: [({ newAddress }) => newAddress(LINK), [LINK]],
  addressAsked: [({ addressAsked }) => addressAsked(LINKS), [LINKS.forgot]],
  addressChanged: [({ addressChanged }) => addressChanged(), []],
  secondFactorOn: [({ secondFactorOn }) => secondFactorOn(), []],
  secondFactorOff: [({ secondFactorOff }) => secondFactorOff(), []],
  googleLinked: [({ googleLinked }) => googleLinked(), []],
  deleted: [({ deleted }) => deleted(), []],
};

describe.each(LANGUAGES)('the emails in %s', (language) => {
  it.each(Object.entries(WRITTEN))('%s leads to where one can act', (_name, [write, links]) => {
    const { subject, body } = write(EMAILS[language]);
    expect(/\p{Script=Han}/u.test(subject)).toBe(language === 'zh');
    expect(body.flatMap((block) => (typeof block === 'object' ? [block.url] : []))).toEqual(links);
  });
});
