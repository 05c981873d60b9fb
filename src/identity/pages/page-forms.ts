// How the pages read their forms, and show what a person can mend.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, faultContent, html, type Html, invalidRequest, sendPage } from '../../platform/http/index.js';
import { Refused } from '../../kernel/index.js';

/** Far more than any form here has: to take thousands apart costs far more than to read their bytes. */
const MOST_FIELDS = 100;

/** The fields of a form (application/x-www-form-urlencoded, WHATWG URL Standard, section 5). @throws ApiError 400 for too many */
export function formOf({ body }: Pick<FastifyRequest, 'body'>): Readonly<Record<string, string>> {
  if (!Buffer.isBuffer(body)) return {};
  const form = body.toString('utf8');
  if (form.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) throw invalidRequest('The form has too many fields.');
  return Object.fromEntries(new URLSearchParams(form));
}

/** Shows what a person can mend as a page: with the form again, where there is one that still can be sent. */
export async function orFault(
  reply: FastifyReply,
  title: string,
  work: () => Promise<void>,
  form?: () => Promise<Html> | Html,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof ApiError)) throw error;
    const again = await Promise.resolve(form?.()).catch(() => undefined);
    const status = error instanceof Refused && error.rejection.code === 'rate_limit_exceeded' ? 429 : 400;
    sendPage(reply, status, title, html`${faultContent(error.message)}${again}`);
  }
}
