import { createTransport, type Transporter } from 'nodemailer';
import { checkHeaders, type Mail, Mailer, MailNotSent } from '../../platform/mail/index.js';

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 20_000;

/** Hands messages to an SMTP server. */
export class SmtpMailer extends Mailer {
  readonly #transport: Transporter;
  readonly #domain: string;

  /** `url` is `smtp://…` or `smtps://user:password@host:port`; `from` is the sender of all messages. */
  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.#domain = /@([^\s@>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
    this.#transport = createTransport(url, {
      pool: true,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    } as Parameters<typeof createTransport>[1]);
  }

  override async send(mail: Mail): Promise<void> {
    checkHeaders(mail);
    const { to, subject, text, html, id } = mail;
    const messageId = id === undefined ? {} : { messageId: `<${id}@${this.#domain}>` };
    try {
      await this.#transport.sendMail({ from: this.from, to, subject, text, html, ...messageId });
    } catch (error) {
      // The server's own words may quote the message, so only its answer code is passed on.
      const { code = 'unknown', responseCode = '' } = error as { code?: string; responseCode?: number };
      throw new MailNotSent(`the SMTP server did not take the message (${code} ${responseCode})`.replace(' )', ')'));
    }
  }

  override close(): void {
    this.#transport.close();
  }
}
