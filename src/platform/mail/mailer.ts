/** A message. Its plain text is readable everywhere and says all that the page says. */
export interface Mail {
  /** Exactly one address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same as a page. */
  readonly html?: string;
  /** The same id for a message that is sent again, so that mail programs show it once (RFC 5322, section 3.6.4). Letters, digits and hyphens. */
  readonly id?: string;
}

/** The message could not be handed over; it may work later. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
}

/** Sends mail. The contract is executable: test/contract/mailer.contract.ts. */
export abstract class Mailer {
  /** Resolves when the message was handed over. @throws MailNotSent; RangeError for an address or subject that no header can carry */
  abstract send(mail: Mail): Promise<void>;

  /** Closes the connections that it keeps, if it keeps any. */
  close(): void {}
}

const ONE_ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;
const CONTROL = /\p{Cc}/u;

/** Line breaks in a header would begin another one (RFC 5322, section 2.2). @throws RangeError */
export function checkHeaders({ to, subject }: Mail): void {
  if (!ONE_ADDRESS.test(to) || CONTROL.test(to)) throw new RangeError('this is not one email address');
  if (CONTROL.test(subject)) throw new RangeError('a subject is one line without control characters');
}
