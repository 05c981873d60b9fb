import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { Mail } from '../../../src/platform/mail/index.js';

export interface TestSmtpServer {
  readonly url: string;
  /** What it has taken, oldest first. */
  readonly mails: Mail[];
  /** Of each of them. */
  readonly messageIds: string[];
  close(): Promise<void>;
}

/** An SMTP server that takes every message, but those that `refuses` names: it answers with their text. */
export async function startSmtpServer(refuses: (mail: Mail) => boolean = () => false): Promise<TestSmtpServer> {
  const mails: Mail[] = [];
  const messageIds: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      void (async () => {
        const { subject = '', text = '', html, messageId = '' } = await simpleParser(stream);
        const mail = {
          to: envelope.rcptTo.map(({ address }) => address).join(),
          subject,
          text,
          ...(html !== false && { html }),
        };
        const refused = refuses(mail);
        if (!refused) {
          mails.push(mail);
          messageIds.push(messageId);
        }
        done(refused ? Object.assign(new Error(`no room for ${mail.to} ${text}`), { responseCode: 552 }) : null);
      })();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  return { url: `smtp://127.0.0.1:${port}`, mails, messageIds, close };
}
