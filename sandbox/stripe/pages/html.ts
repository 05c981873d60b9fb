// The sandbox's pages have no script, no image, and nothing from other sites.
import { createHash } from 'node:crypto';
import { STYLE } from './style.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe in HTML, in attributes too. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** Marks text as safe; made by `html`. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = string | number | Html | readonly Html[] | undefined;

/** A template whose values are escaped, unless they are HTML already. */
export const html = (texts: TemplateStringsArray, ...values: readonly Piece[]): Html =>
  new Html(texts.map((text, index) => text + textOf(values[index])).join(''));

function textOf(value: Piece): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escaped(String(value));
}

export const document = (title: string, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Stripe sandbox</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <p class="banner" role="note"><strong>SANDBOX</strong> This is not Stripe, and no money moves.</p>
        ${body}
      </body>
    </html>`.text;

// In one piece: an extra space within the element would change its hash.
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The content security policy of a page. A form's redirect counts as its action, so its target sites are named. */
export function headersOf(leadsTo: readonly string[] = []): Record<string, string> {
  const origins = leadsTo.map((url) => new URL(url).origin).filter((origin) => origin !== 'null');
  const csp = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    `form-action ${["'self'", ...new Set(origins)].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    'cache-control': 'no-store',
    'content-security-policy': csp,
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

const SIGNS: Readonly<Record<string, string>> = { usd: '$', cny: 'CN¥' };

/** Minor units for display: $10.00. Both currencies of the sandbox have two decimals. */
export function money(minor: number, currency: string): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  const major = digits.slice(0, -2).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return `${minor < 0 ? '−' : ''}${SIGNS[currency] ?? `${currency.toUpperCase()} `}${major}.${digits.slice(-2)}`;
}
