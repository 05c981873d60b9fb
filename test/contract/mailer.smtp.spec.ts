import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { SmtpMailer } from '../../src/adapters/mail/smtp-mailer.js';
import { type Mail, MailNotSent } from '../../src/mail/index.js';
import { mailerContract } from './mailer.contract.js';

const FROM = 'token-hub <hub@example.com>';

interface Server {
  readonly url: string;
  readonly mails: Mail[];
  close(): Promise<void>;
}

/** An SMTP server that takes every message, or none. */
async function startServer(refuses = false): Promise<Server> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      void (async () => {
        const { subject = '', text = '' } = await simpleParser(stream);
        const to = envelope.rcptTo.map(({ address }) => address).join();
        if (!refuses) mails.push({ to, subject, text });
        done(refuses ? Object.assign(new Error(`no room for ${text}`), { responseCode: 552 }) : null);
      })();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  return { url: `smtp://127.0.0.1:${port}`, mails, close };
}

mailerContract('SMTP', async () => {
  const server = await startServer();
  const mailer = new SmtpMailer(server.url, FROM);
  return {
    mailer,
    arrived: async () => server.mails,
    async close() {
      mailer.close();
      await server.close();
    },
  };
});

describe('a message that can’t be handed over', () => {
  const mail = { to: 'ada@example.com', subject: 'Hello', text: 'https://hub.example.com/secret' };

  it('is an error that quotes neither the message nor the server’s words', async () => {
    const server = await startServer(true);
    const mailer = new SmtpMailer(server.url, FROM);
    const error = await mailer.send(mail).catch((reason: unknown) => reason);
    mailer.close();
    await server.close();
    expect(error).toBeInstanceOf(MailNotSent);
    expect(String(error)).toContain('552');
    expect(String(error)).not.toMatch(/secret|ada@/);
  });

  it('is the same when no server is there', async () => {
    const server = await startServer();
    await server.close();
    const mailer = new SmtpMailer(server.url, FROM);
    await expect(mailer.send(mail)).rejects.toThrow(MailNotSent);
    mailer.close();
  });
});
