// The mail that a gateway has sent, as its sandbox mailbox shows it to everybody.
import type { Mail } from '../../../src/platform/mail/index.js';
import { jsonOf, request } from './calls.js';

import { until } from './until.js';

/** A gateway, in this process or another. */
export interface Reachable {
  readonly url: string;
}

/** The newest last. */
export async function mailsTo({ url }: Reachable, email: string): Promise<readonly Mail[]> {
  const { data } = jsonOf(await request(`${url}/sandbox/mailbox/messages.json`));
  return (data as unknown as Mail[]).filter(({ to }) => to === email).toReversed();
}

/** The `nth` mail with this subject, once it has been sent. */
export const mailTo = (gateway: Reachable, email: string, subject: string, nth = 1): Promise<Mail> =>
  until(
    `a mail "${subject}" to ${email}`,
    async () => (await mailsTo(gateway, email)).filter((mail) => mail.subject === subject)[nth - 1],
  );

/** The secret of the link in a mail. */
export const tokenIn = ({ text }: Mail): string => /\?token=([\w-]{43})/.exec(text)?.[1] ?? '';
