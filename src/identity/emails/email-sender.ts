import { Injectable } from '@nestjs/common';
import { laidOut, type Letter, Mailer, PublicUrl } from '../../platform/mail/index.js';
import { Background } from '../defences/background.js';
import { languageOf, type User } from '../users/user.js';
import { type Emails, EMAILS } from './emails.js';

/** The pages that emails link to. */
const PAGES = {
  login: '/login',
  forgot: '/forgot',
  verify: '/verify',
  reset: '/reset',
  confirmEmail: '/confirm-email',
} as const;

/** Sends emails to users, in their language. */
@Injectable()
export class EmailSender {
  constructor(
    private readonly mailer: Mailer,
    private readonly publicUrl: PublicUrl,
    private readonly background: Background,
  ) {}

  /** Where somebody goes who has an account, or has to defend it. */
  get links(): { readonly login: string; readonly forgot: string } {
    return { login: this.link('login'), forgot: this.link('forgot') };
  }

  /** The URL of a page, with the secret that the page needs. */
  link(page: keyof typeof PAGES, token?: string): string {
    return this.publicUrl.link(token === undefined ? PAGES[page] : `${PAGES[page]}?token=${token}`);
  }

  /** Nobody waits for the email. If it can't be sent, that is logged, and its user can request another one. */
  send(user: User, write: (emails: Emails) => Letter, to = user.email): void {
    const language = languageOf(user);
    const email = laidOut(write(EMAILS[language]), language);
    this.background.run('sending a mail', () => this.mailer.send({ to, ...email }));
  }
}
