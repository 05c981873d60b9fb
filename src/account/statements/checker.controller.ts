import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '#openapi';
import type { FastifyReply } from 'fastify';
import { Access } from '../../platform/http/index.js';

const FILE = 'checker/statement-checker.html';

interface Page {
  readonly html: string;
  readonly policy: string;
}

/** The page that checks a statement in a browser, alone: what a customer saves and opens without us. */
@Controller()
@ApiExcludeController()
@Access('anyone')
export class CheckerController {
  #page: Page | undefined;

  @Get('statement-checker.html')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'public, max-age=3600')
  @Header('x-content-type-options', 'nosniff')
  show(@Res({ passthrough: true }) reply: FastifyReply): string {
    const { html, policy } = (this.#page ??= readPage());
    reply.header('content-security-policy', policy);
    return html;
  }
}

function readPage(): Page {
  const html = readFileSync(join(dirname(findPackageJSON(import.meta.url) ?? ''), FILE), 'utf8');
  return { html, policy: policyOf(html) };
}

/** Content Security Policy Level 3 (W3C): the scripts and the style sheet of the page by their hashes, and no connection to anywhere. */
function policyOf(html: string): string {
  const hashesOf = (tag: string): string =>
    [...html.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 'gs'))]
      .map(([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`)
      .join(' ');
  return [
    "default-src 'none'",
    `script-src ${hashesOf('script')}`,
    `style-src ${hashesOf('style')}`,
    'img-src data:',
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
