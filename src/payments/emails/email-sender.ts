import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Collection, DocumentStore } from '../../platform/documents/index.js';
import { GetUser, languageOf, type User } from '../../identity/index.js';
import { Clock, type JsonObject, Refused, toInstant } from '../../kernel/index.js';
import { laidOut, type Language, type Letter, Mailer } from '../../platform/mail/index.js';

interface Claim extends JsonObject {
  readonly sent: boolean;
  /** When the right of the claiming gateway to send it ends, in epoch milliseconds. */
  readonly until: number;
  readonly at: string;
}

const CLAIMS: Collection<Claim> = { name: 'letters-1', unique: [], indexes: ['at'] };
/** Longer than a delivery to the mail server can take. */
const CLAIM_MS = 120_000;

/**
 * Sends emails to the owners of accounts, customers and staff alike, in their language, each once by its id, whichever gateway tries. When a gateway crashes on the way, its claim expires
 * and the email is sent again, with the same Message-ID, so that mail programs show it once.
 */
@Injectable()
export class EmailSender {
  constructor(
    private readonly documents: DocumentStore,
    private readonly queries: QueryBus,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  /** Whether nothing is left to do: the email was sent, or the account has no owner. @throws MailNotSent, RangeError, DocumentsUnavailable */
  async send(emailId: string, accountId: string, write: (language: Language) => Letter): Promise<boolean> {
    const now = this.clock.now();
    const before = await this.documents.get(CLAIMS, emailId);
    if (before?.doc.sent) return true;
    if (before !== undefined && before.doc.until > now) return false; // another gateway is sending it
    const owner = await this.#ownerOf(accountId);
    if (owner === undefined) return true;
    const language = languageOf(owner);
    const claim = { sent: false, until: now + CLAIM_MS, at: toInstant(now) };
    const isOurs = await (before === undefined
      ? this.documents.insert(CLAIMS, emailId, claim)
      : this.documents.replace(CLAIMS, before, claim));
    if (!isOurs) return false;
    const ours = { id: emailId, version: (before?.version ?? 0) + 1 };
    try {
      await this.mailer.send({ to: owner.email, ...laidOut(write(language), language), id: emailId });
    } catch (error) {
      await this.documents.replace(CLAIMS, ours, { ...claim, until: 0 });
      throw error;
    }
    await this.documents.replace(CLAIMS, ours, { ...claim, sent: true });
    return true;
  }

  /** Deletes claims from before an instant. */
  async forgetBefore(at: string): Promise<void> {
    await this.documents.remove(CLAIMS, { below: { at } });
  }

  /** Undefined for an account without an owner, or whose owner has left. */
  async #ownerOf(accountId: string): Promise<User | undefined> {
    try {
      return (await this.queries.execute(new GetUser({ accountId }))).user;
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }
}
