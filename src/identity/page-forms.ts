// How the pages read their forms, and show what a person can mend.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, html, type Html, sendPage } from '../http/index.js';
import { Refused } from '../kernel/index.js';
import { faultContent } from './pages.js';

/** The fields of a form (application/x-www-form-urlencoded, WHATWG URL Standard, section 5). */
export const formOf = ({ body }: FastifyRequest): Readonly<Record<string, string>> =>
  Buffer.isBuffer(body) ? Object.fromEntries(new URLSearchParams(body.toString('utf8'))) : {};

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
