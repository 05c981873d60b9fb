import { Injectable } from '@nestjs/common';
import { type Mail, Mailer, PublicUrl } from '../../platform/mail/index.js';
import { Background } from '../defences/background.js';

/** Pages that mails link to. */
const PAGES = {
  login: '/login',
  forgot: '/forgot',
  verify: '/verify',
  reset: '/reset',
  confirmEmail: '/confirm-email',
} as const;

/** Sends letters to people. */
@Injectable()
export class EmailSender {
  constructor(
    private readonly mailer: Mailer,
    private readonly publicUrl: PublicUrl,
    private readonly background: Background,
  ) {}

  /** The address of a page, with the secret that it takes. */
  link(page: keyof typeof PAGES, token?: string): string {
    return this.publicUrl.link(token === undefined ? PAGES[page] : `${PAGES[page]}?token=${token}`);
  }

  /** Nobody waits for it; a letter that can't be sent is logged, and asked for again by who misses it. */
  send(to: string, email: Omit<Mail, 'to'>): void {
    this.background.run('sending a mail', () => this.mailer.send({ to, ...email }));
  }
}
