import { describe, expect, it } from 'vitest';
import { SmtpMailer } from '../../src/adapters/mail/smtp-mailer.js';
import { laidOut, MailNotSent } from '../../src/platform/mail/index.js';
import { startSmtpServer } from '../support/mail/smtp-server.js';
import { mailerContract } from './mailer.contract.js';

const FROM = 'token-hub <hub@example.com>';

mailerContract('SMTP', async () => {
  const server = await startSmtpServer();
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

it('a letter arrives as a page and as text, in the reader’s language', async () => {
  const server = await startSmtpServer();
  const mailer = new SmtpMailer(server.url, FROM);
  const link = 'https://hub.example.com/verify?token=x&a=1';
  const letter = { subject: '请确认您的邮箱', body: ['还差 <一步>。', undefined, { label: '确认邮箱', url: link }] };
  await mailer.send({ to: 'ada@example.com', ...laidOut(letter, 'zh') });
  mailer.close();
  await server.close();
  const [mail] = server.mails;
  expect(mail?.subject).toBe(letter.subject);
  expect(mail?.text).toContain(`还差 <一步>。\n\n确认邮箱: ${link}\n`);
  expect(mail?.html).toContain('<html lang="zh-CN">');
  expect(mail?.html).toContain('还差 &lt;一步&gt;。');
  expect(mail?.html).toContain(`href="${link.replace('&', '&amp;')}"`);
  // Mail programs read styles on elements only, and nothing is loaded from elsewhere.
  expect(mail?.html).not.toMatch(/<style|<link|<img|<script/);
});

it('a message that is sent again is the same one to mail programs', async () => {
  const server = await startSmtpServer();
  const mailer = new SmtpMailer(server.url, FROM);
  const mail = { to: 'ada@example.com', subject: 'Hello', text: 'x' };
  for (const id of ['event-1', 'event-1', undefined]) await mailer.send({ ...mail, ...(id && { id }) });
  mailer.close();
  await server.close();
  const [first, again, other] = server.messageIds;
  expect([first, again]).toEqual(['<event-1@example.com>', '<event-1@example.com>']);
  expect(other).toMatch(/^<.+@example\.com>$/);
});

describe('a message that can’t be handed over', () => {
  const mail = { to: 'ada@example.com', subject: 'Hello', text: 'https://hub.example.com/secret' };

  it('is an error that quotes neither the message nor the server’s words', async () => {
    const server = await startSmtpServer(() => true);
    const mailer = new SmtpMailer(server.url, FROM);
    const error = await mailer.send(mail).catch((reason: unknown) => reason);
    mailer.close();
    await server.close();
    expect(error).toBeInstanceOf(MailNotSent);
    expect(String(error)).toContain('552');
    expect(String(error)).not.toMatch(/secret|ada@/);
  });

  it('is the same when no server is there', async () => {
    const server = await startSmtpServer();
    await server.close();
    const mailer = new SmtpMailer(server.url, FROM);
    await expect(mailer.send(mail)).rejects.toThrow(MailNotSent);
    mailer.close();
  });
});
