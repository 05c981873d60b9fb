import { Injectable } from '@nestjs/common';
import { type Mail, Mailer, PublicUrl } from '../../platform/mail/index.js';
import { Background } from '../defences/background.js';

/** The pages that emails link to. */
const PAGES = {
  login: '/login',
  forgot: '/forgot',
  verify: '/verify',
  reset: '/reset',
  confirmEmail: '/confirm-email',
} as const;

/** Sends emails to users. */
@Injectable()
export class EmailSender {
  constructor(
    private readonly mailer: Mailer,
    private readonly publicUrl: PublicUrl,
    private readonly background: Background,
  ) {}

  /** The URL of a page, with the secret that the page needs. */
  link(page: keyof typeof PAGES, token?: string): string {
    return this.publicUrl.link(token === undefined ? PAGES[page] : `${PAGES[page]}?token=${token}`);
  }

  /** Nobody waits for the email. If it can't be sent, that is logged, and its user can request another one. */
  send(to: string, email: Omit<Mail, 'to'>): void {
    this.background.run('sending a mail', () => this.mailer.send({ to, ...email }));
  }
}
