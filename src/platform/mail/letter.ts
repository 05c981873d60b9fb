// How every mail looks: what it says stands in one layout, as a page and as plain text.
import { html, type Html } from '../http/html-page.js';
import type { Language } from './language.js';
import type { Mail } from './mailer.js';

/** Where the reader can go on, and in which words. */
export interface LetterLink {
  readonly label: string;
  readonly url: string;
}

/** What a mail says. A text is a paragraph, whose lines stay lines; nothing in it is markup. What is undefined is left out. */
export interface Letter {
  readonly subject: string;
  readonly body: readonly (string | LetterLink | undefined)[];
}

/** Writes a letter in the reader's language. */
export type Written = (language: Language) => Letter;

const FOOTER: Readonly<Record<Language, string>> = {
  en: 'This email was sent by token-hub. Replies to it are not read.',
  zh: '此邮件由 token-hub 自动发送，请勿回复。',
};

/** Mail programs read styles on elements only (https://www.caniemail.com/features/html-style/), so they stand there. */
const STYLE = {
  page: 'margin:0;padding:24px 12px;background-color:#f4f5f7',
  card: 'max-width:560px;margin:0 auto;padding:28px 32px;background-color:#ffffff;border:1px solid #d9dde3;border-radius:12px;color:#1c2128;font-family:system-ui,-apple-system,Segoe UI,Roboto,PingFang SC,Microsoft YaHei,sans-serif;font-size:16px;line-height:1.55',
  brand: 'margin:0 0 20px;font-weight:700;font-size:18px;color:#3b5bdb',
  title: 'margin:0 0 16px;font-size:21px;line-height:1.3',
  paragraph: 'margin:0 0 16px;white-space:pre-line;overflow-wrap:anywhere;word-break:break-word',
  button:
    'display:inline-block;padding:11px 20px;background-color:#3b5bdb;border-radius:8px;color:#ffffff;font-weight:600;text-decoration:none',
  address: 'margin:0 0 16px;font-size:13px;color:#4a5563;overflow-wrap:anywhere;word-break:break-all',
  footer: 'margin:24px 0 0;padding-top:16px;border-top:1px solid #d9dde3;font-size:13px;color:#4a5563',
} as const;

/** A letter in the layout of all mails. The whole address of a link is always there to be read. */
export function laidOut({ subject, body }: Letter, language: Language): Pick<Mail, 'subject' | 'text' | 'html'> {
  const blocks = body.filter((block) => block !== undefined);
  const text = [...blocks.map(textOf), `-- \n${FOOTER[language]}`].join('\n\n');
  const page = html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${subject}</title>
      </head>
      <body style="${STYLE.page}">
        <div style="${STYLE.card}">
          <p style="${STYLE.brand}">token-hub</p>
          <h1 style="${STYLE.title}">${subject}</h1>
          ${blocks.map(markupOf)}
          <p style="${STYLE.footer}">${FOOTER[language]}</p>
        </div>
      </body>
    </html> `;
  return { subject, text: `${text}\n`, html: page.markup };
}

const textOf = (block: string | LetterLink): string =>
  typeof block === 'string' ? block : `${block.label}: ${block.url}`;

const markupOf = (block: string | LetterLink): Html =>
  typeof block === 'string'
    ? html`<p style="${STYLE.paragraph}">${block}</p>`
    : html`<p style="${STYLE.paragraph}"><a href="${block.url}" style="${STYLE.button}">${block.label}</a></p>
        <p style="${STYLE.address}">${block.url}</p>`;
