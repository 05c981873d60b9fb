// The one page of the dashboard: its scripts, which are files, show what its address asks for.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** What the build leaves where the value of this answer goes (dashboard/vite.config.ts). */
const PLACEHOLDER = 'CSP_NONCE';
const NONCE_BYTES = 16;

/**
 * Content Security Policy Level 3 (W3C). Mantine writes style elements, which carry the nonce; images are ours or data: as its icons are.
 * What is not named, such as frames, objects and workers, is refused.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

@Injectable()
export class DashboardPage {
  readonly #path = createRequire(import.meta.url).resolve('#dashboard');
  #parts: readonly string[] | undefined;

  /** Where the files of the dashboard are. */
  get folder(): string {
    return dirname(this.#path);
  }

  /** Its address may hold a secret, as a mailed link does: no other site is told it. */
  send(reply: FastifyReply): void {
    this.#parts ??= readFileSync(this.#path, 'utf8').split(PLACEHOLDER);
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    void reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy(nonce),
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        vary: 'accept',
      })
      .send(this.#parts.join(nonce));
  }
}
