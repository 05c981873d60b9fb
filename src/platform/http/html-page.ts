// Small pages that the gateway renders itself. They run no script, load nothing, and can be put in no frame.
import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** Markup that is safe to send: made by `html` only. */
export class Html {
  constructor(readonly markup: string) {}
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

type Part = string | Html | undefined | readonly Html[];
const markupOf = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  return part instanceof Html ? part.markup : part.map(({ markup }) => markup).join('');
};

/** A template of markup: what is put in is text and is escaped, unless it was made by `html` itself. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(texts.map((text, index) => text + markupOf(parts[index])).join(''));

const STYLE = `:root{color-scheme:light dark}body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f4f5f7;color:#1c2128}
main{box-sizing:border-box;max-width:27rem;margin:12vh auto 2rem;padding:2rem;background:#fff;border:1px solid #d9dde3;border-radius:12px}
.brand{margin:0 0 1.5rem;font-weight:600;color:#4a5563}h1{margin:0 0 .75rem;font-size:1.4rem;line-height:1.25}p{margin:0 0 1rem;overflow-wrap:anywhere}
:focus-visible{outline:3px solid #7aa7ff;outline-offset:2px}a{color:#1f5fd6}
dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.25rem;margin:0 0 1.25rem}dt,.hint{color:#4a5563}dd{margin:0;overflow-wrap:anywhere}
.hint{font-size:.9rem}
@media(prefers-color-scheme:dark){body{background:#15181d;color:#e6e9ee}main{background:#1d2127;border-color:#333a44}.brand,.hint,dt{color:#a8b1bd}
a{color:#8ab4ff}}
@media(max-width:30rem){main{margin:0;min-height:100vh;border:0;border-radius:0}}`;

/** Whole: its hash covers every space between the tags. */
const STYLE_SHEET = new Html(`<style>${STYLE}</style>`);

/** Content Security Policy Level 3 (W3C): the one style sheet by its hash, forms to ourselves, nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Sends a page. Its address may hold a secret: no other site is told it, and nobody keeps a copy. */
export function sendPage(reply: FastifyReply, title: string, content: Html): void {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · token-hub</title>
        ${STYLE_SHEET}
      </head>
      <body>
        <main>
          <p class="brand">token-hub</p>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
  void reply
    .status(200)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .send(page.markup);
}
