/** A message in plain text: what it says must be readable everywhere, and its links must be visible. */
export interface Mail {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The message could not be handed over; it may work later. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
}

/** Sends mail. */
export abstract class Mailer {
  /** Resolves when the message was handed over. @throws MailNotSent; RangeError for an address or subject that no header can carry */
  abstract send(mail: Mail): Promise<void>;
}
